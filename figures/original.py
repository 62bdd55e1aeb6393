"""Records of test returns that the authors' code writes: log/rews/<tag>/<alg>-<env>-(<time>)/<env>.npz."""
import re

import numpy as np

from utils.errors import UserError
from utils.foreign.files import reading
from utils.foreign.npz import read_arrays
from utils.text import one_line


def read_original(path):
    """(label, environment, steps [N], mean test returns [N]) of one record.

    Nothing in the file is unpickled.

    Args:
        path: of the .npz file, whose array `info` is [N, 2].

    Raises:
        UserError: it is not such a record.
    """
    arrays = read_arrays(path, ['info'])
    if 'info' not in arrays:
        raise UserError(f'{path} has no array info; expected a record of the authors\' code, '
                        'or the directory of a run')
    with reading(path):
        info = arrays['info'].astype(np.float64, casting='same_kind')
    if info.size == 0:
        info = info.reshape(0, 2)
    if info.ndim != 2 or info.shape[1] != 2 or not np.isfinite(info).all():
        raise UserError(f'{path}: info is {info.dtype} {list(info.shape)}; expected [N, 2] finite numbers, '
                        'steps and returns')
    steps, returns = info.T
    if not are_steps(steps):
        raise UserError(f'{path}: the steps in info are not whole numbers that grow from row to row')
    return one_line(_label(path)), one_line(path.stem), steps.astype(np.int64), returns


def are_steps(steps):
    """Whether [N] steps are whole numbers from 0, each above the previous one."""
    steps = np.asarray(steps)
    whole = (steps >= 0) & (steps < 2**53) & (np.floor(steps) == steps)
    return bool(whole.all() and (np.diff(steps) > 0).all())


def has_place_of_record(path):
    """Whether the path has the form of a record of the authors' code."""
    return _named_directory(path) is not None


def _named_directory(path):
    return re.fullmatch(rf'(.+)-{re.escape(path.stem)}-\(.*\)', path.absolute().parent.name)


def _label(path):
    """The tag without its environment, or the algorithm from the directory's name."""
    env, folder = path.stem, path.absolute().parent
    tag = folder.parent.name if folder.parent.name != 'rews' else ''
    found = _named_directory(path)
    if found is None:
        return 'authors\' code'
    name = tag.replace(env, '').strip(' -_') or found[1].upper()
    return f'{name}, authors\' code'
