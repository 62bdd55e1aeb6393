"""Environment wrappers: recorded actions, played through ours around the recording's raw environment."""
import numpy as np
from gymnasium.spaces import Discrete

from envs.simulated.atari import AtariEnvironment, grey
from envs.simulated.episodic import EpisodicReward
from envs.simulated.vectors import VectorEnvironment
from tests.golden.case import Case, Result
from tests.golden.stubs import NUM_ACTIONS, RawEnv, noise, symmetric_box


def run(path):
    """A result per wrapper; without an implementation where it is unknown."""
    groups = dict.fromkeys(key.split('/')[0] for key in Case(path).keys())
    return [_result(path, group) for group in groups]


def _result(path, group):
    name = f'{path.stem}/{group}'
    if group.split('_')[0] not in CHECKS:
        return Result(name, None)
    case = Case(path)
    check(case, group)
    # left over: the id before ours maps it to another simulator, and column names of the original's log
    return Result(name, case, tuple(key for key in case.unused if key.startswith(f'{group}/')))


def check(case, group):
    """Compares one run of a wrapper with `<group>/*`."""
    CHECKS[group.split('_')[0]](case, group)


def check_vectors(case, group):
    """Continuous actions and observations that are vectors."""
    raw = RawEnv(case[f'{group}/raw_episode_lengths'], symmetric_box(case[f'{group}/action_high']))
    vectors = VectorEnvironment(raw, case[f'{group}/test_timesteps'].item(), seed=0)
    env = EpisodicReward(vectors) if 'ep_rews' in group else vectors
    env.reset()                         # the original's constructor does
    _close(case, f'{group}/first_obs', env.reset()['state'])
    case.equal(f'{group}/obs_dims', env.spec.observation['state'].shape)
    case.equal(f'{group}/acts_dims', env.spec.action.shape)

    played = _play(env, vectors, case[f'{group}/action'])
    case.equal(f'{group}/raw_action', np.stack(raw.actions))
    _compare_steps(case, group, played)
    case.equal(f'{group}/env_steps', played['episode_steps'])
    _close(case, f'{group}/obs', played['observation'])


def check_frames(case, group):
    """Stacks of grey frames."""
    config = case.config(f'{group}/config_json')
    raw = RawEnv(config['raw_episode_lengths'], Discrete(NUM_ACTIONS), show=noise)
    frames = AtariEnvironment(raw, config['noop'], config['frames'], config['test_timesteps'], seed=0)
    env = EpisodicReward(frames) if 'ep_rews' in group else frames
    env.reset()                         # the original's constructor does
    case.equal(f'{group}/first_obs', env.reset()['frame'])
    field = env.spec.observation['frame']
    case.equal(f'{group}/obs_dims', (*field.shape, field.stack))
    case.equal(f'{group}/acts_dims', [env.spec.num_actions])

    played = _play(env, frames, np.arange(len(case[f'{group}/done'])) % env.spec.num_actions)
    _compare_steps(case, group, played)
    stacks = played['observation']
    case.equal(f'{group}/obs', stacks[:len(case[f'{group}/obs'])])
    case.equal(f'{group}/obs_sum', stacks.sum(axis=(1, 2), dtype=int))
    case.equal(f'{group}/frame_sum', stacks[..., -1].sum(axis=(1, 2), dtype=int))
    case.equal(f'{group}/raw_ep', played['raw_episode'])
    case.equal(f'{group}/raw_t', played['raw_t'])
    case.equal(f'{group}/raw_resets', raw.episode + 1)


def check_grey(case, group):
    """Colour pictures to grey frames."""
    case.equal(f'{group}/gray84', np.stack([grey(picture) for picture in case[f'{group}/rgb']]))


CHECKS = {'mujoco': check_vectors, 'atari': check_frames, 'frame': check_grey}


def _play(env, inner, actions):
    """Every step's values, {name: [N, ...]}; `rewards` is the sum of the episode's true rewards so far."""
    rows, total = [], 0.0
    for action in actions:
        step = env.step(action)
        total = env.episode_return if isinstance(env, EpisodicReward) else total + step.reward
        observation, = step.observation.values()
        rows.append({'observation': observation, 'reward': step.reward, 'rewards': total, 'over': step.over,
                     'episode_steps': inner.episode_steps, 'raw_episode': inner.raw.episode,
                     'raw_t': inner.raw.t})
        if step.over:
            env.reset()
            total = 0.0
    return {key: np.stack([row[key] for row in rows]) for key in rows[0]}


def _compare_steps(case, group, played):
    case.equal(f'{group}/done', played['over'])
    case.equal(f'{group}/steps', played['episode_steps'])
    for key in ('reward', 'rewards'):
        _close(case, f'{group}/{key}', played[key])


def _close(case, key, ours):
    case.close(key, ours, 1e-6 * np.abs(case[key]))     # ours are float32
