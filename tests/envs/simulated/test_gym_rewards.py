"""Rewards of the `-v2` ids against the formulas of gym 0.18.3, computed from the simulator's data."""
import json
from types import SimpleNamespace

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.spaces import Box

from envs.simulated.impact import ImpactCost
from envs.simulated.mujoco import make_raw
from envs.simulated.vectors import VectorEnvironment
from utils.errors import UserError

STEPS = 150         # of random actions; Humanoid falls, and hits the ground, after about 20


def impact(data):
    return min(0.5e-6 * np.square(data.cfrc_ext).sum(), 10)


def forward(weight):
    """(value before, reward from it) of a task that is to move along x, without its constant."""
    return lambda env: env.data.qpos[0], lambda env, x, action: (
        (env.data.qpos[0] - x) / env.dt - weight * np.square(action).sum())


def alive(parts):
    before, reward = parts
    return before, lambda env, x, action: reward(env, x, action) + 1.0


def ant(env, x, action):
    contact = 0.5e-3 * np.square(np.clip(env.data.cfrc_ext, -1, 1)).sum()
    return (env.get_body_com('torso')[0] - x) / env.dt - 0.5 * np.square(action).sum() - contact + 1.0


def mass_centre(env):
    return (env.model.body_mass[:, None] * env.data.xipos).sum(axis=0)[0] / env.model.body_mass.sum()


def humanoid(env, x, action):
    return (1.25 * (mass_centre(env) - x) / env.dt - 0.1 * np.square(env.data.ctrl).sum() - impact(env.data)
            + 5.0)


def standup(env, _, action):
    return (env.data.qpos[2] / env.model.opt.timestep - 0.1 * np.square(env.data.ctrl).sum()
            - impact(env.data) + 1)


def distance(env):
    return np.linalg.norm(env.get_body_com('fingertip') - env.get_body_com('target'))


FORMULAS = {
    'Ant': (lambda env: env.get_body_com('torso')[0].copy(), ant), 'HalfCheetah': forward(0.1),
    'Walker2d': alive(forward(1e-3)), 'Hopper': alive(forward(1e-3)), 'Swimmer': forward(1e-4),
    'Humanoid': (mass_centre, humanoid), 'HumanoidStandup': (lambda env: None, standup),
    'Reacher': (distance, lambda env, far, action: -far - np.square(action).sum())}


@pytest.mark.parametrize('task', FORMULAS)
def test_every_reward_is_that_of_gyms_formula(task):
    raw = make_raw(f'{task}-v2')
    env, rng, (before, formula) = raw.unwrapped, np.random.default_rng(0), FORMULAS[task]
    raw.reset(seed=0)
    for _ in range(STEPS):
        action = rng.uniform(-1, 1, env.action_space.shape).astype(np.float32) * env.action_space.high
        value = before(env)
        _, reward, terminated, _, _ = raw.step(action)
        assert reward == pytest.approx(formula(env, value, action), rel=1e-6, abs=1e-6)
        if terminated:
            raw.reset()


@pytest.mark.parametrize('task', ['Ant', 'Humanoid', 'HumanoidStandup'])
def test_contact_forces_are_computed_and_observed(task):
    raw = make_raw(f'{task}-v2')
    env, rng = raw.unwrapped, np.random.default_rng(0)
    raw.reset(seed=0)
    largest = 0.0
    for _ in range(STEPS):
        state, _, terminated, _, _ = raw.step(rng.uniform(-1, 1, env.action_space.shape))
        forces = env.data.cfrc_ext.ravel()
        largest = max(largest, np.abs(forces).max())
        np.testing.assert_array_equal(state[-84:], np.clip(forces, -1, 1) if task == 'Ant' else forces)
        if terminated:
            raw.reset()
    assert largest > 1.0


def test_humanoid_of_v2_pays_for_impacts_what_v4_does_not():
    raw, plain = make_raw('Humanoid-v2'), make_raw('Humanoid-v4')
    rng, costs = np.random.default_rng(0), []
    raw.reset(seed=0)
    plain.reset(seed=0)
    for _ in range(40):
        action = rng.uniform(-0.4, 0.4, 17)
        _, reward, _, _, info = raw.step(action)
        _, free, _, _, _ = plain.step(action)
        assert reward == free - impact(plain.unwrapped.data)
        assert info['reward_impact'] == -impact(plain.unwrapped.data)
        costs.append(free - reward)
    assert costs[0] == 0.0 and max(costs) > 0.1


class Hit(gymnasium.Env):
    """Always hit by the same force."""

    spec, action_space, observation_space = EnvSpec('Hit-v0'), Box(-1, 1, (1,)), Box(-1, 1, (1,))

    def __init__(self, force):
        self.data = SimpleNamespace(cfrc_ext=np.full((2, 6), force))

    def step(self, action):
        return np.zeros(1), 5.0, False, False, {'own': 1}


@pytest.mark.parametrize('force, cost', [(0.0, 0.0), (1000.0, 6.0), (-1000.0, 6.0), (2000.0, 10.0)])
def test_the_cost_is_the_weighted_square_up_to_its_limit(force, cost):
    _, reward, *_, info = ImpactCost(Hit(force), 0.5e-6, 10.0).step(None)
    assert reward == pytest.approx(5.0 - cost) and info == {'own': 1, 'reward_impact': pytest.approx(-cost)}


@pytest.mark.parametrize('task', FORMULAS)
def test_facts_name_the_restored_cost_where_there_is_one(task):
    facts = VectorEnvironment(make_raw(f'{task}-v2'), 10, seed=0).facts
    restored = {'ImpactCost': {'weight': 0.5e-6, 'limit': 10.0}}
    assert json.loads(json.dumps(facts)).get('wrappers') == (restored if task == 'Humanoid' else None)


def test_a_run_begun_without_the_cost_is_not_resumed_with_it():
    env, other = (VectorEnvironment(make_raw('Humanoid-v2'), 10, seed=0) for _ in range(2))
    env.reset()
    state = {name: value for name, value in env.state_dict().items() if name not in ('rewards', 'ends')}
    with pytest.raises(UserError, match='^--resume=True: Humanoid-v4 was begun by an older version, which '
                                        'did not save rewards; ImpactCost may have changed them since$'):
        other.load_state_dict(state)
