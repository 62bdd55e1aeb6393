"""What .npz files say of recorded episodes: their true progress, and vectors that tell tasks apart."""
import zipfile
import zlib

import numpy as np

from utils.errors import UserError
from utils.flags.suites import task_of, tasks_of
from utils.runs.directory import expanded


def contexts(suite, tasks, embedding=''):
    """{task: [C] float32} of `tasks`: their number in the suite, one-hot, or the vectors of a file.

    Args:
        suite: name of the suite; C is the number of all its tasks, so that a model reads any of them.
        tasks: names of the tasks that there are episodes of.
        embedding: value of `--task_embedding`, an .npz file with one vector under the name of each task.

    Raises:
        UserError: the file cannot be read, or lacks a usable vector of a task.
    """
    if not embedding:
        names = tasks_of(suite)
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


def known_contexts(suite, length, embedding=''):
    """As `contexts`, of all tasks of a suite that there is a vector of.

    Args:
        suite: name of the suite.
        length: C, what a model was trained with.
        embedding: value of `--task_embedding`.

    Raises:
        UserError: as of `contexts`; or there is no vector at all, or they have another length.
    """
    tasks, told = tasks_of(suite), f'--task_embedding={embedding}'
    if embedding:
        arrays = _read(expanded('task_embedding', embedding), told)
        tasks = [task for task in tasks if task in arrays]
        if not tasks:
            raise UserError(f'{told}: expected vectors under the names of tasks of {suite}, got '
                            f'{", ".join(sorted(arrays)[:3]) or "an empty file"}')
    vectors = contexts(suite, tasks, embedding)
    if len(vectors[tasks[0]]) != length:
        raise UserError(f'{told}: expected vectors of {length} numbers, as the model was trained with, got '
                        f'{len(vectors[tasks[0]])}')
    return vectors


class Progress:
    """What `progress_<task>.npz` beside a file of episodes knows of them; nothing if it is missing.

    Args:
        path: the file of episodes.

    Raises:
        UserError: the .npz file is there but cannot be read.
    """

    def __init__(self, path):
        self._path = path.with_name(f'progress_{task_of(path)}.npz')
        self._arrays = _read(self._path, str(self._path)) if self._path.exists() else {}

    def of(self, demo):
        """[T' + 1] float32 true progress at the observations of a `Demo`, or None where it is not known.

        Raises:
            UserError: there is not one finite number for each stored step.
        """
        name = f'{demo.name}/progress'
        if name not in self._arrays:
            return None
        _check(self._arrays[name], (demo.num_stored,), f'{self._path}: {name}')
        return self._arrays[name][demo.rows - demo.first_row].astype(np.float32)

    def mode_of(self, demo):
        """How a `Demo` failed, or '' where it is not known."""
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
