"""Saves and restores the complete state of a run, part by part."""
import logging
import time

from utils.checkpoints.files import CheckpointFiles, place_name
from utils.checkpoints.state_files import write_state
from utils.errors import UserError, file_errors

LOG = logging.getLogger('rrd')
VARIABLES = 'variables'     # prefix of the files of the graph's variables
_BEFORE = {'reward_form': 'step', 'vector_normalization': 'moments'}    # in checkpoints that do not name them


class Checkpoint:
    """Saves a run into `CheckpointFiles`, and restores it into a new process.

    Args:
        files: the `CheckpointFiles` of the run.
        identity: JSON values that determine which runs can use the checkpoint.
        agent: has `save_variables(prefix)` and `restore_variables(prefix)`.
        parts: {name: object with `state_dict()` and `load_state_dict(state)`}.
        replay: has `save(shared files)` and `restore(state, shared files)`, or None to leave it out.
        place: function that returns the progress of the run: (cycles, iterations, roll-outs).
    """

    def __init__(self, files: CheckpointFiles, identity, agent, parts, replay, place):
        self._files, self._identity, self._agent = files, identity, agent
        self._parts, self._replay, self._place = parts, replay, place

    def save(self):
        """Saves the current state, and logs the size and the seconds; at most once at each place.

        Returns:
            Name of the checkpoint.

        Raises:
            UserError: it could not be written; earlier checkpoints are unchanged.
        """
        name, start = place_name(*self._place()), time.perf_counter()
        if name in self._files.names():
            return name
        shared_before = self._files.shared.bytes_written
        with file_errors(f'the checkpoint {name} cannot be written'):
            own, shared = self._files.write(name, self._fill)
        written = own + self._files.shared.bytes_written - shared_before
        LOG.info('checkpoint %s: %s written, %s in all, %.2f s', name, _size(written), _size(own + shared),
                 time.perf_counter() - start)
        return name

    def try_save(self):
        """As `save`, but a failure is only logged: the run continues with its earlier checkpoints."""
        try:
            return self.save()
        except UserError as error:
            LOG.warning('warning: %s; the newest is %s', error, (self._files.names() or ['none'])[-1])
            return None

    def restore_weights(self):
        """Restores only the variables of the agent, from the newest checkpoint, if there is one."""
        found = self._files.find(with_shared=False)
        if found is not None:
            self._agent.restore_variables(found.path / VARIABLES)
            LOG.info('best checkpoint: %s', found.path)

    def _fill(self, directory):
        self._agent.save_variables(directory / VARIABLES)
        state = {'identity': self._identity,
                 'parts': {name: part.state_dict() for name, part in self._parts.items()},
                 'replay': self._replay and self._replay.save(self._files.shared)}
        write_state(directory, state)

    def restore(self, found):
        """Restores the run from the checkpoint `found`, a `Found`.

        Raises:
            UserError: the checkpoint is of another kind of run.
        """
        check_identity(found, self._identity)
        self._agent.restore_variables(found.path / VARIABLES)
        for name, part in self._parts.items():
            part.load_state_dict(found.state['parts'][name])
        if self._replay is not None and found.state['replay'] is not None:
            self._replay.restore(found.state['replay'], self._files.shared)


def check_identity(found, expected):
    """Raises an error if the run of the checkpoint `found` differs from the values of `expected`.

    Raises:
        UserError: some values differ; names them with both values.
    """
    identity = _BEFORE | found.state['identity']
    differing = [f'{name} {identity.get(name)} instead of {value}' for name, value in expected.items()
                 if identity.get(name) != value]
    if differing:
        raise UserError(f'{found.path} is of another kind of run: it has {", ".join(differing)}')


def _size(number):
    """Formats a number of bytes."""
    return f'{number / 1e6:,.1f} MB'
