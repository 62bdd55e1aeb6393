"""Which of a run's checkpoints tells what it has learned."""
from utils.checkpoints.files import CheckpointFiles
from utils.errors import UserError

BEST = 'best'       # folder of the checkpoint that was judged best, in the directory of a run


def find_learned(directory, name=''):
    """A checkpoint of a run, as `Found`.

    Args:
        directory: of the run.
        name: of the checkpoint; empty for the best, where the run keeps one apart, or the newest sound one.

    Raises:
        UserError: there is none of that name or none at all, or what there is is damaged.
    """
    newest, best = (CheckpointFiles(directory / folder) for folder in ('checkpoints', BEST))
    if best.names() and name in ('', *best.names()) and name not in newest.names():
        return best.find(name, with_shared=False)
    found = newest.find(name, with_shared=False)
    if found is None:
        raise UserError(f'{directory} has no checkpoint')
    return found
