"""Rewards that an agent's model predicts step by step, against those of its training."""
import numpy as np
import pytest

from tests.algorithm.agents import make_agent, make_reward_agent
from tests.fakes import FRAMES, SPEC, RandomSampler, arguments, random_subsequences
from utils.types import leaves

AGENTS = {
    'with a policy': lambda: (make_agent(arguments('rrd', 'ddpg')), SPEC),
    'alone': lambda: (make_reward_agent(arguments('rrd', 'sac')), SPEC),
    'with discrete actions': lambda: (
        make_agent(arguments('rrd', 'dqn', env='Pong'), spec=FRAMES), FRAMES)}


@pytest.fixture(scope='module', params=AGENTS)
def agent(request):
    """(agent, its spec)."""
    return AGENTS[request.param]()


def one_by_one(agent, drawn):
    """[M, K] rewards of subsequences, predicted as steps."""
    def flat(x):
        return x.reshape(-1, *x.shape[2:])

    before, after = ({key: flat(x) for key, x in side.items()}
                     for side in (drawn.observation, drawn.next_observation))
    return agent.predict_rewards(before, flat(drawn.action), after).reshape(drawn.action.shape[:2])


def in_training(agent, drawn):
    """[M, K] rewards that the loss is computed from."""
    feeds = zip(leaves(agent.reward_model.group.inputs.subsequences), leaves(drawn), strict=True)
    return agent.session.run(agent.reward_model.tensors['predicted'], dict(feeds))


def test_predicted_rewards_are_those_of_training_before_and_after_updates(agent):
    agent, spec = agent
    drawn = random_subsequences(np.random.default_rng(0), 2, 3, spec)
    seen = []
    for _ in range(2):
        seen.append(one_by_one(agent, drawn))
        np.testing.assert_allclose(seen[-1], in_training(agent, drawn), rtol=1e-4, atol=1e-6)
        sampler = RandomSampler(arguments('rrd', 'ddpg'), spec=spec)
        agent.update_normalizer(sampler)
        agent.train(sampler)
    assert seen[0].dtype == np.float32 and len(set(seen[0].ravel().tolist())) > 3
    assert (seen[0] != seen[1]).all()


def test_any_number_of_steps_can_be_predicted_and_their_order_does_not_matter(agent):
    agent, spec = agent
    drawn = random_subsequences(np.random.default_rng(0), 1, 5, spec)
    together = one_by_one(agent, drawn)[0]

    def only(t):
        def part(x):
            return {key: value[:, [t]] for key, value in x.items()} if isinstance(x, dict) else x[:, [t]]
        return drawn._replace(observation=part(drawn.observation), action=part(drawn.action),
                              next_observation=part(drawn.next_observation))

    alone = [one_by_one(agent, only(t))[0, 0] for t in range(5)]
    np.testing.assert_allclose(alone, together, rtol=1e-4, atol=1e-6)
