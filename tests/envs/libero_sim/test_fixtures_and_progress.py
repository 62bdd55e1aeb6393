"""Model files of recordings, the formula of true progress, and rotations; without the simulator."""
import numpy as np
import pytest

from envs.libero_sim import fixtures
from envs.libero_sim.appearance import difference
from envs.libero_sim.check import remarks
from envs.libero_sim.progress import Moment, progress
from envs.libero_sim.sensors import axis_angle
from utils.errors import UserError

MODEL = ('<mujoco><asset><mesh file="/home/x/libero/libero/assets/scenes/a.stl"/><mesh file="meshes/b.stl"/>'
         '</asset><worldbody><body name="stove" pos="1 2 3"><body name="knob" quat="0 1 0 0"/></body>'
         '</worldbody></mujoco>')


def test_bodies_are_placed_where_the_model_says_or_at_the_origin():
    found = fixtures.placements(MODEL)
    assert found['stove'][0].tolist() == [1, 2, 3] and found['stove'][1].tolist() == [1, 0, 0, 0]
    assert found['knob'][0].tolist() == [0, 0, 0] and found['knob'][1].tolist() == [0, 1, 0, 0]


def test_files_of_libero_that_are_missing_are_named_whatever_machine_recorded(tmp_path):
    assert fixtures.missing_files(MODEL, tmp_path) == ['assets/scenes/a.stl']
    (tmp_path / 'assets' / 'scenes').mkdir(parents=True)
    (tmp_path / 'assets' / 'scenes' / 'a.stl').touch()
    assert fixtures.missing_files(MODEL, tmp_path) == []


def test_a_model_that_names_missing_meshes_is_refused_before_anything_moves(tmp_path):
    with pytest.raises(UserError, match='model_file names 1 files that .* lacks, the first of which is a'):
        fixtures.place(None, MODEL, tmp_path)


@pytest.mark.parametrize('text, error', [
    ('<mujoco>', 'expected the XML of a MuJoCo model'), ('<!DOCTYPE x><mujoco/>', 'without declarations'),
    ('<mujoco><body name="a" pos="1 2"/></mujoco>', "body 'a': expected 3 numbers as pos, got '1 2'"),
    ('<mujoco><body name="a" quat="1 0 0 inf"/></mujoco>', 'expected 4 numbers as quat')])
def test_a_damaged_model_is_one_line(text, error):
    with pytest.raises(UserError, match=error):
        fixtures.placements(text)


def test_a_shortened_model_is_not_whole():
    assert fixtures.is_whole(MODEL)
    assert not fixtures.is_whole('<mujoco> shortened') and not fixtures.is_whole(b'')


START = Moment(gripper_object=0.4, object_goal_xy=0.2, height=0.9, grasped=False)


@pytest.mark.parametrize('now, expected', [
    (START, 0.0),
    (START._replace(gripper_object=0.1), 0.25 * 0.75),
    (START._replace(gripper_object=0.8), 0.0),                                      # farther than at first
    (Moment(0.0, 0.2, 0.925, True), 0.25 + 0.15 + 0.10 * 0.5),
    (Moment(0.0, 0.0, 1.5, True), 0.9)])
def test_progress_is_the_sum_of_its_parts(now, expected):
    assert progress(START, now, success=False) == pytest.approx(expected)


def test_progress_is_one_at_the_goal_alone():
    assert progress(START, START, success=True) == 1.0


def test_a_rotation_vector_is_its_axis_times_its_angle():
    assert np.allclose(axis_angle(np.array([0, 0, np.sin(0.3), np.cos(0.3)])), [0, 0, 0.6])
    assert axis_angle(np.array([0, 0, 0, 1.0])).tolist() == [0, 0, 0]


def test_pictures_of_two_sizes_are_compared_by_their_colours():
    small, large = np.full((56, 56, 3), 100, np.uint8), np.full((128, 128, 3), 103, np.uint8)
    assert difference(large, small) == 3.0


def test_a_darker_picture_is_reported_with_the_known_cause():
    text, = remarks([['a.hdf5', '100', '80', '1.0', '79', '5.0']], '3.8.1')
    assert 'a.hdf5: pictures are 0.80 times as bright' in text and 'MuJoCo >= 3.3.3 renders darker' in text


def test_a_recording_without_reflections_is_recognized():
    text, = remarks([['a.hdf5', '100', '104', '3.0', '100', '0.1']], '3.8.1')
    assert text.startswith('a.hdf5: recorded without reflections')
