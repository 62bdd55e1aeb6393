"""Which stored arrays become which keys."""
import pytest

from envs.recorded.column_names import choose, choose_own, keys_of
from envs.recorded.raw import Column
from utils.errors import UserError

CAMERA, STATE, JOINTS = Column('camera', (8, 8, 3), 'png'), Column('vector', (8,)), Column('vector', (7,))
SETS = {
    'openpi': {'image': CAMERA, 'wrist_image': CAMERA, 'state': STATE},
    'LeRobot': {'observation.images.image': CAMERA, 'observation.images.image2': CAMERA,
                'observation.state': STATE},
    'IPEC': {'observation.images.image': CAMERA, 'observation.images.wrist_image': CAMERA,
             'observation.state': STATE, 'observation.states.ee_state': Column('vector', (6,)),
             'observation.states.joint_state': JOINTS},
    'RLDS': {'observation/image': CAMERA, 'observation/wrist_image': CAMERA, 'observation/state': STATE,
             'observation/joint_state': JOINTS},
}
OTHER = {'observation.images.top': CAMERA, 'observation.images.top.left': CAMERA, 'observation.state': STATE,
         'observation.effort': JOINTS}


def refusal(function, *arguments):
    with pytest.raises(UserError) as caught:
        function(*arguments)
    return str(caught.value)


@pytest.mark.parametrize('name', SETS)
def test_the_published_sets_of_libero_have_known_names(name):
    chosen = choose(SETS[name], 'agentview,wrist,state', '', 'set')
    assert list(chosen.columns) == list(SETS[name])[:3]
    assert (list(chosen.cameras), list(chosen.vectors)) == (['agentview', 'wrist'], ['state'])


@pytest.mark.parametrize('name', ['IPEC', 'RLDS'])
def test_proprio_is_the_state_and_the_joint_angles(name):
    names = choose(SETS[name], 'proprio', '', 'set').vectors['proprio']
    assert [SETS[name][column].shape for column in names] == [(8,), (7,)]


def test_proprio_is_refused_without_joint_angles():
    assert refusal(choose, SETS['openpi'], 'agentview,proprio', '', 'set') == (
        'set has no joint angles, which proprio needs; found image, wrist_image, state; train with state in '
        'place of proprio, such as --libero_obs=agentview,state, or give --columns=joint_state=COLUMN')


def test_a_camera_of_another_name_is_refused_with_the_way_to_name_it():
    assert refusal(choose, OTHER, 'agentview', '', 'set') == (
        'set has no known name for agentview; found observation.images.top, observation.images.top.left, '
        'observation.state, observation.effort; give --columns=agentview=COLUMN')
    named = choose(OTHER, 'agentview', 'agentview=observation.images.top', 'set')
    assert named.cameras == {'agentview': 'observation.images.top'}


def test_a_column_that_is_missing_or_of_another_kind_is_refused():
    text = refusal(choose, OTHER, 'agentview', 'agentview=x', 'set')
    assert text.startswith('--columns=agentview=x: set has no x; found observation.images.top')
    assert refusal(choose, OTHER, 'state', 'state=observation.effort', 'set') == (
        'set: expected observation.effort (state) as a vector of 8 numbers, got a vector of shape [7]')


def test_a_feature_is_a_vector_without_noise():
    chosen = choose(OTHER, 'feature:observation.effort', '', 'set')
    assert (chosen.vectors, chosen.exact) == ({'feature': ('observation.effort',)}, ('feature',))


def test_own_data_are_read_whole_by_short_names_unless_keys_are_given():
    chosen = choose_own(OTHER, '', 'front=observation.images.top.left', 'set')
    assert chosen.cameras == {'top': 'observation.images.top', 'front': 'observation.images.top.left'}
    assert list(chosen.vectors) == ['state', 'effort']
    assert choose_own(OTHER, 'effort', '', 'set').columns == ('observation.effort',)


def test_parts_of_a_state_are_not_read_twice():
    assert list(choose_own(SETS['IPEC'], '', '', 'set').vectors) == ['state']


def test_names_that_would_be_one_key_stay_whole():
    assert list(keys_of({'a.top': CAMERA, 'b.top': CAMERA, 'a.low state': STATE})) == [
        'a.top', 'b.top', 'low_state']


def test_an_unknown_key_of_own_data_is_refused_with_the_known_ones():
    assert refusal(choose_own, OTHER, 'wrist', '', 'set') == (
        '--libero_obs=wrist: set has no wrist; found top, left, state, effort')
