"""RRD and RRD-L(RD) with DQN, on vectors and on frames: which part learns from which."""
import numpy as np
import pytest

from algorithm.basis_alg.dqn import DQN
from algorithm.preprocess import Preprocess
from algorithm.reward_model import RewardModel
from tests.algorithm.agents import is_slot, make_agent, moved, weights
from tests.algorithm.test_agent import first_adam_step
from tests.fakes import DISCRETE, FRAMES, RandomSampler, arguments, random_transitions
from utils.tf_util import tf, tf1, variables
from utils.types import leaves

SPECS = {'vectors': DISCRETE, 'frames': FRAMES}
LAYERS = {'vectors': ['dense1', 'dense2', ''], 'frames': ['conv1', 'conv2', 'conv3', 'dense_act', 'act']}
BASE = ['dense_base', 'base']


def names(scope, letter, layers):
    return [f'{scope}/net/{"_".join(filter(None, (letter, layer)))}/{kind}'
            for layer in layers for kind in ('kernel', 'bias')]


@pytest.fixture(scope='module', params=SPECS)
def parts(request):
    """(graph, reward model, DQN) in one graph that is not finalised."""
    args, spec = arguments('rrd', 'dqn', double=True, batch_size=4), SPECS[request.param]
    with tf.Graph().as_default() as graph:
        preprocess = Preprocess(spec, args)
        model = RewardModel(spec, args, preprocess)
        yield graph, model, DQN(spec, args, preprocess, model.fixed_reward), random_transitions(
            np.random.default_rng(0), 4, spec)


def test_reward_gets_no_gradient_from_the_critic_nor_the_critic_from_the_rewards_loss(parts):
    graph, model, dqn, _ = parts
    with graph.as_default():
        rewards, others = variables('reward'), variables('main') + variables('target')
        assert rewards and others
        assert tf.gradients(dqn.tensors['reward'], rewards) == [None] * len(rewards)
        assert tf.gradients(dqn.groups[0].info['dqn/critic_loss'], rewards) == [None] * len(rewards)
        assert tf.gradients(model.tensors['total_loss'], others) == [None] * len(others)


def test_the_loss_has_no_gradient_at_the_target_network_or_the_next_state(parts):
    """With double, the main network's own choice of the next action is none either."""
    graph, _, dqn, _ = parts
    with graph.as_default():
        targets, loss = variables('target'), dqn.groups[0].info['dqn/critic_loss']
        next_state = list(dqn.tensors['next_state'].values())
        assert tf.gradients(loss, targets + next_state) == [None] * (len(targets) + len(next_state))
        assert all(gradient is not None for gradient in tf.gradients(loss, variables('main')))


def test_the_critic_learns_from_the_predicted_reward_only(parts):
    graph, _, dqn, batch = parts
    inputs = leaves([dqn.groups[0].inputs.transitions])
    with graph.as_default(), tf1.Session() as session:
        session.run(tf1.global_variables_initializer())
        one, other = (session.run([dqn.tensors['reward'], dqn.groups[0].info],
                                  dict(zip(inputs, leaves([steps]), strict=True)))
                      for steps in (batch, batch._replace(reward=batch.reward + 100)))
    np.testing.assert_array_equal(one[0], other[0])
    assert one[1] == other[1] and one[0].shape == (4,) and len(set(one[0].tolist())) == 4


@pytest.mark.parametrize('kind, corrected', [('vectors', False), ('vectors', True), ('frames', True)])
def test_one_update_trains_critic_and_reward_on_one_batch(kind, corrected):
    args = arguments('rrd', 'dqn', rrd_bias_correction=corrected)
    agent, sampler = make_agent(args, spec=SPECS[kind]), RandomSampler(args, spec=SPECS[kind])
    before = weights(agent)
    assert set(agent.train(sampler)) == {'dqn/critic_loss', 'reward/loss', 'reward/variance'}
    assert moved(before, weights(agent)) == {*names('main/value', 'q', LAYERS[kind]),
                                             *names('reward', 'r', LAYERS[kind])}
    assert sampler.requests == [(True, True)]


@pytest.mark.parametrize('kind, dueling', [('vectors', False), ('frames', True)])
def test_variables_are_those_of_the_original_in_its_order(kind, dueling):
    agent = make_agent(arguments('rrd', 'dqn', dueling=dueling), spec=SPECS[kind])
    ours = [variable.op.name for variable in agent.variables() if not is_slot(variable.op.name)]
    layers = LAYERS[kind] + BASE * dueling
    critics = [name for side in ('main', 'target') for name in names(f'{side}/value', 'q', layers)]
    assert [name for name in ours if not name.startswith('reward/')] == critics
    assert [name for name in ours if name.startswith('reward/')] == names('reward', 'r', LAYERS[kind])


def test_all_gradients_and_reports_are_taken_before_any_weight_moves():
    """With rates of 1, a critic that is updated after the reward would learn from a different reward."""
    args = arguments('rrd', 'dqn', q_lr=1, r_lr=1, Adam_eps=1e-8)
    agent = make_agent(args, spec=DISCRETE)
    group, feeds = agent.groups[0], leaves(RandomSampler(args, spec=DISCRETE).sample())
    trained = [update.variables for update in group.updates]
    fetches = [trained, [update.gradients for update in group.updates], group.info]
    before, gradients, info = agent.session.run(fetches, dict(zip(leaves(group.inputs), feeds, strict=True)))

    reported = agent.run_group(0, False, feeds)

    joined = (sum(values, []) for values in (agent.session.run(trained), before, gradients))
    for new, old, gradient in zip(*joined, strict=True):
        np.testing.assert_allclose(new, first_adam_step(old, gradient, 1), rtol=1e-3, atol=1e-3)
    assert reported == pytest.approx(info, rel=1e-5)
