"""Made-up checkpoints, with only the parts that the start of a run reads."""
from tests.fakes import SPEC
from utils.checkpoints.files import CheckpointFiles
from utils.checkpoints.state_files import write_state
from utils.runs.directory import locked
from utils.runs.identity import identity
from utils.types import Field, Spec

OTHER_SPEC = Spec({'state': Field((4,)), 'goal': Field((2,))}, Field((2,)))


def leave_checkpoint(directory, args, num_rows=0, spec=SPEC, data=None, tester=None):
    """Writes a checkpoint of a run after `num_rows` cycles; returns it, as `Found`."""
    state = {'identity': identity(args, spec) | ({} if data is None else {'data': data}),
             'parts': {'log': {'num_rows': num_rows}, 'tester': tester}}
    directory.mkdir(parents=True, exist_ok=True)
    with locked(directory):
        pass
    files = CheckpointFiles(directory / 'checkpoints')
    files.write(f'ckpt-{num_rows:06d}', lambda path: write_state(path, state))
    return files.find()
