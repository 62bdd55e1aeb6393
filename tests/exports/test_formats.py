"""Files of both formats compute the rewards of the run, and describe their inputs."""
import functools
import json

import numpy as np
import pytest

from algorithm.agent import Agent
from algorithm.networks import leading
from algorithm.reward_model import RewardModel
from exports.check import check
from exports.layout import KEY, inputs_of
from exports.onnx_reward import OnnxModel, open_onnx
from exports.saved_model import saved_reward, write_saved_model
from tests.exports.models import CONTEXTS, KINDS, RECORDED, made, need_onnx, recorded_args
from tests.fakes import random_transitions
from utils.errors import UserError
from utils.foreign.files import DamagedError
from utils.tf_util import dense, tf, tf1

need_onnx()
NAMES = {'vectors': ['state', 'state_next', 'goal', 'goal_next', 'action'],
         'numbers': ['state', 'state_next', 'goal', 'goal_next', 'action'],
         'frames': ['frame', 'frame_next', 'action'],
         'recorded': ['agentview', 'agentview_next', 'state', 'state_next', 'action', 'task']}


@functools.cache
def exported(kind):
    """(a `Made`, the bytes of its ONNX model)."""
    model = KINDS[kind]()
    return model, model.onnx()


@pytest.fixture(scope='module', autouse=True)
def sessions():
    """Ends the sessions of the models, which Python's own end is too late for."""
    yield
    exported.cache_clear()


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def pair(kind):
    return exported(kind)


@pytest.fixture
def vectors():
    return exported('vectors')[1]


def test_rewards_are_those_of_the_model(pair):
    model, content = pair
    agreement = check('reward.onnx', model.reward, OnnxModel(content, 'reward.onnx').run)
    assert agreement.difference <= 1e-6 and agreement.scale > 1e-3 and agreement.steps == 64


def test_inputs_have_names_in_order_and_any_number_of_steps(pair, kind):
    session = OnnxModel(pair[1], 'reward.onnx')
    assert session.inputs == NAMES[kind]
    spec = pair[0].reward.spec
    for size in (1, 5):
        steps = random_transitions(np.random.default_rng(0), size, spec)
        action = steps.action.astype(np.int64) if spec.num_actions else steps.action
        number = np.zeros(size, np.int64) if spec.tasks else None
        rewards = session.run(inputs_of(steps.observation, action, steps.next_observation, number))
        assert rewards.shape == (size,) and rewards.dtype == np.float32


def test_a_file_is_a_learned_reward_with_the_spec_and_the_tasks_of_the_run(pair, tmp_path):
    (tmp_path / 'reward.onnx').write_bytes(pair[1])
    reward, original = open_onnx(tmp_path / 'reward.onnx'), pair[0].reward
    assert reward.tasks == original.tasks and reward.spec.tasks == original.spec.tasks
    assert reward.spec[:3] == original.spec[:3]
    steps = random_transitions(np.random.default_rng(0), 3, original.spec)
    parts = steps.observation, steps.action, steps.next_observation
    for task in original.tasks or [None]:
        np.testing.assert_allclose(reward(*parts, task=task), original(*parts, task=task), atol=1e-6)


def ignoring(observation, action, next_observation, context):
    """A reward of the state alone."""
    with tf1.variable_scope('net'):
        return tf.reshape(dense(tf.reshape(observation['state'], [-1, 2]), 1, 'r'), leading(action))


def test_inputs_that_a_reward_ignores_stay():
    class Ignoring(RewardModel):
        def __init__(self, *parts):
            super().__init__(*parts, network=ignoring)

    agent = Agent(RECORDED, recorded_args(), None, Ignoring, np.random.default_rng(0), (1, 1))
    model = made(agent, RECORDED, CONTEXTS)
    found = OnnxModel(model.onnx(), 'reward.onnx')
    assert found.inputs == NAMES['recorded']
    assert check('reward.onnx', model.reward, found.run).difference <= 1e-6


def test_a_saved_model_computes_the_rewards_of_the_model(tmp_path):
    model, folder = exported('recorded')[0], tmp_path / 'reward'
    write_saved_model(folder, model.graph, model.described())
    assert check(folder, model.reward, saved_reward(folder)).difference <= 1e-6
    assert json.loads((folder / 'assets.extra' / 'reward.json').read_text()) == model.described()


def changed(content, edit):
    """An ONNX model after `edit`, a function that changes its text of the description."""
    import onnx

    model = onnx.load_model_from_string(content)
    entry, = model.metadata_props
    text = edit(entry.value)
    if text is None:
        del model.metadata_props[:]
    else:
        entry.value = text
    return model.SerializeToString()


@pytest.mark.parametrize('edit, message', [
    (lambda text: None, 'is no reward that export.py wrote: it has no rrd_reward among its metadata'),
    (lambda text: '{', 'rrd_reward: '),
    (lambda text: '[]', 'rrd_reward: the description is incomplete'),
    (lambda text: text.replace('"format": 1', '"format": 2'), 'rrd_reward: format 2, expected 1'),
    (lambda text: text.replace('float32', 'object'), "rrd_reward: type 'object', expected one of float32, "),
    (lambda text: text.replace('"goal":', '"other":'), 'rrd_reward: the model has other inputs: state, ')])
def test_a_model_without_its_description_is_refused(vectors, edit, message, tmp_path):
    path = tmp_path / 'reward.onnx'
    path.write_bytes(changed(vectors, edit))
    with pytest.raises(UserError, match=f'{path}:? {message}'):
        open_onnx(path)


@pytest.mark.parametrize('old, new, message', [
    ('"tasks": ["open it", "close it"]', '"tasks": ["open it", "close it", "more"]',
     "the model has other shapes or tasks than it describes, the last of 3 of which is 'more'$"),
    ('[12, 16, 3]', '[16, 12, 3]', 'the model has other shapes or tasks than it describes')])
def test_a_model_that_cannot_compute_what_it_describes_is_refused(old, new, message, tmp_path):
    def edit(text):
        assert old in text
        return text.replace(old, new)

    path = tmp_path / 'reward.onnx'
    path.write_bytes(changed(exported('recorded')[1], edit))
    with pytest.raises(DamagedError, match=f'^cannot read {path}: rrd_reward: {message}'):
        open_onnx(path)


def test_a_model_without_the_reward_among_its_outputs_is_refused(vectors, tmp_path):
    import onnx

    model = onnx.load_model_from_string(vectors)
    last, = (node for node in model.graph.node if 'reward' in node.output)
    last.output[list(last.output).index('reward')] = model.graph.output[0].name = 'other'
    path = tmp_path / 'reward.onnx'
    path.write_bytes(model.SerializeToString())
    with pytest.raises(UserError, match='is no reward that export.py wrote: it has no output reward$'):
        open_onnx(path)


def test_a_damaged_model_is_refused_in_one_line(vectors, tmp_path):
    path = tmp_path / 'reward.onnx'
    for content in (b'', b'no model', vectors[:len(vectors) // 2]):
        path.write_bytes(content)
        with pytest.raises(DamagedError, match=f'^cannot read {path}: ') as caught:
            open_onnx(path)
        assert '\n' not in str(caught.value)


def test_the_metadata_are_json_with_the_facts_of_the_run(vectors):
    described = json.loads(OnnxModel(vectors, 'reward.onnx').described)
    assert KEY == 'rrd_reward' and described['run'] == 'made'
    assert described['observation']['state'] == {'shape': [3], 'dtype': 'float32', 'stack': 1}
    assert described['inputs'] == NAMES['vectors'] and described['tasks'] == []
