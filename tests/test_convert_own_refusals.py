"""What own data cannot be converted, or not as they are: each is one line."""
import numpy as np
import pytest

import convert
from envs.recorded.rlds.new_episode import NewEpisode
from envs.recorded.rlds.schema import Schema
from envs.recorded.rlds.write import write_set
from tests.own_data.files import moving, write_robomimic
from tests.test_convert_own import converted, made, read_back
from utils.errors import UserError


def test_the_frame_rate_of_own_data_must_be_given_where_it_is_recorded(tmp_path):
    source = made(tmp_path / 'source', size=0)
    with pytest.raises(UserError, match='^--fps: expected the frames per second of own data'):
        convert.main(['--to=lerobot', '--env=recorded', str(source), str(tmp_path / 'new')])


def test_a_task_that_hdf5_cannot_hold_as_it_is_is_reported(tmp_path, caplog):
    source = tmp_path / 'source'
    write_new(source, ['put  "it" down', 'lift'])
    converted('hdf5', source, tmp_path / 'new')
    assert """the task 'put  "it" down' is read back as 'put it down'""" in caplog.text
    assert read_back(tmp_path / 'new')[0] == ('put it down', 'lift')


def test_tasks_that_would_become_one_in_hdf5_are_refused(tmp_path):
    write_new(tmp_path / 'source', ['put "it" down', 'put it down'])
    with pytest.raises(UserError, match="'put \"it\" down' and 'put it down' would be read back as one task"):
        converted('hdf5', tmp_path / 'source', tmp_path / 'new')


def write_new(folder, tasks):
    """A data set in RLDS with an episode of each task."""
    values = np.zeros((3, 2), np.float32)
    episodes = [NewEpisode({}, {'state': values}, values, values[:, 0], task, '') for task in tasks]
    write_set(folder / 'new' / '1.0.0', 'new', '1.0.0', [lambda each=each: each for each in episodes],
              Schema({}, {'state': 2}, 2))


@pytest.mark.parametrize('flag', ['--libero_orientation=opengl', '--libero_noops=drop'])
def test_flags_that_would_change_own_data_are_refused(tmp_path, flag):
    with pytest.raises(UserError, match=f'^{flag}: frames and steps of own data are written as stored'):
        converted('rlds', made(tmp_path / 'source', size=0), tmp_path / 'new', flag)


def test_a_key_that_would_be_read_back_as_another_is_refused(tmp_path):
    source = made(tmp_path / 'source', size=0)
    words = '--columns=image=obs/object'
    with pytest.raises(UserError) as caught:
        converted('rlds', source, tmp_path / 'new', words)
    assert str(caught.value) == ('--to=rlds: obs/object has the key image, which would be read back as '
                                 'agentview; expected another key, by --columns=KEY=obs/object')
    assert read_back(converted('hdf5', source, tmp_path / 'new', words))[1][0][0].vectors.keys() == {
        'image', 'robot0_eef_pos'}


def test_sets_of_other_shapes_are_refused(tmp_path):
    source = made(tmp_path / 'source', size=8)
    write_robomimic(source / '9.hdf5', [moving(np.random.default_rng(0), 4, 0, 12)])
    with pytest.raises(UserError, match=r'9.hdf5 demo_0: expected agentview \[8, 8, 3\], .*, got agentview '):
        converted('rlds', source, tmp_path / 'new')


@pytest.mark.parametrize('form', ['rlds', 'lerobot', 'hdf5'])
def test_own_data_without_the_flag_are_refused_and_the_flag_is_named(tmp_path, form):
    source = made(tmp_path / 'source', size=0)
    source = source if form == 'hdf5' else converted(form, source, tmp_path / 'other')
    with pytest.raises(UserError, match='or --env=recorded for data of your own$'):
        convert.main(['--to=hdf5', str(source), str(tmp_path / 'new')])


@pytest.mark.parametrize('name', ['../evil', 'n' * 201, 'a\n', '1st'])
def test_a_name_that_a_data_set_cannot_have_leaves_no_unfinished_folder(tmp_path, name):
    source = made(tmp_path / 'source', size=0)
    with pytest.raises(UserError, match='^expected at most 200 letters, digits and underscores, a letter'):
        converted('rlds', source, tmp_path / 'new', f'--name={name}')
    assert [path.name for path in tmp_path.iterdir()] == ['source']


@pytest.mark.parametrize('words, message', [
    (['--fps=10001'], '--fps=10001: expected an integer from 0 to 10000'),
    (['--env=x'], '--env=x: expected empty, libero_spatial, '),
    (['n' * 300, 'new'], 'n*: expected recorded episodes; it does not exist')])
def test_a_word_that_cannot_be_used_is_refused(words, message):
    with pytest.raises(UserError, match=f'^{message}'):
        convert.parse_words(['--to=lerobot', *words])
