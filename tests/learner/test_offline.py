"""Learning a reward from recorded episodes, by the calls of a stand-in for the agent."""
import json

import pytest

from learner.offline import OfflineRewardLearner, updates_per_cycle
from tests.fakes import FakeAgent, FakeLog, FakeProgress, StopAt
from utils.errors import DivergedError, Interrupted
from utils.flags.flag import Args
from utils.stop_signals import StopSignals


def make_learner(num_steps=25, per_update=10, passes=1.0, agent=None, stop=None, results=()):
    """(learner, its agent, log and progress)."""
    agent, log, progress = agent or FakeAgent(results), FakeLog(), FakeProgress()
    args = Args({'passes': passes, 'min_updates': 1})
    return OfflineRewardLearner(args, agent, None, num_steps, per_update, log, progress,
                                stop or StopSignals()), agent, log, progress


@pytest.mark.parametrize('passes, batch, num_steps, updates', [
    (1.0, 10, 100, 10), (1.0, 10, 101, 11), (2.5, 10, 100, 25), (0.01, 10, 100, 1), (20.0, 256, 12800, 1000),
    (1.0, 256, 3, 1)])
def test_a_cycle_has_the_updates_of_its_passes_and_at_least_one(passes, batch, num_steps, updates):
    assert updates_per_cycle(Args({'passes': passes, 'min_updates': 1}), num_steps, batch) == updates
    learner, agent, _, progress = make_learner(num_steps, passes=passes, per_update=batch)
    learner.learn(1)
    assert agent.calls.count('train') == learner.updates == progress.done == updates
    learner.learn(3)
    assert agent.calls.count('train') == learner.updates == progress.done == 3 * updates


def test_few_steps_have_more_passes():
    args = Args({'passes': 1.0, 'min_updates': 7})
    assert [updates_per_cycle(args, num_steps, 10) for num_steps in (20, 69, 80)] == [7, 7, 8]


def test_vectors_are_normalised_once_before_the_first_update():
    learner, agent, *_ = make_learner()
    learner.learn(1)
    learner.learn(2)
    assert agent.calls == ['normalize'] + ['train'] * 6


def test_counts_are_updates_and_passes_over_the_training_steps():
    learner, *_ = make_learner(num_steps=25, passes=2.0)
    assert learner.counts() == {'updates': 0, 'passes': 0.0}
    learner.learn(1)
    assert learner.counts() == {'updates': 5, 'passes': 2.0}
    learner.learn(2)
    assert learner.counts() == {'updates': 10, 'passes': 4.0}


def test_curves_are_drawn_over_updates():
    learner, *_ = make_learner(num_steps=25, passes=2.0)
    learner.learn(1)
    assert learner.steps == learner.updates == 5


def test_results_of_every_update_are_logged():
    results = [{'reward/loss': 1.0}, {'reward/loss': 2.0}, {'reward/loss': 0.5}]
    learner, _, log, _ = make_learner(results=results)
    learner.learn(1)
    assert log.added == results


def test_a_loss_that_is_not_finite_stops_the_run():
    learner, *_ = make_learner(results=[{'reward/loss': 1.0}, {'reward/loss': float('nan')}])
    with pytest.raises(DivergedError, match='^reward/loss became nan at update 2, step 2$'):
        learner.learn(1)


@pytest.mark.parametrize('check', range(1, 7))
def test_learning_that_stopped_anywhere_resumes_and_is_not_normalised_again(check):
    learner, agent, *_ = make_learner(stop=StopAt(check))
    with pytest.raises(Interrupted):
        learner.learn(1)
        learner.learn(2)
    other, *_ = make_learner(agent=agent)
    other.load_state_dict(json.loads(json.dumps(learner.state_dict())))
    for cycle in ([1, 2] if check <= 3 else [2]):
        other.learn(cycle)
    assert agent.calls == ['normalize'] + ['train'] * 6
    assert other.counts() == {'updates': 6, 'passes': pytest.approx(2.4)}


def test_a_run_that_stopped_before_its_first_update_is_normalised_when_it_resumes():
    learner, agent, *_ = make_learner()
    other, *_ = make_learner(agent=agent)
    other.load_state_dict(learner.state_dict())
    other.learn(1)
    assert agent.calls == ['normalize', 'train', 'train', 'train']
