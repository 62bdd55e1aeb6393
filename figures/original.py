"""Records of test returns that the authors' code writes: log/rews/<tag>/<alg>-<env>-(<time>)/<env>.npz."""
import re
import zipfile

import numpy as np

from utils.errors import UserError


def read_original(path):
    """(label, environment, steps [N], mean test returns [N]) of one record.

    Nothing in the file is unpickled.

    Args:
        path: of the .npz file, whose array `info` is [N, 2].

    Raises:
        UserError: it is no such record.
    """
    try:
        with np.load(path, allow_pickle=False) as data:
            info = np.asarray(data['info'], np.float64)
    except KeyError as error:
        raise UserError(f'{path} has no array info; expected a record of the authors\' code, '
                        'or the directory of a run') from error
    except (OSError, EOFError, TypeError, ValueError, zipfile.BadZipFile, NotImplementedError,
            RuntimeError) as error:     # what zipfile and numpy make of damage
        raise UserError(f'cannot read {path}: {error}') from error
    if info.size == 0:
        info = info.reshape(0, 2)
    if info.ndim != 2 or info.shape[1] != 2 or not np.isfinite(info).all():
        raise UserError(f'{path}: info is {info.dtype} {list(info.shape)}; expected [N, 2] finite numbers, '
                        'steps and returns')
    steps, returns = info.T
    if (np.diff(steps) <= 0).any():
        raise UserError(f'{path}: the steps in info do not grow from row to row')
    return _label(path), path.stem, steps.astype(np.int64), returns


def _label(path):
    """The tag without its environment, or the algorithm in the name of the directory."""
    env, folder = path.stem, path.absolute().parent
    tag = folder.parent.name if folder.parent.name != 'rews' else ''
    found = re.fullmatch(rf'(.+)-{re.escape(env)}-\(.*\)', folder.name)
    if found is None:
        return 'authors\' code'
    name = tag.replace(env, '').strip(' -_') or found[1].upper()
    return f'{name}, authors\' code'
