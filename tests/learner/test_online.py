"""Learning while acting, in an environment whose states encode the episode and the step."""
import numpy as np
import pytest

from learner.online import OnlineLearner
from tests.fakes import FakeAgent, FakeEnvironment, FakeLog, FakeProgress, FakeSampler, arguments
from utils.checkpoints.state_files import read_state, write_state
from utils.errors import DivergedError
from utils.stop_signals import StopSignals


class Run:
    """A learner with one iteration per cycle, over episodes of given lengths in order, and its parts."""

    def __init__(self, *lengths, agent=None, **flags):
        self.args = arguments('sac', **{'iterations': 1, 'warmup': 1000, 'train_batches': 1, **flags})
        self.cycles, self.sampler, self.log = 0, FakeSampler(), FakeLog()
        self.env, self.agent = FakeEnvironment(*lengths), agent or FakeAgent()
        self.learner = OnlineLearner(self.args, self.env, self.agent, self.sampler, self.log, FakeProgress(),
                                     StopSignals())

    def learn(self):
        self.cycles += 1
        self.learner.learn(self.cycles)

    def hand_over(self, directory):
        """Resumes a new learner, with the same other parts, which keep their own states."""
        write_state(directory, self.learner.state_dict())
        self.learner = OnlineLearner(self.args, self.env, self.agent, self.sampler, self.log, FakeProgress(),
                                     StopSignals())
        self.learner.load_state_dict(read_state(directory))


def test_only_whole_episodes_are_stored_and_the_others_continue_in_the_next_cycle():
    run, lengths = Run(3, 5, timesteps=4), []
    for _ in range(4):
        run.learn()
        lengths.append([episode.length for episode in run.sampler.episodes])
    assert lengths == [[3], [3, 5], [3, 5, 3], [3, 5, 3, 5]]
    assert run.learner.steps == 16 and run.learner.episodes == 4


def test_stored_episodes_are_those_that_were_played():
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
    added = [values for values in run.log.added if values]
    assert added == [{'train/return_mean': 6.0, 'train/length_mean': 3},
                     {'train/return_mean': 23.0, 'train/length_mean': 2}]


def test_the_score_of_each_episode_is_logged_where_rewards_are_clipped():
    run = Run(3, 2, timesteps=5)
    scores = iter([600.0, -70.0])
    run.learner = OnlineLearner(run.args, run.env, run.agent, run.sampler, run.log, FakeProgress(),
                                StopSignals(), lambda: next(scores))
    run.learn()
    assert [values for values in run.log.added if 'train/score_mean' in values] == [
        {'train/score_mean': 600.0}, {'train/score_mean': -70.0}]


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


def test_warm_up_is_over_with_exactly_the_specified_number_of_steps():
    for warmup, updates in ((6, 1), (7, 0)):
        run = Run(3, timesteps=6, warmup=warmup)
        run.learn()
        assert run.learner.updates == updates


@pytest.mark.parametrize('value', ['nan', 'inf'])
def test_action_that_is_not_finite_stops_the_run_before_it_is_taken(value):
    class Broken(FakeAgent):
        def act(self, observation, explore, step=0, ready=True):
            action = super().act(observation, explore, step, ready)
            return np.float32([value]) if action == 6 else action

    run = Run(3, timesteps=4, agent=Broken())
    run.learn()
    with pytest.raises(DivergedError, match=rf'^the action became \[{value}\] at step 5$'):
        run.learn()
    assert len(run.env.actions) == run.learner.steps == 5


def outcome(run):
    """All effects of a learner on the other parts, and its counts."""
    learner = run.learner
    return {'calls': run.agent.calls, 'actions': run.env.actions, 'logged': run.log.added,
            'episodes': [episode._asdict() for episode in run.sampler.episodes],
            'counts': (learner.steps, learner.episodes, learner.updates, learner.iterations)}


@pytest.mark.parametrize('stopped', [{0}, {1}, {2}, {5}, set(range(6))])
def test_learning_stopped_after_any_iteration_resumes_as_if_never_stopped(stopped, tmp_path):
    whole, cut = (Run(3, 7, 2, timesteps=4, warmup=5) for _ in range(2))
    for iteration in range(6):
        if iteration in stopped:
            cut.hand_over(tmp_path)
        whole.learn()
        cut.learn()
    np.testing.assert_equal(outcome(cut), outcome(whole))
    assert whole.agent.calls.count('train') == 4


def test_the_open_episode_is_not_begun_again(tmp_path):
    run = Run(9, timesteps=4)
    run.learn()
    run.hand_over(tmp_path)
    run.learn()
    assert run.env.episode == 0
    np.testing.assert_array_equal(run.learner.state_dict()['observation']['state'], [0, 8])


def test_before_the_first_step_there_is_no_open_episode():
    assert Run(9).learner.state_dict() == {'updates': 0, 'steps': 0, 'episodes': 0, 'iterations': 0}
