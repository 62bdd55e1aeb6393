"""Runs of tiny parts, for tests of their checkpoints."""
import numpy as np

from utils.checkpoints.checkpoint import Checkpoint
from utils.checkpoints.files import CheckpointFiles

IDENTITY = {'alg': 'rrd', 'basis_alg': 'sac', 'action': [[2], 'float32', 1]}


class FakePart:
    """A part whose state is one array and one number."""

    def __init__(self, number=0):
        self.number = number

    def state_dict(self):
        return {'number': self.number, 'array': np.array([self.number])}

    def load_state_dict(self, state):
        self.number = state['number']
        assert state['array'].tolist() == [self.number]


class FakeAgent:
    """An agent whose only variable is a text in a file."""

    def __init__(self, text='initial'):
        self.text = text

    def save_variables(self, prefix):
        prefix.with_name(f'{prefix.name}.data').write_text(self.text)

    def restore_variables(self, prefix):
        self.text = prefix.with_name(f'{prefix.name}.data').read_text()


class FakeReplay:
    """A replay store: a number in a shared file."""

    def __init__(self, number=0):
        self.number = number

    def save(self, files):
        files.add(f'steps-{self.number}.npz', {'number': np.array(self.number)})
        return {'name': f'steps-{self.number}.npz'}

    def restore(self, state, files):
        self.number = int(files.load(state['name'])['number'])


class Run:
    """All arguments of a checkpoint, with `value` in every part."""

    def __init__(self, directory, value=0, identity=IDENTITY, replay=True, keep=9):
        self.agent, self.replay = FakeAgent(f'text {value}'), FakeReplay(value) if replay else None
        self.parts = {'env': FakePart(value + 1), 'log': FakePart(value + 2)}
        self.place, self.files = [value, 0, 0], CheckpointFiles(directory, keep)
        self.checkpoint = Checkpoint(self.files, identity, self.agent, self.parts, self.replay,
                                     lambda: self.place)

    def values(self):
        return (self.agent.text, *(part.number for part in self.parts.values()),
                self.replay and self.replay.number)

    def restore(self):
        self.checkpoint.restore(self.files.find())


def broken(directory):
    """A run with one checkpoint, whose next one fails."""
    run = Run(directory, 7)
    run.checkpoint.save()
    run.place = [8, 0, 0]

    def fail(prefix):
        raise OSError(28, 'No space left on device')
    run.agent.save_variables = fail
    return run
