"""What .npz files say of recorded episodes: their true progress, and vectors that stand for tasks."""
import zipfile
import zlib

import numpy as np

from utils.errors import UserError
from utils.runs.directory import expanded


def contexts(names, tasks, embedding=''):
    """{task: [C] float32} of `tasks`: their place among all tasks, one-hot, or the vectors of a file.

    Args:
        names: of all tasks; without a file C is their number, so that a model reads any of them.
        tasks: names of the tasks that there are episodes of.
        embedding: value of `--task_embedding`, an .npz file with one vector under the name of each task.

    Raises:
        UserError: the file cannot be read, or lacks a usable vector of a task.
    """
    if not embedding:
        return dict(zip(tasks, np.eye(len(names), dtype=np.float32)[[names.index(task) for task in tasks]],
                        strict=True))
    told = f'--task_embedding={embedding}'
    arrays = _read(expanded('task_embedding', embedding), told)
    missing = [task for task in tasks if task not in arrays]
    if missing:
        raise UserError(f'{told}: expected a vector under the name of each task, and there is none of '
                        f'{missing[0]}; got {", ".join(sorted(arrays)[:3]) or "an empty file"}')
    length = arrays[tasks[0]].size
    for task in tasks:
        _check(arrays[task], (length,), f'{told}: {task}')
    return {task: arrays[task].astype(np.float32) for task in tasks}


def known_contexts(tasks, length, embedding=''):
    """As `contexts`, of all of some tasks that there is a vector of.

    Args:
        tasks: names of all tasks of a run.
        length: C, what a model was trained with.
        embedding: value of `--task_embedding`.

    Raises:
        UserError: as of `contexts`; or there is no vector at all, or they have another length.
    """
    told, known = f'--task_embedding={embedding}', tasks
    if embedding:
        arrays = _read(expanded('task_embedding', embedding), told)
        known = [task for task in tasks if task in arrays]
        if not known:
            raise UserError(f'{told}: expected vectors under the names of tasks such as {tasks[0]}, got '
                            f'{", ".join(sorted(arrays)[:3]) or "an empty file"}')
    vectors = contexts(tasks, known, embedding)
    if len(vectors[known[0]]) != length:
        raise UserError(f'{told}: expected vectors of {length} numbers, as the model was trained with, got '
                        f'{len(vectors[tasks[0]])}')
    return vectors


class Progress:
    """What an .npz file beside a file of episodes knows of them; nothing if it is missing.

    Args:
        path: of the .npz file.

    Raises:
        UserError: the .npz file is there but cannot be read.
    """

    def __init__(self, path):
        self._path = path
        self._arrays = _read(self._path, str(self._path)) if self._path.exists() else {}

    def of(self, demo):
        """[T' + 1] float32 true progress at the observations of an episode, or None where it is unknown.

        Args:
            demo: has `name`, `rows` [T' + 1], `first_row` and `num_stored`, its rows in the file.

        Raises:
            UserError: there is not one finite number for each stored step.
        """
        name = f'{demo.name}/progress'
        if name not in self._arrays:
            return None
        _check(self._arrays[name], (demo.num_stored,), f'{self._path}: {name}')
        return self._arrays[name][demo.rows - demo.first_row].astype(np.float32)

    def mode_of(self, demo):
        """How an episode failed, or '' where it is not known."""
        return str(self._arrays.get(f'{demo.name}/mode', ''))


def _read(path, told):
    """{name: array} of an .npz file; no code in it is run."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except (OSError, ValueError, TypeError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise UserError(f'{told}: expected an .npz file of plain arrays, got {error}') from error


def _check(array, shape, told):
    if array.shape != shape or array.dtype.kind not in 'fiu' or not array.size:
        raise UserError(f'{told}: expected numbers of shape {list(shape)}, got {array.dtype} '
                        f'{list(array.shape)}')
    if not (np.abs(array) <= np.finfo(np.float32).max).all():
        raise UserError(f'{told}: expected finite numbers within float32, got NaN, infinity or more')
