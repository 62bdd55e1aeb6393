"""Variables of whole agents on disk, all of them or those of the reward alone."""
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from tests.algorithm.agents import make_agent, make_reward_agent, weights
from tests.fakes import RandomSampler, arguments
from utils.checkpoints.variable_files import VariableFiles
from utils.errors import UserError
from utils.tf_util import tf, tf1

KINDS = [('rrd', 'td3'),
         *(pytest.param(kind, marks=pytest.mark.slow) for kind in (('ddpg',), ('rrd', 'sac')))]


class Saved(NamedTuple):
    """An agent that was saved after three updates, and its values at that time."""

    args: Any
    agent: Any
    prefix: Path
    weights: dict
    state: dict
    generator: dict


def save_trained(directory, *kind, make=make_agent, **flags):
    """`Saved`, after three updates and as many of the normaliser."""
    args, rng = arguments(*kind, **flags), np.random.default_rng(5)
    agent, sampler = make(args, rng), RandomSampler(args)
    for _ in range(3):
        agent.update_normalizer(sampler)
        agent.train(sampler)
    agent.save_variables(directory / 'v')
    return Saved(args, agent, directory / 'v', weights(agent), agent.state_dict(), rng.bit_generator.state)


@pytest.fixture(scope='module')
def normalised(tmp_path_factory):
    """`Saved` with a policy and a normaliser, for reading only."""
    return save_trained(tmp_path_factory.mktemp('saved'), 'rrd', 'ddpg', obs_normalization=True)


def save_reward(directory, **flags):
    """`Saved` of a reward model without a policy."""
    return save_trained(directory, 'rrd', 'sac', make=make_reward_agent, **flags)


def assert_equal_weights(one, other):
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)
        assert array.dtype == other[name].dtype


def updated(agent, args):
    """Results of two further updates, and the weights after them."""
    sampler, results = RandomSampler(args, seed=8), []
    for _ in range(2):
        agent.update_normalizer(sampler)
        results.append(agent.train(sampler))
    return results, weights(agent)


@pytest.mark.parametrize('kind', KINDS, ids='-'.join)
def test_a_restored_agent_has_all_variables_and_continues_as_the_saved_one(kind, tmp_path):
    """TD3's policy is due at every second update, which the count of updates decides."""
    saved = save_trained(tmp_path, *kind, obs_normalization=True, train_target=3)
    rng = np.random.default_rng(0)
    other = make_agent(saved.args, rng)
    other.restore_variables(saved.prefix)
    other.load_state_dict(saved.state)
    rng.bit_generator.state = saved.generator
    assert_equal_weights(weights(other), saved.weights)
    assert any('Adam' in name for name in saved.weights)
    (one_results, one), (other_results, two) = (updated(agent, saved.args) for agent in (saved.agent, other))
    assert one_results == other_results
    assert_equal_weights(one, two)


def test_only_two_files_are_written(tmp_path):
    save_reward(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {'v.index', 'v.data-00000-of-00001'}


def test_an_agent_can_be_saved_again_and_again(tmp_path):
    saved = save_reward(tmp_path)
    for number in range(7):         # a Saver would delete all but five
        saved.agent.save_variables(tmp_path / f'v{number}')
    saved.agent.train(RandomSampler(saved.args))
    saved.agent.restore_variables(tmp_path / 'v0')
    assert_equal_weights(weights(saved.agent), saved.weights)


@pytest.mark.parametrize('make', [lambda args: make_agent(args, 1), lambda args: make_reward_agent(args, 1)],
                         ids=['with a policy', 'alone'])
def test_a_reward_is_restored_without_its_optimiser_and_without_the_policy(make, normalised):
    saved = normalised
    other = make(arguments('rrd', 'td3', obs_normalization=True))
    before = weights(other)
    other.restore_reward(saved.prefix)
    after = weights(other)
    taken = {name for name in before if name.startswith(('reward/', 'normalizer/')) and 'Adam' not in name}
    assert {name for name in before if (before[name] != after[name]).any()} == taken
    assert_equal_weights({name: after[name] for name in taken}, {name: saved.weights[name] for name in taken})
    assert len(taken) == 10 + 6


def test_a_reward_without_a_normaliser_is_restored_alone(tmp_path):
    saved = save_reward(tmp_path)
    other = make_reward_agent(saved.args, 1)
    before = weights(other)
    other.restore_reward(saved.prefix)
    changed = {name for name, array in weights(other).items() if (before[name] != array).any()}
    assert changed == {f'reward/net/{layer}/{part}' for layer in ('r_dense1', 'r_dense2', 'r')
                       for part in ('kernel', 'bias')}


def test_a_missing_normaliser_raises_and_nothing_changes(tmp_path):
    saved = save_reward(tmp_path)
    other = make_reward_agent(arguments('rrd', 'sac', obs_normalization=True), 1)
    before = weights(other)
    with pytest.raises(UserError, match=r'/v: normalizer/state/sum is missing, expected \[3\]$'):
        other.restore_reward(saved.prefix)
    assert_equal_weights(weights(other), before)


class Variables:
    """Variables of given names and values, in a separate graph and session, and their files."""

    def __init__(self, **values):
        with tf.Graph().as_default() as graph:
            self._variables = [tf1.get_variable(name, initializer=np.float32(value), use_resource=True)
                               for name, value in values.items()]
            self.files = VariableFiles(self._variables)
            start = tf1.global_variables_initializer()
        graph.finalize()
        self.session = tf1.Session(graph=graph)
        self.session.run(start)

    def values(self):
        return [value.tolist() for value in self.session.run(self._variables)]


@pytest.mark.parametrize('present, text', [
    ({'a': [1, 2]}, r'b is missing, expected \[\]'),
    ({'a': [1, 2, 3], 'b': 4}, r'a is \[3\], expected \[2\]'),
    ({'a': [[1, 2]], 'b': 4}, r'a is \[1, 2\], expected \[2\]'),
    ({'a': [1, 2], 'b': [4]}, r'b is \[1\], expected \[\]')])
def test_an_incompatible_variable_is_named_in_the_error_and_nothing_changes(present, text, tmp_path):
    source, target = Variables(**present), Variables(a=[7, 8], b=9)
    source.files.save(source.session, tmp_path / 'v')
    with pytest.raises(UserError, match=f'^{tmp_path}/v: {text}$'):
        target.files.restore(target.session, tmp_path / 'v')
    assert target.values() == [[7, 8], 9]


def test_additional_variables_in_a_file_are_ignored(tmp_path):
    source, target = Variables(a=[1, 2], b=3, c=4), Variables(b=9)
    source.files.save(source.session, tmp_path / 'v')
    target.files.restore(target.session, tmp_path / 'v')
    assert target.values() == [3]


def test_variables_that_cannot_be_written_are_an_os_error(tmp_path):
    (tmp_path / 'v.index').mkdir()
    source = Variables(a=1)
    with pytest.raises(OSError):
        source.files.save(source.session, tmp_path / 'v')


def test_the_error_names_the_reason_why_variables_cannot_be_written(tmp_path):
    (tmp_path / 'v.index').mkdir()
    source = Variables(a=1)
    with pytest.raises(OSError, match='Is a directory'):
        source.files.save(source.session, tmp_path / 'v')


def test_a_parent_that_is_no_directory_is_an_os_error(tmp_path):
    (tmp_path / 'file').touch()
    source = Variables(a=1)
    with pytest.raises(OSError):
        source.files.save(source.session, tmp_path / 'file' / 'v')
