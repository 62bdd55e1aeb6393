"""Checkpoints of weights alone: no slots of optimisers, no replay store; to evaluate, label and export."""
from utils.checkpoints.checkpoint import VARIABLES
from utils.checkpoints.manifests import MANIFEST
from utils.checkpoints.state_files import write_state
from utils.errors import UserError
from utils.whole_files import fingerprint

RELEASED = 'released'       # key of the state: where the weights come from


def manifest_checksum(found):
    """SHA-256 of the manifest of the checkpoint `found`; of the original where its weights were released."""
    released = found.state.get(RELEASED)
    return released['manifest_sha256'] if released else fingerprint(found.path / MANIFEST)['sha256']


def check_whole(found):
    """Refuses to resume from the checkpoint `found` if it holds weights alone.

    Raises:
        UserError: it does.
    """
    if RELEASED in found.state:
        raise UserError(f'released weights cannot be resumed: {found.path} has no state of the '
                        'optimisers and no replay store; expected a checkpoint that train.py wrote')


def write_released(files, found):
    """Writes the weights of the checkpoint `found` as a checkpoint of the same name.

    Args:
        files: the `CheckpointFiles` to write into.
        found: a `Found`.

    Raises:
        OSError: it cannot be written.
    """
    from utils.checkpoints.variable_files import write_weights  # TensorFlow

    def fill(directory):
        write_weights(found.path / VARIABLES, directory / VARIABLES)
        write_state(directory, released_state(found))

    files.write(found.path.name, fill)


def released_state(found):
    """What evaluation needs of the state of the checkpoint `found`, with the checksum of its manifest."""
    parts, replay = found.state['parts'], found.state['replay'] or {}
    counts = {name: value for name, value in parts['learner'].items() if isinstance(value, int)}
    seen = {'seen': parts['tester']['seen']} if 'seen' in parts['tester'] else {}
    return {'identity': found.state['identity'],
            'parts': {'learner': counts, 'tester': seen, 'log': {'num_rows': parts['log']['num_rows']}},
            'replay': {'tasks': replay['tasks']} if 'tasks' in replay else None,
            RELEASED: {'manifest_sha256': manifest_checksum(found)}}
