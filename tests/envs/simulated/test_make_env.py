"""From an id to an environment: `make_env`, `make_raw`, and that the libraries print nothing."""
import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from common import parse_args
from envs.simulated import make_env
from envs.simulated.mujoco import make_raw
from utils.errors import UserError

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize('env_id, text', [
    ('Hafcheetah-v2', 'unknown; did you mean HalfCheetah-v2, HalfCheetah-v5 or HalfCheetah-v4?'),
    ('Pendulum-v0', 'unknown; did you mean Pendulum-v1, '),
    ('Quux-v0', 'unknown; expected an id of Gymnasium with its version, such as Hopper-v2, '),
    ('two\nlines', 'unknown; expected an id of Gymnasium with its version, such as Hopper-v2, '),
    ('', 'unknown; expected an id of Gymnasium with its version, such as Hopper-v2, '),
    ('Ant', 'expected an id with its version, such as Ant-v'),
    ('InvertedPendulum-v2', 'cannot be made: '),
    ('Hopper-v3', 'cannot be made: '),
    ('no_such_module:Ant-v4', "cannot be made: No module named 'no_such_module'"),
    ('a:b:c', 'cannot be made: '),
])
def test_invalid_id_is_an_error_of_one_line(env_id, text):
    with pytest.raises(UserError) as caught:
        make_raw(env_id)
    line = str(caught.value)
    assert line.startswith(f'--env={" ".join(env_id.split())}: {text}') and '\n' not in line


def test_missing_simulator_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, 'mujoco', None)
    with pytest.raises(UserError, match=r'^--env=HalfCheetah-v2: cannot be made: import of mujoco halted'):
        make_raw('HalfCheetah-v2')


@pytest.mark.parametrize('env_type, learning, episodic', [
    ('ep_rews', True, True), ('ep_rews', False, False), ('normal', True, False), ('normal', False, False)])
def test_env_type_chooses_episodic_or_dense_rewards_for_the_learner_alone(env_type, learning, episodic):
    env = make_env(parse_args(['--env=Reacher-v2', f'--env_type={env_type}']), seed=0, learning=learning)
    env.reset()
    assert (env.step(np.ones(2, np.float32)).reward == 0.0) == episodic


def test_test_timesteps_ends_the_episode():
    env = make_env(parse_args(['--env=Swimmer-v2', '--env_type=normal', '--test_timesteps=3']), seed=0)
    env.reset()
    assert [env.step(np.zeros(2, np.float32)).over for _ in range(3)] == [False, False, True]


def test_mujoco_warnings_go_to_the_log(caplog):
    raw = make_raw('Hopper-v2')
    raw.reset()
    raw.unwrapped.data.qvel[:] = np.nan
    with caplog.at_level(logging.WARNING, logger='rrd'):
        raw.step(np.zeros(3, np.float32))
    assert 'The simulation is unstable' in caplog.text


def run_python(program, directory):
    return subprocess.run([sys.executable, '-c', program], cwd=directory, env={'PYTHONPATH': str(ROOT)},
                          capture_output=True, text=True, check=True)


def test_libraries_print_nothing_and_leave_no_file(tmp_path):
    done = run_python("""
import numpy as np
from envs.simulated.mujoco import make_raw
from envs.simulated.vectors import VectorEnvironment
env = VectorEnvironment(make_raw('HalfCheetah-v2'), 1000, 0)
env.reset()
env.step(np.zeros(6, np.float32))
env.reset()
env.close()
""", tmp_path)
    assert (done.stdout, done.stderr, list(tmp_path.iterdir())) == ('', '', [])


def test_importing_envs_imports_neither_gymnasium_nor_mujoco(tmp_path):
    program = "import sys, envs; print({'gymnasium', 'mujoco', 'tensorflow'} & set(sys.modules))"
    assert run_python(program, tmp_path).stdout == 'set()\n'
