"""The metadata of v3.0: episodes and tasks in parquet files."""
import math

from envs.recorded.lerobot.json_files import whole_number
from envs.recorded.lerobot.tables import batches, open_table
from utils.foreign.files import ContentError

EPISODES, TASKS = 'meta/episodes', 'meta/tasks.parquet'
_UNNAMED = '__index_level_0__'      # pandas' name of an index without one; the first writers of v3.0 had it


def located_v30(folder, cameras):
    """Yields (index, length, fields of the data file, {camera: (fields of the video, start in s)}).

    Args:
        folder: of the data set.
        cameras: names of the requested cameras whose frames are in videos.

    Raises:
        ContentError: a file is missing or damaged, a column is missing, or a value is invalid.
    """
    paths = sorted((folder / EPISODES).glob('chunk-*/file-*.parquet'))
    if not paths:
        raise ContentError(f'{folder / EPISODES} has no chunk-*/file-*.parquet')
    names = ['episode_index', 'length', 'data/chunk_index', 'data/file_index', 'dataset_from_index',
             'dataset_to_index', *(f'videos/{camera}/{field}' for camera in cameras
                                   for field in ('chunk_index', 'file_index', 'from_timestamp'))]
    for path in paths:
        row = 0
        for batch in batches(open_table(path), names, path):
            for values in batch.to_pylist():
                yield _located(values, cameras, f'{path}, row {row}')
                row += 1


def tasks_v30(folder):
    """{task_index: task}.

    Raises:
        ContentError: the file is missing or damaged, or a column is missing.
    """
    path, tasks = folder / TASKS, {}
    table = open_table(path)
    name = 'task' if 'task' in table.schema_arrow.names else _UNNAMED
    for batch in batches(table, ['task_index', name], path):
        for values in batch.to_pylist():
            index = whole_number(values['task_index'], f'{path}: task_index')
            if not isinstance(values[name], str):
                raise ContentError(f'{path}, task {index}: expected a sentence, got {values[name]!r:.60}')
            tasks[index] = values[name]
    return tasks


def _located(values, cameras, label):
    index = whole_number(values['episode_index'], f'{label}: episode_index')
    length = whole_number(values['length'], f'{label}: length', low=1)
    first, last = (whole_number(values[name], f'{label}: {name}')
                   for name in ('dataset_from_index', 'dataset_to_index'))
    if last - first != length:
        raise ContentError(f'{label}: expected dataset_to_index - dataset_from_index to be the length '
                           f'{length}, got {last - first}')
    videos = {camera: (_fields(values, f'videos/{camera}', label), _start(values, f'videos/{camera}', label))
              for camera in cameras}
    return index, length, _fields(values, 'data', label), videos


def _fields(values, prefix, label):
    return {name: whole_number(values[f'{prefix}/{name}'], f'{label}: {prefix}/{name}')
            for name in ('chunk_index', 'file_index')}


def _start(values, prefix, label):
    name = f'{prefix}/from_timestamp'
    start = values[name]
    if not isinstance(start, float) or not math.isfinite(start) or start < 0:
        raise ContentError(f'{label}: expected {name} of 0 s or more, got {start!r:.60}')
    return start
