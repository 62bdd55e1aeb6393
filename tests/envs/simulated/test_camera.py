"""Filming, where off-screen OpenGL is installed, and the error where it is not."""
import ctypes.util
import os

import cv2
import numpy as np
import pytest

import common
from envs.simulated import camera as video
from envs.simulated import film, make_env
from utils.errors import UserError

HAS_OPENGL = any(map(ctypes.util.find_library, video.LIBRARIES.values()))


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv('MUJOCO_GL', '')         # so that it is restored after a test
    monkeypatch.delenv('MUJOCO_GL')


@pytest.mark.skipif(not HAS_OPENGL, reason='neither EGL nor OSMesa is installed')
def test_a_film_has_a_picture_of_every_state_of_every_episode(tmp_path):
    args = common.parse_args(['--env=Hopper-v2', '--test_timesteps=5'])
    env, states = make_env(args, 3), []
    for _ in range(2):
        env.reset()
        while not env.step(np.zeros(3, np.float32)).over:
            pass
        states.append(env.state_dict())
    path = str(tmp_path / 'film.mp4')
    with video.Camera(args, path) as camera:
        camera.film(states, 12)
    shown = cv2.VideoCapture(path)
    pictures = [shown.read()[1] for _ in range(12)]
    assert shown.read()[0] is False
    assert pictures[0].shape == (480, 480, 3) and pictures[0].std() > 10
    assert shown.get(cv2.CAP_PROP_FPS) == 125        # as the environment specifies


def test_a_film_of_a_game_has_its_start_too_and_appears_when_it_is_finished(tmp_path):
    args = common.parse_args(['--env=Pong', '--alg=dqn', '--test_timesteps=5', '--noop=6'])
    path = tmp_path / 'film.mp4'
    with video.make_camera(args, str(path)) as camera:
        env = make_env(args, 3, camera.wrap)
        env.reset()
        while not env.step(0).over:
            pass
        assert not path.exists()
        camera.film([], 0)
    shown = cv2.VideoCapture(str(path))
    assert sum(shown.read()[0] for _ in range(50)) == 1 + 6 + 5      # reset, actions that do nothing, steps
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize('name, message', [
    ('film.avi', 'film.avi: expected the name of an .mp4 file'),
    ('none/film.mp4', '/none is not a writable directory')])
def test_a_name_that_cannot_be_a_film_is_refused(name, message, tmp_path):
    with pytest.raises(UserError, match=f'--video=.*{message}'):
        film.check_film(str(tmp_path / name))


@pytest.mark.parametrize('installed, chosen', [
    (['EGL', 'OSMesa'], 'egl'), (['OSMesa'], 'osmesa'), (['EGL'], 'egl')])
def test_the_first_installed_opengl_is_chosen(installed, chosen, monkeypatch):
    monkeypatch.setattr(ctypes.util, 'find_library', lambda name: name in installed or None)
    video.choose_opengl()
    assert os.environ['MUJOCO_GL'] == chosen


def test_without_opengl_nothing_is_chosen_for_environments_that_need_none(monkeypatch):
    monkeypatch.setattr(ctypes.util, 'find_library', lambda name: None)
    video.choose_opengl()
    assert 'MUJOCO_GL' not in os.environ


def test_an_environment_that_cannot_be_rendered_names_what_to_install(monkeypatch):
    def broken(flags, take):
        raise AttributeError('no glGetError')       # as PyOpenGL does

    monkeypatch.setattr(video, '_make_env', broken)
    with pytest.raises(UserError, match='no glGetError.*apt-get install libegl1.*apt-get install libosmesa6'):
        video._render_once({'env': 'Hopper-v2'})


def test_an_existing_choice_is_kept(monkeypatch):
    monkeypatch.setenv('MUJOCO_GL', 'osmesa')
    video.choose_opengl()
    assert os.environ['MUJOCO_GL'] == 'osmesa'


def test_a_rendering_failure_is_an_error_of_one_line_before_anything_is_played(tmp_path, monkeypatch):
    monkeypatch.setenv('MUJOCO_GL', 'nonsense')
    args = common.parse_args(['--env=Hopper-v2'])
    path = str(tmp_path / 'film.mp4')
    with pytest.raises(UserError, match='MUJOCO_GL=nonsense: expected egl'), video.Camera(args, path):
        pytest.fail('the camera must not open')
    assert list(tmp_path.iterdir()) == []
