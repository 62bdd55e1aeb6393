"""Learning while acting, in an environment whose states show the episode and the step."""
import numpy as np
import pytest

from learner.online import OnlineLearner
from tests.fakes import FakeAgent, FakeEnvironment, FakeLog, FakeProgress, FakeSampler, arguments
from utils.errors import DivergedError
from utils.stop_signals import StopSignals


class Run:
    """A learner whose every cycle is one iteration, over episodes of given lengths in turn, and its parts."""

    def __init__(self, *lengths, agent=None, **flags):
        args = arguments('sac', **{'iterations': 1, 'warmup': 1000, 'train_batches': 1, **flags})
        self.cycles, self.sampler, self.log = 0, FakeSampler(), FakeLog()
        self.env = FakeEnvironment(*lengths)
        self.learner = OnlineLearner(args, self.env, agent or FakeAgent(), self.sampler, self.log,
                                     FakeProgress(), StopSignals())

    def learn(self):
        self.cycles += 1
        self.learner.learn(self.cycles)


def test_only_whole_episodes_are_stored_and_the_others_go_on_in_the_next_cycle():
    run, lengths = Run(3, 5, timesteps=4), []
    for _ in range(4):
        run.learn()
        lengths.append([episode.length for episode in run.sampler.episodes])
    assert lengths == [[3], [3, 5], [3, 5, 3], [3, 5, 3, 5]]
    assert run.learner.steps == 16 and run.learner.episodes == 4


def test_stored_episodes_are_what_happened():
    run = Run(3, 2, timesteps=5)
    run.learn()
    first, second = run.sampler.episodes
    np.testing.assert_array_equal(first.observations['state'], [[0, 0], [0, 1], [0, 2], [0, 3]])
    np.testing.assert_array_equal(second.observations['state'], [[1, 0], [1, 1], [1, 2]])
    np.testing.assert_array_equal(first.rewards, [1, 2, 3])
    np.testing.assert_array_equal(second.rewards, [11, 12])
    np.testing.assert_array_equal(first.actions, [[1], [2], [3]])       # what the agent counted
    np.testing.assert_array_equal(second.actions, [[4], [5]])
    assert first.terminals.tolist() == [False, False, True]             # ended by its task
    assert second.terminals.tolist() == [False, False]                  # cut, and bootstrapped


def test_the_environment_gets_the_actions_that_are_stored():
    run = Run(2, timesteps=4)
    run.learn()
    played = np.array(run.env.actions)
    np.testing.assert_array_equal(played, np.concatenate([e.actions for e in run.sampler.episodes]))


def test_returns_and_lengths_of_finished_episodes_are_logged():
    run = Run(3, 2, timesteps=6)
    run.learn()
    assert run.log.added == [{'train/return_mean': 6.0, 'train/length_mean': 3},
                             {'train/return_mean': 23.0, 'train/length_mean': 2}]


@pytest.mark.parametrize('warmup, updates', [
    (10, [0, 0, 1, 2]),     # 10 steps are stored when the 12th is taken
    (11, [0, 0, 0, 0]),     # ... and 20 only with the 20th
    (0, [0, 0, 1, 2]),      # nothing to learn from before the first whole episode
    (1, [0, 0, 1, 2])])
def test_warm_up_counts_steps_of_stored_episodes_only(warmup, updates):
    run, counts = Run(10, timesteps=4, warmup=warmup), []
    for _ in range(4):
        run.learn()
        counts.append(run.learner.updates)
    assert counts == updates


def test_warm_up_is_over_with_exactly_as_many_steps_as_asked_for():
    for warmup, updates in ((6, 1), (7, 0)):
        run = Run(3, timesteps=6, warmup=warmup)
        run.learn()
        assert run.learner.updates == updates


@pytest.mark.parametrize('value', ['nan', 'inf'])
def test_action_that_is_not_finite_stops_the_run_before_it_is_taken(value):
    class Broken(FakeAgent):
        def act(self, observation, explore):
            action = super().act(observation, explore)
            return np.float32([value]) if action == 6 else action

    run = Run(3, timesteps=4, agent=Broken())
    run.learn()
    with pytest.raises(DivergedError, match=rf'^the action became \[{value}\] at step 5$'):
        run.learn()
    assert len(run.env.actions) == run.learner.steps == 5
