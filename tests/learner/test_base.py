"""The part of learning that is independent of the source of data."""
import json

import numpy as np
import pytest

from learner.base import Learner
from tests.fakes import FakeAgent, FakeLog, FakeProgress, StopAt, arguments
from utils.errors import DivergedError, Interrupted
from utils.stop_signals import StopSignals


class Waiting(Learner):
    """Records its iterations among the agent's calls, and is ready from the second on."""

    def collect(self):
        self._agent.calls.append('collect')

    def ready(self):
        return self._agent.calls.count('collect') > 1


def make_learner(results=(), agent=None, stop=None, **flags):
    """(learner, its agent, log and progress)."""
    agent, log, progress = agent or FakeAgent(results), FakeLog(), FakeProgress()
    args = arguments('sac', **flags)
    return Waiting(args, agent, None, log, progress, stop or StopSignals()), agent, log, progress


def test_an_iteration_collects_then_normalises_once_then_updates():
    learner, agent, _, _ = make_learner(iterations=3, train_batches=2)
    learner.learn(1)
    updates = ['collect', 'normalize', 'train', 'train']
    assert agent.calls == ['collect', *updates, *updates]
    assert learner.updates == 4


def test_progress_counts_iterations_with_and_without_updates():
    learner, _, _, progress = make_learner(iterations=3)
    learner.learn(1)
    learner.learn(2)
    assert progress.done == 6


def test_results_of_every_update_are_logged():
    results = [{'a/loss': 1.0}, {'a/loss': 2.0, 'b/loss': 3.0}]
    learner, _, log, _ = make_learner(results, iterations=2, train_batches=2)
    learner.learn(1)
    assert log.added == results


@pytest.mark.parametrize('value', [float('nan'), float('inf'), -np.float32('inf')])
def test_loss_that_is_not_finite_stops_the_run_and_is_not_logged(value):
    results = [{'sac/critic_loss': 1.0}, {'sac/alpha': 1.0, 'sac/critic_loss': value}]
    learner, agent, log, _ = make_learner(results, iterations=2, train_batches=5)
    learner.steps = 700
    with pytest.raises(DivergedError, match=f'^sac/critic_loss became {value} at update 2, step 700$'):
        learner.learn(1)
    assert agent.calls.count('train') == 2
    assert log.added == results[:1]


@pytest.mark.parametrize('method', [Learner.collect, Learner.ready])
def test_the_source_of_data_is_defined_by_a_subclass(method):
    learner, *_ = make_learner()
    with pytest.raises(NotImplementedError):
        method(learner)


def test_a_cycle_counts_the_iterations_of_those_before_it():
    learner, agent, *_ = make_learner(iterations=3)
    learner.learn(2)
    learner.learn(2)
    assert agent.calls.count('collect') == learner.iterations == 6


def test_learning_stops_after_a_whole_iteration_only():
    learner, agent, _, progress = make_learner(stop=StopAt(2), iterations=5, train_batches=2)
    with pytest.raises(Interrupted):
        learner.learn(1)
    assert agent.calls == ['collect', 'collect', 'normalize', 'train', 'train']
    assert progress.done == learner.iterations == 2


@pytest.mark.parametrize('check', range(1, 7))
def test_learning_that_stopped_anywhere_resumes(check):
    learner, agent, *_ = make_learner(stop=StopAt(check), iterations=3, train_batches=2)
    with pytest.raises(Interrupted):
        learner.learn(1)
        learner.learn(2)
    other, *_ = make_learner(agent=agent, iterations=3, train_batches=2)
    other.load_state_dict(json.loads(json.dumps(learner.state_dict())))
    for cycle in ([1, 2] if check <= 3 else [2]):
        other.learn(cycle)
    assert agent.calls == ['collect'] + ['collect', 'normalize', 'train', 'train'] * 5
    assert (other.iterations, other.updates) == (6, 10)


def test_counts_are_restored():
    learner, *_ = make_learner()
    learner.updates, learner.steps, learner.episodes, learner.iterations = 1, 2, 3, 4
    other, *_ = make_learner()
    other.load_state_dict(learner.state_dict())
    assert (other.updates, other.steps, other.episodes, other.iterations) == (1, 2, 3, 4)
