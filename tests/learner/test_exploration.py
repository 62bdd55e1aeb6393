"""The arguments that an agent gets for its exploration while it acts, and the logged values."""
import numpy as np
import pytest

from learner.online import OnlineLearner
from tests.fakes import FakeAgent, FakeEnvironment, FakeLog, FakeProgress, FakeSampler, arguments
from utils.checkpoints.state_files import read_state, write_state
from utils.stop_signals import StopSignals
from utils.types import Field, Spec


class Exploring(FakeAgent):
    """Records (step, ready) of every action, and reports ten times the step as its exploration."""

    def __init__(self):
        super().__init__()
        self.calls_to_act = []

    def act(self, observation, explore, step=0, ready=True):
        self.calls_to_act.append((step, ready))
        return super().act(observation, explore, step, ready)

    def exploration(self, step):
        return {'dqn/epsilon': 10 * step}


def make_learner(agent, env=None, sampler=None, log=None, **flags):
    args = arguments('dqn', **{'iterations': 1, 'timesteps': 4, 'train_batches': 1, **flags})
    return OnlineLearner(args, env or FakeEnvironment(3), agent, sampler or FakeSampler(), log or FakeLog(),
                         FakeProgress(), StopSignals())


def test_every_action_gets_the_steps_so_far_over_all_episodes():
    agent = Exploring()
    learner = make_learner(agent)
    for cycle in (1, 2):
        learner.learn(cycle)
    assert [step for step, _ in agent.calls_to_act] == list(range(8))


@pytest.mark.parametrize('warmup, first_ready', [(0, 3), (1, 3), (3, 3), (4, 6), (6, 6), (7, 9), (99, None)])
def test_an_action_gets_ready_once_the_warm_up_is_stored(warmup, first_ready):
    """Episodes of three steps are stored when they end, within an iteration too."""
    agent = Exploring()
    make_learner(agent, timesteps=12, warmup=warmup).learn(1)
    ready = [step for step, ready in agent.calls_to_act if ready]
    assert ready == ([] if first_ready is None else list(range(first_ready, 12)))


def test_exploration_after_the_steps_of_each_iteration_is_logged_before_warm_up_too():
    log = FakeLog()
    make_learner(Exploring(), log=log, iterations=3, warmup=1000).learn(1)
    assert [values for values in log.added if 'dqn/epsilon' in values] == [
        {'dqn/epsilon': 40}, {'dqn/epsilon': 80}, {'dqn/epsilon': 120}]


def test_an_agent_without_such_exploration_logs_none():
    log = FakeLog()
    make_learner(FakeAgent(), log=log, iterations=3).learn(1)
    assert not any('dqn/epsilon' in values for values in log.added)


def test_the_actions_of_discrete_agents_are_stored_as_numbers():
    class Numbered(FakeEnvironment):
        spec = Spec({'state': Field((2,))}, Field((), np.int32), 5)

    class Counting(FakeAgent):
        def act(self, observation, explore, step=0, ready=True):
            return np.int32(step)

    sampler = FakeSampler()
    make_learner(Counting(), Numbered(3), sampler).learn(1)
    actions = sampler.episodes[0].actions
    assert actions.tolist() == [0, 1, 2] and actions.dtype == np.int32 and actions.shape == (3,)


def test_a_resumed_learner_continues_its_counts(tmp_path):
    agent, env, sampler = Exploring(), FakeEnvironment(3), FakeSampler()
    first = make_learner(agent, env, sampler, warmup=3)
    first.learn(1)
    write_state(tmp_path, first.state_dict())
    second = make_learner(agent, env, sampler, warmup=3)
    second.load_state_dict(read_state(tmp_path))
    second.learn(2)
    assert agent.calls_to_act == [(step, step >= 3) for step in range(8)]
