"""Which episodes a data set lists, and in which files and where in them they are."""
from pathlib import Path
from typing import NamedTuple

from envs.recorded.lerobot.json_files import read_json_lines, whole_number
from envs.recorded.lerobot.listing_v30 import located_v30, tasks_v30
from envs.recorded.lerobot.templates import path_in
from utils.foreign.files import ContentError

EPISODES_V21, TASKS_V21 = 'meta/episodes.jsonl', 'meta/tasks.jsonl'


class VideoPart(NamedTuple):
    """Where the frames of an episode are.

    Attributes:
        path: of the video.
        start: presentation time of the first frame, seconds; None if the whole video is the episode.
    """

    path: Path
    start: float | None


class ListedEpisode(NamedTuple):
    """One episode as the metadata list it.

    Attributes:
        index: number of the episode.
        length: T.
        data: path of its parquet file.
        videos: {camera: `VideoPart`} of the requested cameras that are in videos.
    """

    index: int
    length: int
    data: Path
    videos: dict[str, VideoPart]

    @property
    def name(self):
        """The episode's name for people."""
        return f'episode {self.index}'


def read_listing(info, cameras):
    """([`ListedEpisode`] in the order of their numbers, {task_index: task}).

    Args:
        info: the `Info` of the data set.
        cameras: names of the requested cameras whose frames are in videos.

    Raises:
        ContentError: the metadata are missing or invalid.
    """
    if info.version == 'v2.1':
        episodes, tasks = _episodes_v21(info, cameras), _tasks_v21(info.folder)
    else:
        episodes, tasks = _episodes_v30(info, cameras), tasks_v30(info.folder)
    seen = set()
    for episode in episodes:
        if episode.index in seen:
            raise ContentError(f'{info.folder}/meta: {episode.name} is listed twice')
        seen.add(episode.index)
    return sorted(episodes, key=lambda episode: episode.index), tasks


def _episodes_v21(info, cameras):
    path, episodes = info.folder / EPISODES_V21, []
    for label, line in read_json_lines(path):
        index = whole_number(line.get('episode_index'), f'{label}: episode_index')
        length = whole_number(line.get('length'), f'{label}: length', low=1)
        values = {'episode_index': index, 'episode_chunk': index // info.chunks_size}
        episodes.append(_located(info, index, length, values, {camera: (values, None) for camera in cameras}))
    return episodes


def _tasks_v21(folder):
    tasks = {}
    for label, line in read_json_lines(folder / TASKS_V21):
        if not isinstance(line.get('task'), str):
            raise ContentError(f'{label}: expected a task, got {line.get("task")!r:.60}')
        tasks[whole_number(line.get('task_index'), f'{label}: task_index')] = line['task']
    return tasks


def _episodes_v30(info, cameras):
    return [_located(info, *place) for place in located_v30(info.folder, cameras)]


def _located(info, index, length, values, videos):
    """The `ListedEpisode` with the paths of its files."""
    label = f'{info.folder}/meta/info.json'
    data = path_in(info.folder, info.data_path, values, f'{label}: data_path')
    parts = {}
    for camera, (own, start) in videos.items():
        path = path_in(info.folder, info.video_path, own | {'video_key': camera}, f'{label}: video_path')
        parts[camera] = VideoPart(path, start)
    return ListedEpisode(index, length, data, parts)
