"""The tasks to learn from; `make_env` is the only door."""
from envs.base import Environment
from envs.episodic import EpisodicReward


def make_env(args, seed: int, film=None) -> Environment:
    """The environment that `args` asks for, on its own stream of random numbers.

    Args:
        args: `env` (an id), `env_type` ('ep_rews' or 'normal'), `test_timesteps` (where an episode is cut).
        seed: of its first reset; later ones go on from there.
        film: wraps a Gymnasium environment that renders, to have its pictures; none by default.

    Raises:
        UserError: the id is unknown, something it needs is missing, or its spaces do not fit.
    """
    from envs.mujoco import ContinuousEnvironment, make_raw  # Gymnasium is slow to import

    raw = make_raw(args.env) if film is None else film(make_raw(args.env, 'rgb_array'))
    env = ContinuousEnvironment(raw, args.test_timesteps, seed)
    return EpisodicReward(env) if args.env_type == 'ep_rews' else env
