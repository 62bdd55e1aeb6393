"""Environments of a module of the user's own, given as `module:Id`."""
import sys

import gymnasium
import numpy as np
import pytest

from common import parse_args
from envs.simulated import make_env
from envs.simulated.mujoco import make_raw
from utils.errors import UserError

PLAIN = """
import gymnasium
import numpy as np
from gymnasium.spaces import Box


class Plain(gymnasium.Env):
    observation_space, action_space = Box(-1.0, 1.0, (3,)), Box(-1.4, 0.8, (2,), np.float64)

    def __init__(self{parameters}):
        {body}

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.np_random.uniform(-1, 1, 3), {{}}

    def step(self, action):
        return self.np_random.uniform(-1, 1, 3), float(action.sum()), False, False, {{}}


gymnasium.register('Plain-v0', entry_point=Plain)
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """A function that writes the module `own_module`; it is forgotten after the test."""
    monkeypatch.syspath_prepend(tmp_path)
    yield lambda text: (tmp_path / 'own_module.py').write_text(text)
    sys.modules.pop('own_module', None)
    gymnasium.registry.pop('Plain-v0', None)


def refusal(env_id='own_module:Plain-v0', **options):
    with pytest.raises(UserError, match='^.*$') as caught:
        make_raw(env_id, **options)
    return str(caught.value)


@pytest.mark.parametrize('parameters', ['', ', render_mode=None'])
def test_a_plain_environment_is_played_whether_it_takes_a_render_mode_or_not(parameters, write):
    write(PLAIN.format(parameters=parameters, body='pass'))
    env = make_env(parse_args(['--env=own_module:Plain-v0']), seed=0, learning=True)
    assert env.facts == {'id': 'Plain-v0', 'kwargs': {}}
    assert env.reset()['state'].shape == (3,)
    assert env.step(np.zeros(2, np.float32)).reward == 0.0


def test_a_constructor_without_a_render_mode_cannot_be_filmed_and_that_is_one_line(write):
    write(PLAIN.format(parameters='', body='pass'))
    assert refusal(render_mode='rgb_array').startswith('--env=own_module:Plain-v0: cannot be made: ')


@pytest.mark.parametrize('text, error', [
    ('1 / 0', 'ZeroDivisionError: division by zero'),
    ('def broken(:', 'SyntaxError: '),
    ('import no_such_package', "No module named 'no_such_package'"),
    ('from math import no_such_name', "cannot import name 'no_such_name' from 'math'"),
    ('no_such_name', "NameError: name 'no_such_name' is not defined"),
    ('import math; math.no_such_name', "AttributeError: module 'math' has no attribute 'no_such_name'"),
    ('assert False, "two\\nlines"', 'AssertionError: two lines')])
def test_a_module_that_fails_to_import_is_an_error_of_one_line(text, error, write):
    write(text)
    assert refusal().startswith(f'--env=own_module:Plain-v0: cannot be made: {error}')


@pytest.mark.parametrize('body, error', [
    ('{}["size"]', "KeyError: 'size'"),
    ('self.size', "AttributeError: 'Plain' object has no attribute 'size'"),
    ('assert False', 'AssertionError:')])
def test_a_constructor_that_raises_is_an_error_of_one_line(body, error, write):
    write(PLAIN.format(parameters='', body=body))
    assert refusal().startswith(f'--env=own_module:Plain-v0: cannot be made: {error}')
