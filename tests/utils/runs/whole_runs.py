"""Runs of tiny parts, begun and committed as by train.py."""
import csv

from tests.fakes import SPEC, arguments
from tests.utils.saved_runs import FakeAgent, FakePart, FakeReplay
from utils.logs.logger import Logger
from utils.runs.run import Run

FACTS = {'id': 'Fake-v0', 'kwargs': {}}
COLUMNS = ('epoch', 'cycle', 'updates', 'time/total_s')


class FakeLearner:
    """Ten iterations a cycle, each an update."""

    iterations_per_cycle = 10

    def __init__(self):
        self.iterations = 0

    @property
    def steps(self):
        return 100 * self.iterations

    def learn(self, cycle):
        self.iterations = 10 * cycle

    def counts(self):
        return {'updates': self.iterations}

    def state_dict(self):
        return {'iterations': self.iterations}

    def load_state_dict(self, state):
        self.iterations = state['iterations']


class FakeTester(FakePart):
    """A tester whose `improved` and `exhausted` are set by the test."""

    num_done, improved, exhausted, concluded = 0, False, False, None

    def conclude(self, directory):
        self.concluded = directory
        return ()


class RewardAgent(FakeAgent):
    """An agent whose reward model is also a text."""

    def state_dict(self):
        return {}

    def load_state_dict(self, state):
        assert state == {}

    def restore_reward(self, prefix):
        self.text = f'reward of {prefix.with_name(f"{prefix.name}.data").read_text()}'


def flags(directory, **values):
    """`Args` of two epochs of two cycles in `directory`, without a record of roll-outs."""
    return arguments('rrd', 'sac', run_dir=directory, epochs=2, cycles=2, save_rews=False, **values)


def bound(run, spec=SPEC):
    """The run, bound to a task of this shape."""
    run.bind(spec, FACTS)
    return run


def begun(run, text='initial', keep_best=False):
    """The bound run, begun with fresh parts."""
    parts = {'agent': RewardAgent(text), 'learner': FakeLearner(), 'tester': FakeTester(),
             'log': Logger(COLUMNS)}
    run.begin(parts, FakeReplay(), keep_best=keep_best)
    return parts


def do_cycles(run, count=9):
    """Learns and commits at most `count` of the remaining cycles; returns their numbers."""
    done = []
    for cycle in run.cycles():
        run.learner.learn(cycle)
        run.commit(cycle)
        done.append(cycle)
        if len(done) == count:
            break
    return done


def play(directory, count=9, **values):
    """Opens, binds and begins a run, and does `count` cycles; returns their numbers."""
    with Run.open(flags(directory, **values)) as run:
        begun(bound(run))
        return do_cycles(run, count)


def rows(directory):
    """[(epoch, cycle, updates)] of progress.csv."""
    with open(directory / 'progress.csv', newline='') as file:
        return [tuple(int(row[name]) for name in ('epoch', 'cycle', 'updates'))
                for row in csv.DictReader(file)]
