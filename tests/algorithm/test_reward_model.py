"""The learned reward, alone and inside an agent."""
import numpy as np
import pytest

from algorithm.preprocess import Preprocess
from algorithm.reward_model import RewardModel, stored_reward
from tests.algorithm.agents import BASES, make_reward_agent, moved, weights
from tests.fakes import SPEC, RandomSampler, arguments, random_subsequences, random_transitions
from utils.tf_util import tf, tf1, variables
from utils.types import Transitions, leaves


class Model:
    """A reward model in a separate session, with rewards of transitions beside those of subsequences."""

    def __init__(self, **flags):
        args = arguments('rrd', 'sac', **flags)
        self._graph = tf.Graph()
        with self._graph.as_default():
            tf1.set_random_seed(1)
            self.model = RewardModel(SPEC, args, Preprocess(SPEC, args))
            self.inputs = self.model.group.inputs.subsequences
            self._steps = Transitions(*(_placeholders(part) for part in random_transitions(_rng(), 6)))
            self._rewards = self.model.reward(self._steps)
            self.variables = [v.op.name for v in tf1.global_variables()]
            start = tf1.global_variables_initializer()
        self._session = tf1.Session(graph=self._graph)
        self._session.run(start)

    def run(self, fetches, subsequences):
        return self._session.run(fetches, feeds(self.inputs, subsequences))

    def rewards(self, transitions):
        return self._session.run(self._rewards, feeds(self._steps, transitions))


def feeds(placeholders, arrays):
    """{placeholder: array} of two `Transitions`, or of two `Subsequences`."""
    return dict(zip(leaves([placeholders]), leaves([arrays]), strict=True))


def _rng():
    return np.random.default_rng(0)


def _placeholders(part):
    if isinstance(part, dict):
        return {key: _placeholders(value) for key, value in part.items()}
    return tf1.placeholder(tf.float32, part.shape)


def flattened(subsequences):
    """The same steps one by one, [M * K]."""
    def flat(x):
        return x.reshape(-1, x.shape[-1])

    before, after = ({key: flat(x) for key, x in side.items()}
                     for side in (subsequences.observation, subsequences.next_observation))
    size = subsequences.action.shape[0] * subsequences.action.shape[1]
    return Transitions(before, flat(subsequences.action), np.zeros(size, np.float32), after,
                       np.zeros(size, np.float32))


def test_a_step_has_one_reward_however_it_is_drawn():
    model, subsequences = Model(), random_subsequences(_rng(), 2, 3)
    predicted = model.run(model.model.tensors['predicted'], subsequences)
    assert predicted.shape == (2, 3)
    one_by_one = model.rewards(flattened(subsequences))
    np.testing.assert_allclose(one_by_one, predicted.reshape(6), rtol=1e-5, atol=1e-6)


def test_every_call_shares_the_weights():
    assert Model().variables == [f'reward/net/{layer}/{kind}' for layer in ('r_dense1', 'r_dense2', 'r')
                                 for kind in ('kernel', 'bias')]


@pytest.mark.parametrize('name', ['observation', 'action', 'next_observation'])
def test_the_reward_depends_on_the_observation_the_action_and_the_next_observation(name):
    model, rng = Model(), _rng()
    steps, others = random_transitions(rng, 6), random_transitions(rng, 6)
    changed = steps._replace(**{name: others._asdict()[name]})
    assert (model.rewards(changed) != model.rewards(steps)).all()


def test_the_reward_does_not_depend_on_the_stored_one():
    model, steps = Model(), random_transitions(_rng(), 6)
    changed = steps._replace(reward=steps.reward + 1)
    np.testing.assert_array_equal(model.rewards(changed), model.rewards(steps))


@pytest.mark.parametrize('corrected', [False, True])
def test_trained_loss_is_the_squared_error_less_the_variance_if_requested(corrected):
    model, subsequences = Model(rrd_bias_correction=corrected), random_subsequences(_rng(), 2, 3)
    tensors = model.model.tensors
    info, predicted, total = model.run([model.model.group.info, tensors['predicted'], tensors['total_loss']],
                                       subsequences)
    loss = np.mean((predicted.mean(axis=1) - subsequences.mean_reward) ** 2)
    variance = np.mean(predicted.var(axis=1, ddof=1) * subsequences.variance_weight) / 3
    np.testing.assert_allclose(info['reward/loss'], loss, rtol=1e-5)
    np.testing.assert_allclose(info['reward/variance'], variance, rtol=1e-5)
    np.testing.assert_allclose(total, loss - variance if corrected else loss, rtol=1e-5)


def test_single_steps_have_a_loss_but_no_variance():
    model = Model(rrd_sample_size=1)
    assert list(model.model.group.info) == ['reward/loss']


def test_stored_reward_is_that_of_the_transitions():
    steps = random_transitions(_rng(), 3)
    assert stored_reward(steps) is steps.reward


def test_a_reward_model_alone_creates_no_variable_of_a_policy():
    names = set(weights(make_reward_agent(arguments('rrd', 'sac'))))
    assert {name.split('/')[0] for name in names} == {'reward', 'beta1_power', 'beta2_power'}    # Adam's own


def test_a_reward_model_alone_is_trained_and_requests_no_transitions():
    args = arguments('rrd', 'sac')
    agent, sampler = make_reward_agent(args), RandomSampler(args)
    before = weights(agent)
    assert set(agent.train(sampler)) == set(agent.info_names) == {'reward/loss', 'reward/variance'}
    assert moved(before, weights(agent)) == {name for name in before if name.startswith('reward/')
                                             and 'Adam' not in name}
    assert sampler.requests == [(False, True)]


@pytest.fixture(params=BASES, scope='module')
def parts(request):
    """(graph, reward model, basis algorithm) in one graph."""
    args = arguments('rrd', request.param)
    with tf.Graph().as_default() as graph:
        preprocess = Preprocess(SPEC, args)
        model = RewardModel(SPEC, args, preprocess)
        yield graph, model, BASES[request.param](SPEC, args, preprocess, model.fixed_reward)


def test_reward_gets_no_gradient_from_the_critic(parts):
    """Nor from the policy; and neither gets one from the reward's loss."""
    graph, model, algorithm = parts
    with graph.as_default():
        rewards, others = variables('reward'), variables('main') + variables('target')
        assert tf.gradients(algorithm.tensors['reward'], rewards) == [None] * len(rewards)
        for group in algorithm.groups:
            assert tf.gradients(list(group.info.values()), rewards) == [None] * len(rewards)
            trained = {v.op.name for update in group.updates for v in update.variables}
            assert trained <= {v.op.name for v in others}
        assert tf.gradients(model.tensors['total_loss'], others) == [None] * len(others)


def test_the_basis_algorithm_learns_from_the_predicted_reward_only(parts):
    graph, _, algorithm = parts
    inputs, steps = algorithm.groups[0].inputs.transitions, random_transitions(_rng(), 4)
    with graph.as_default(), tf1.Session() as session:
        session.run(tf1.global_variables_initializer())
        rewards = [session.run(algorithm.tensors['reward'], feeds(inputs, batch))
                   for batch in (steps, steps._replace(reward=steps.reward + 100))]
    np.testing.assert_array_equal(*rewards)
    assert rewards[0].shape == (4,) and len(set(rewards[0].tolist())) == 4
