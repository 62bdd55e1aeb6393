"""Which off-screen OpenGL is chosen, by fakes."""
import os

import pytest

from envs.libero_sim import opengl
from utils.errors import UserError


@pytest.fixture(autouse=True)
def unset(monkeypatch):
    for name in ('MUJOCO_GL', 'PYOPENGL_PLATFORM'):
        monkeypatch.setenv(name, '')        # restored at the end, whatever is set meanwhile
        monkeypatch.delenv(name)


def only(*working):
    """A probe that finds these alone."""
    return lambda name: '' if name in working else f'no {name} here'


@pytest.mark.parametrize('working, expected', [(('egl', 'osmesa'), 'egl'), (('osmesa',), 'osmesa')])
def test_egl_is_preferred_and_osmesa_is_next(working, expected):
    assert opengl.choose(True, only(*working)) == expected
    assert os.environ['MUJOCO_GL'] == os.environ['PYOPENGL_PLATFORM'] == expected


def test_a_chosen_one_is_kept_without_a_trial(monkeypatch):
    monkeypatch.setenv('MUJOCO_GL', 'osmesa')
    assert opengl.choose(True, None) == 'osmesa' == os.environ['PYOPENGL_PLATFORM']


def test_one_that_needs_a_screen_is_refused(monkeypatch):
    monkeypatch.setenv('MUJOCO_GL', 'glfw')
    with pytest.raises(UserError, match='MUJOCO_GL=glfw: expected egl or osmesa'):
        opengl.choose(True, only('egl'))


def test_without_any_the_line_names_both_reasons_and_the_package():
    with pytest.raises(UserError, match='egl: no egl here; osmesa: no osmesa here.*-y .* libosmesa6$'):
        opengl.choose(True, only())


def test_physics_alone_need_no_opengl():
    assert opengl.choose(False, only()) == opengl.NONE
