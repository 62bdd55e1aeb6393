"""One part of a new data set: a data file, a video of each camera, and the metadata of its episodes."""
from typing import NamedTuple

from envs.recorded.lerobot.encode import checked_frames, write_video
from envs.recorded.lerobot.faults import parquet_library
from envs.recorded.lerobot.new_episode import NewEpisode
from envs.recorded.lerobot.statistics import PixelCounts, statistics
from envs.recorded.lerobot.write_tables import features_of, numbers_of, write_data
from utils.whole_files import write_whole

EPISODES = 'meta/episodes/{place}.parquet'
_DATA = 'data/{place}.parquet'


class Part(NamedTuple):
    """Some episodes in a row.

    Attributes:
        index: number of the part; it is also that of its files.
        episodes: [(`NewEpisode`, its number, number of its task, index of its first frame in the data set)].
    """

    index: int
    episodes: list[tuple[NewEpisode, int, int, int]]

    @property
    def place(self):
        """(chunk_index, file_index) of its files."""
        return divmod(self.index, 1000)

    def path(self, template):
        """The path of one of its files inside the data set."""
        return template.format(place='chunk-{:03d}/file-{:03d}'.format(*self.place))


def write_part(folder, part, layout):
    """Writes the files of a part, each whole; the metadata last, so that they stand for all.

    Args:
        folder: of the data set.
        part: the `Part`.
        layout: the `Layout`.

    Raises:
        UserError: the frames of an episode are invalid.
        OSError: a file cannot be written.
    """
    counts = {camera: [PixelCounts() for _ in part.episodes] for camera in layout.sizes}
    if layout.encoding != 'png':
        for camera in layout.sizes:
            path = folder / part.path(f'videos/{camera}/{{place}}.mp4')
            _write(path, _video(part, camera, layout, counts[camera]))
    rows = [(episode, numbers_of(episode, layout.action, numbers, layout.fps))
            for episode, *numbers in part.episodes]
    features = features_of(part.episodes[0][0], layout)
    _write(folder / part.path(_DATA), lambda file: write_data(file, features, rows, counts, _labels(part)))
    _write(folder / part.path(EPISODES), lambda file: _write_episodes(file, part, layout, rows, counts))


def _write(path, write):
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, write)


def _labels(part):
    return lambda place: f'episode {part.episodes[place][1]}'


def _video(part, camera, layout, counts):
    """The function of a file that fills it with the frames of all episodes of the part."""
    label = _labels(part)

    def frames():
        for place, (episode, *_) in enumerate(part.episodes):
            for batch in checked_frames(episode, camera, layout.sizes[camera], label(place)):
                counts[place].add(batch)
                yield batch

    return lambda file: write_video(file, frames(), layout.sizes[camera], layout.fps, layout.encoding)


def _write_episodes(file, part, layout, rows, counts):
    """Writes the metadata of the episodes of a part."""
    import pyarrow as pa
    (chunk, number), before, table = part.place, 0, []
    for place, (episode, index, _, first) in enumerate(part.episodes):
        length = len(episode.actions)
        row = {'episode_index': index, 'tasks': [episode.task], 'length': length, 'data/chunk_index': chunk,
               'data/file_index': number, 'dataset_from_index': first, 'dataset_to_index': first + length}
        for camera in layout.sizes if layout.encoding != 'png' else ():
            row |= {f'videos/{camera}/chunk_index': chunk, f'videos/{camera}/file_index': number,
                    f'videos/{camera}/from_timestamp': before / layout.fps,
                    f'videos/{camera}/to_timestamp': (before + length) / layout.fps}
        found = {camera: each[place].statistics() for camera, each in counts.items()}
        found |= {name: statistics(values.reshape(length, -1)) for name, values in rows[place][1].items()}
        row |= {f'stats/{column}/{name}': value.tolist() for column, values in found.items()
                for name, value in values.items()}
        table.append(row | {'meta/episodes/chunk_index': chunk, 'meta/episodes/file_index': number})
        before += length
    parquet_library().write_table(pa.Table.from_pylist(table), file)
