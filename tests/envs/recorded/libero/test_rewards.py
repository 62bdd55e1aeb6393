"""Rewards of recorded steps: the return, and the steps at the beginning that earned nothing."""
import h5py
import numpy as np
import pytest

from envs.recorded.dataset import load_all
from envs.recorded.libero.hdf5 import read_file
from tests.envs.recorded.libero.damage import put
from tests.envs.recorded.libero.files import write_suite_file
from tests.envs.recorded.libero.folders import TASKS, flags_for, isolate, write
from utils.errors import UserError


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    isolate(tmp_path, monkeypatch)


def unrewarded(tmp_path, rewards, alignment='before', idle=(), **flags):
    """`unrewarded` of a success with these stored rewards, {step: reward}, of 30 steps."""
    path = write(tmp_path / 'libero_spatial', TASKS[0], demos=1, length=30, alignment=alignment)
    with h5py.File(path, 'a') as file:
        demo = file['data/demo_0']
        del demo['rewards']
        demo['rewards'] = np.array([rewards.get(step, 0) for step in range(30)], np.float64)
        demo['actions'][:, 6] = 1       # else a step also moves the gripper
        for step in idle:
            demo['actions'][step, :6] = 0
    return load_all(flags_for(tmp_path, **flags)).recordings[0].unrewarded


@pytest.mark.parametrize('alignment, rewards, expected', [
    ('before', {29: 1}, 19), ('after', {29: 1}, 19),        # of 29 steps: ten before the end, as published
    ('before', {12: 1}, 12), ('after', {12: 1}, 11),        # after: the first stored step is left out
    ('before', {12: 1, 20: 1}, 12), ('before', {0: 1}, 0), ('after', {0: 1}, 0), ('after', {1: 1}, 0),
    ('before', {5: -0.5, 12: 2}, 5)])                       # a step that costs something is no step of 0
def test_steps_count_until_the_first_reward_or_ten_before_the_end(tmp_path, alignment, rewards, expected):
    assert unrewarded(tmp_path, rewards, alignment) == expected


def test_steps_without_action_that_are_left_out_do_not_count(tmp_path):
    assert unrewarded(tmp_path, {12: 1}, idle=(3, 4, 20), libero_noops='drop') == 10


def test_a_reward_of_a_step_that_is_left_out_still_ends_the_steps_without_reward(tmp_path):
    assert unrewarded(tmp_path, {12: 1}, idle=(12,), libero_noops='drop') == 12


def test_a_return_beyond_float32_is_refused(tmp_path):
    path = tmp_path / 'x.hdf5'
    write_suite_file(path)
    put(path, 'rewards', np.full(6, 3e38))
    with pytest.raises(UserError, match='data/demo_1/rewards: expected a sum within float32, got 1.8e.39$'):
        read_file(path, ())
