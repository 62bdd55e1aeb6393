"""Environment wrappers: given actions, played through ours around the recording's raw environment."""
import numpy as np

from envs.episodic import EpisodicReward
from envs.mujoco import ContinuousEnvironment
from tests.golden.case import Case, Result
from tests.golden.stubs import RawEnv


def run(path):
    """A result per wrapper; those on frames (`atari_*`, `frame`) are without an implementation."""
    groups = dict.fromkeys(key.split('/')[0] for key in Case(path).keys())
    return [_result(path, group) for group in groups]


def _result(path, group):
    name = f'{path.stem}/{group}'
    if not group.startswith('mujoco'):
        return Result(name, None)
    case = Case(path)
    check(case, group)
    # left over: the id before ours maps it to another simulator, and column names of the original's log
    return Result(name, case, tuple(key for key in case.unused if key.startswith(f'{group}/')))


def check(case, group):
    """Compares one run of a continuous wrapper with `<group>/*`."""
    raw = RawEnv(case[f'{group}/raw_episode_lengths'], case[f'{group}/action_high'])
    continuous = ContinuousEnvironment(raw, case[f'{group}/test_timesteps'].item(), seed=0)
    env = EpisodicReward(continuous) if 'ep_rews' in group else continuous
    env.reset()                         # the original's constructor does
    _close(case, f'{group}/first_obs', env.reset()['state'])
    case.equal(f'{group}/obs_dims', env.spec.observation['state'].shape)
    case.equal(f'{group}/acts_dims', env.spec.action.shape)

    played = _play(env, continuous, case[f'{group}/action'])
    case.equal(f'{group}/raw_action', np.stack(raw.actions))
    case.equal(f'{group}/done', played['over'])
    for key in ('steps', 'env_steps'):
        case.equal(f'{group}/{key}', played['episode_steps'])
    for key in ('obs', 'reward', 'rewards'):
        _close(case, f'{group}/{key}', played[key])


def _play(env, continuous, actions):
    """Every step's values, {name: [N, ...]}; `rewards` is the sum of the episode's true rewards so far."""
    rows, total = [], 0.0
    for action in actions:
        step = env.step(action)
        total = env.episode_return if isinstance(env, EpisodicReward) else total + step.reward
        rows.append({'obs': step.observation['state'], 'reward': step.reward, 'rewards': total,
                     'over': step.over, 'episode_steps': continuous.episode_steps})
        if step.over:
            env.reset()
            total = 0.0
    return {key: np.stack([row[key] for row in rows]) for key in rows[0]}


def _close(case, key, ours):
    case.close(key, ours, 1e-6 * np.abs(case[key]))     # ours are float32
