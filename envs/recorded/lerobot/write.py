"""A new data set of LeRobot v3.0: the whole folder appears at the end; a killed writer resumes."""
import hashlib
import json
import zlib
from pathlib import Path

import numpy as np

from envs.recorded.lerobot.new_episode import NewEpisode, check_new
from envs.recorded.lerobot.part import EPISODES, Part, write_part
from envs.recorded.lerobot.statistics import combined
from envs.recorded.lerobot.tables import batches, open_table
from envs.recorded.lerobot.write_tables import features_of
from utils.unfinished import staged
from utils.whole_files import write_whole

_FRAMES = 1000      # of a part, so that a file stays near the 100 MB of LeRobot's own


def write_set(folder, episodes: list[NewEpisode], layout, facts=()):
    """Writes a data set; what an interrupted call has finished is kept in `NAME.partial` beside it.

    Args:
        folder: of the new data set; must not exist.
        episodes: in the order of their numbers; their frames are read one part after the other.
        layout: the `Layout`.
        facts: JSON values that the frames depend on; a folder of other ones is not resumed.

    Raises:
        UserError: an episode is invalid; or as of `staged`.
    """
    folder = Path(folder)
    check_new(folder, episodes, layout)
    tasks = list(dict.fromkeys(episode.task for episode in episodes))
    with staged(folder, {'format': 'lerobot', 'layout': layout, 'facts': facts,
                         'episodes': _digest(episodes)}) as partial:
        for part in _parts(episodes, tasks):
            if not (partial / part.path(EPISODES)).is_file():
                write_part(partial, part, layout)
        _write_meta(partial, episodes, tasks, layout)


def _digest(episodes):
    """A text that differs if the numbers of the episodes do."""
    contents = []
    for episode in episodes:
        arrays = {'action': episode.actions, **episode.vectors}
        arrays |= {} if episode.rewards is None else {'next.reward': episode.rewards}
        contents.append([episode.task, episode.success,
                         [[name, zlib.crc32(values.tobytes())] for name, values in arrays.items()]])
    return hashlib.sha256(json.dumps(contents).encode()).hexdigest()


def _parts(episodes, tasks):
    """Yields the `Part`s of the data set."""
    numbers, index, first, frames = {task: number for number, task in enumerate(tasks)}, 0, 0, 0
    group = []
    for number, episode in enumerate(episodes):
        length = len(episode.actions)
        if group and frames + length > _FRAMES:
            yield Part(index, group)
            index, group, frames = index + 1, [], 0
        group.append((episode, number, numbers[episode.task], first))
        first, frames = first + length, frames + length
    yield Part(index, group)


def _write_meta(staging, episodes, tasks, layout):
    """Writes the files of `meta` that are about the whole data set."""
    import pandas
    features = features_of(episodes[0], layout)
    table = pandas.DataFrame({'task_index': range(len(tasks))}, index=pandas.Index(tasks, name='task'))
    write_whole(staging / 'meta/tasks.parquet', table.to_parquet)
    stats = {name: {key: np.asarray(value).tolist() for key, value in values.items()}
             for name, values in _all_statistics(staging, features).items()}
    _write_json(staging / 'meta/stats.json', stats)
    videos = 'videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4'
    _write_json(staging / 'meta/info.json', {
        'codebase_version': 'v3.0', 'robot_type': layout.robot, 'total_episodes': len(episodes),
        'total_frames': sum(len(episode.actions) for episode in episodes), 'total_tasks': len(tasks),
        'chunks_size': 1000, 'data_files_size_in_mb': 100, 'video_files_size_in_mb': 200, 'fps': layout.fps,
        'splits': {'train': f'0:{len(episodes)}'},
        'data_path': 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet',
        'video_path': videos if layout.encoding != 'png' else None,
        'features': features})


def _all_statistics(staging, features):
    """{column: its statistics over all episodes}, from those of each episode."""
    rows = {name: [] for name in features}
    for path in sorted((staging / 'meta/episodes').glob('*/*.parquet')):
        table = open_table(path)
        names = [name for name in table.schema_arrow.names if name.startswith('stats/')]
        for batch in batches(table, names, path):
            for row in batch.to_pylist():
                for column in rows:
                    prefix = f'stats/{column}/'
                    rows[column].append({name.removeprefix(prefix): np.array(row[name])
                                         for name in names if name.startswith(prefix)})
    return {column: combined(parts) for column, parts in rows.items()}


def _write_json(path, value):
    write_whole(path, lambda file: file.write(json.dumps(value, indent=4, ensure_ascii=False).encode()))
