"""The environments that a policy acts in; `make_env` is the only door.

Imports `envs.base` and `utils`.
"""
from envs.base import Environment
from envs.simulated.clipped import ClippedReward
from envs.simulated.episodic import EpisodicReward


def make_env(args, seed: int, film=None, learning: bool = False) -> Environment:
    """The environment that `args` specifies, with its own stream of random numbers.

    Args:
        args: `env` (an id, or a game), `env_type` ('ep_rews' or 'normal'), `test_timesteps` (where an episode
            is cut), the algorithm, and the flags of Atari.
        seed: of its first reset; later resets continue the same stream.
        film: wraps a Gymnasium environment that renders, to record its frames; None by default.
        learning: rewards are those for a learner: episodic if `env_type` is 'ep_rews', or clipped on Atari;
            otherwise they are the task's own.

    Raises:
        UserError: the id is unknown, a dependency is missing, or its spaces are unsupported.
    """
    env = _make_atari(args, seed, film) if args.env_category == 'atari' else _make_vectors(args, seed, film)
    if not learning:
        return env
    if args.env_type == 'ep_rews':
        return EpisodicReward(env)
    return ClippedReward(env, args.rews_scale) if 'rews_scale' in args else env


# Gymnasium is slow to import: inside the functions that need it


def _make_atari(args, seed, film):
    from envs.simulated.atari import AtariEnvironment, make_game

    raw = make_game(args.env, args.sticky) if film is None else film(
        make_game(args.env, args.sticky, 'rgb_array'))
    return AtariEnvironment(raw, args.noop, args.frames, args.test_timesteps, seed)


def _make_vectors(args, seed, film):
    from envs.simulated.mujoco import make_raw
    from envs.simulated.vectors import VectorEnvironment

    raw = make_raw(args.env) if film is None else film(make_raw(args.env, 'rgb_array'))
    return VectorEnvironment(raw, args.test_timesteps, seed, 'dqn' in (args.alg, args.get('basis_alg')))
