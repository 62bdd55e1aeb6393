"""Additional data of recorded episodes from .npz files: their true progress, and vectors of tasks."""
import numpy as np

from utils.errors import UserError, file_errors
from utils.foreign.files import UnreadableError
from utils.foreign.npz import read_arrays
from utils.runs.directory import expanded
from utils.text import one_line


def contexts(names, tasks, embedding=''):
    """{task: [C] float32} of `tasks`: one-hot vectors of their index in `names`, or the vectors of a file.

    Args:
        names: of all tasks; without a file C is their number, so that a model has an input for each.
        tasks: names of the tasks that have episodes.
        embedding: value of `--task_embedding`, an .npz file with one vector under the name of each task.

    Raises:
        UserError: the file cannot be read, or the vector of a task is missing or invalid.
    """
    if not embedding:
        return dict(zip(tasks, np.eye(len(names), dtype=np.float32)[[names.index(task) for task in tasks]],
                        strict=True))
    label = f'--task_embedding={embedding}'
    arrays = _read(expanded('task_embedding', embedding), label)
    missing = [task for task in tasks if task not in arrays]
    if missing:
        raise UserError(f'{label}: expected a vector under the name of each task; {missing[0]} is missing; '
                        f'got {", ".join(sorted(arrays)[:3]) or "an empty file"}')
    length = arrays[tasks[0]].size
    for task in tasks:
        _check(arrays[task], (length,), f'{label}: {task}')
    return {task: arrays[task].astype(np.float32) for task in tasks}


def known_contexts(tasks, length, embedding=''):
    """As `contexts`, for those of `tasks` that have a vector.

    Args:
        tasks: names of all tasks of a run.
        length: C of the trained model.
        embedding: value of `--task_embedding`.

    Raises:
        UserError: as of `contexts`; or no task has a vector, or the vectors have another length.
    """
    label, known = f'--task_embedding={embedding}', tasks
    if embedding:
        arrays = _read(expanded('task_embedding', embedding), label)
        known = [task for task in tasks if task in arrays]
        if not known:
            raise UserError(f'{label}: expected vectors under the names of tasks such as {tasks[0]}, got '
                            f'{", ".join(sorted(arrays)[:3]) or "an empty file"}')
    vectors = contexts(tasks, known, embedding)
    if len(vectors[known[0]]) != length:
        raise UserError(f'{label}: expected vectors of {length} numbers, as the model was trained with, got '
                        f'{len(vectors[tasks[0]])}')
    return vectors


class Progress:
    """The true progress of episodes, from an .npz file beside their file; empty if it is missing.

    Args:
        path: of the .npz file.

    Raises:
        UserError: the .npz file exists but cannot be read.
    """

    def __init__(self, path):
        self._path = path
        with file_errors(f'cannot read {path}'):
            exists = path.exists()
        self._arrays = _read(path, str(path)) if exists else {}

    def of(self, demo):
        """[T' + 1] float32 true progress at the observations of an episode, or None if it is unknown.

        Args:
            demo: has `name`, `rows` [T' + 1], `first_row` and `num_stored`, its rows in the file.

        Raises:
            UserError: expected one finite number for each stored step.
        """
        name = f'{demo.name}/progress'
        if name not in self._arrays:
            return None
        _check(self._arrays[name], (demo.num_stored,), f'{self._path}: {name}')
        return self._arrays[name][demo.rows - demo.first_row].astype(np.float32)

    def mode_of(self, demo):
        """The kind of failure of an episode, or '' if it is unknown."""
        return one_line(str(self._arrays.get(f'{demo.name}/mode', '')))


def _read(path, label):
    """{name: array} of an .npz file, without unpickling."""
    try:
        return read_arrays(path)
    except UnreadableError as error:
        raise UserError(f'{label}: expected an .npz file of plain arrays, got {error.cause}') from error


def _check(array, shape, label):
    if array.shape != shape or array.dtype.kind not in 'fiu' or not array.size:
        raise UserError(f'{label}: expected numbers of shape {list(shape)}, got {array.dtype} '
                        f'{list(array.shape)}')
    if not (np.abs(array) <= np.finfo(np.float32).max).all():
        raise UserError(f'{label}: expected finite numbers within float32, got NaN, infinity or more')
