"""Selects the checkpoint of a run to evaluate: the best or the newest."""
from utils.checkpoints.files import CheckpointFiles
from utils.errors import UserError

BEST = 'best'       # subdirectory of a run with the checkpoint of the lowest held-out loss


def find_learned(directory, name=''):
    """A checkpoint of a run, as `Found`.

    Args:
        directory: directory of the run.
        name: name of the checkpoint; empty for the best, if the run keeps one, or the newest undamaged one.

    Raises:
        UserError: there is none of that name or none at all, or all are damaged.
    """
    newest, best = (CheckpointFiles(directory / folder) for folder in ('checkpoints', BEST))
    if best.names() and name in ('', *best.names()) and name not in newest.names():
        return best.find(name, with_shared=False)
    found = newest.find(name, with_shared=False)
    if found is None:
        raise UserError(f'{directory} has no checkpoint')
    return found
