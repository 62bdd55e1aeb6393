"""Refuses combinations of flags: pure functions of the parsed flags."""
import re

from utils.errors import UserError
from utils.flags.algorithms import UNOFFICIAL, WITH_SUBSEQUENCES
from utils.flags.suites import OWN_DATA

CONTINUOUS = tuple(f'{task}-v2' for task in (
    'Ant', 'HalfCheetah', 'Walker2d', 'Humanoid', 'Reacher', 'Swimmer', 'Hopper', 'HumanoidStandup'))
KINDS = ('swap', 'rewind', 'prefix')            # of virtual episodes
OBSERVED = ('agentview', 'wrist', 'proprio', 'state')    # parts of an observation of LIBERO
_KEY = '[A-Za-z0-9][A-Za-z0-9_.-]*'              # of an observation
_RETURN_DECOMPOSITIONS = ('rrd', 'ircr', 'uniform', *UNOFFICIAL)    # run on top of a basis algorithm


def check_combination(args):
    """Refuses an algorithm that cannot act in the environment, as far as the environment's name shows it.

    Raises:
        UserError: names the flag and the algorithms that are possible.
    """
    if args.env_category == 'recorded':
        _check_recorded(args)
        return
    if args.alg == 'diaster' and args.env_category == 'atari':
        raise UserError(f'--alg=diaster learns from vectors, and --env={args.env} is an Atari game; take '
                        '--alg=rrd, ircr or lrr')
    flag = 'basis_alg' if args.alg in _RETURN_DECOMPOSITIONS else 'alg'
    basis_alg = args[flag]
    if args.env in CONTINUOUS and basis_alg == 'dqn':
        raise UserError(f'--{flag}=dqn needs discrete actions, and those of --env={args.env} are continuous; '
                        f'take --{flag}=sac, td3 or ddpg')
    if args.env_category == 'atari' and basis_alg != 'dqn':
        raise UserError(f'--{flag}={basis_alg} needs continuous actions, and '
                        f'--env={args.env} is an Atari game; take --{flag}=dqn')
    if args.env_category != 'atari' and args.get('dueling'):
        raise UserError(f'--dueling=True is for the frames of Atari games, and --env={args.env} is not one')


def check_numbers(args):
    """Refuses numbers that are valid alone but not together, or not for the algorithm.

    Raises:
        UserError: names both flags and their values.
    """
    if args.alg in WITH_SUBSEQUENCES:
        _check_subsequences(args.rrd_batch_size, args.rrd_sample_size, args.get('rrd_bias_correction', False))
    if args.env_category == 'recorded':
        _check_recorded_numbers(args)
    else:
        _check_played_numbers(args)


def _check_played_numbers(args):
    if args.alg in _RETURN_DECOMPOSITIONS and args.test_timesteps > args.buffer_size:
        raise UserError(f'--test_timesteps={args.test_timesteps} must be at most '
                        f'--buffer_size={args.buffer_size} with --alg={args.alg}: whole episodes must fit '
                        'into the replay store')
    if 'alpha_init' in args and args.alpha_init < 1e-37:    # less is 0 in float32; its logarithm is learned
        raise UserError(f'--alpha_init={args.alpha_init} must be above 0 (1e-37 or more)')


def _check_subsequences(batch_size, sample_size, bias_correction):
    if batch_size < sample_size:
        raise UserError(f'--rrd_batch_size={batch_size} must be at least --rrd_sample_size={sample_size}')
    if bias_correction and sample_size == 1:
        raise UserError('--rrd_bias_correction=True needs --rrd_sample_size of 2 or more, got 1: '
                        'one step has no variance')


def _check_recorded(args):
    """Refuses flags that need an environment to act in; recorded episodes have none."""
    if args.alg != 'rrd':
        raise UserError(f'--alg={args.alg} learns a policy, and --env={args.env} has only recorded '
                        'episodes; take --alg=rrd, which learns a reward from them')
    if not args.offline_reward_only:
        raise UserError('--offline_reward_only=False: no policy is trained on recorded episodes; '
                        'expected True')
    column_keys(args.columns)
    if args.env == OWN_DATA:
        _check_own_data(args)
    else:
        _check_libero_obs(args)


def column_keys(text):
    """{key: column} of a value of --columns.

    Raises:
        UserError: it is not KEY=COLUMN, separated by commas, with each key once.
    """
    pairs = [entry.partition('=')[::2] for entry in text.split(',')] if text else []
    if not all(re.fullmatch(_KEY, key) and column for key, column in pairs) or len(dict(pairs)) < len(pairs):
        raise UserError(f'--columns={text}: expected KEY=COLUMN, separated by commas, each key once, such as '
                        'agentview=observation.images.top')
    return dict(pairs)


def _check_own_data(args):
    if args.libero_path:
        raise UserError(f'--libero_path={args.libero_path} is for the suites of LIBERO; take --data_path '
                        f'with --env={OWN_DATA}')
    if not args.data_path:
        raise UserError(f'--env={OWN_DATA}: expected --data_path=DIR, the folder or file of the episodes')
    if args.libero_noops != 'keep':
        raise UserError(f'--libero_noops={args.libero_noops} is for the suites of LIBERO, whose no-ops are '
                        'known; expected keep')
    keys = args.libero_obs.split(',')
    if args.libero_obs and (not all(keys) or len(set(keys)) < len(keys)):
        raise UserError(f'--libero_obs={args.libero_obs}: expected keys separated by commas, each once')


def _check_libero_obs(args):
    keys = args.libero_obs.split(',')
    known = all(key in OBSERVED or key.startswith('feature:') and key != 'feature:' for key in keys)
    if len(set(keys)) < len(keys) or not known:
        raise UserError(f'--libero_obs={args.libero_obs}: expected any of {", ".join(OBSERVED)} or '
                        'feature:KEY, separated by commas, each once')
    if sum(key.startswith('feature:') for key in keys) > 1:
        raise UserError(f'--libero_obs={args.libero_obs}: expected at most one feature:KEY')


def _check_recorded_numbers(args):
    if args.get('reward_form', 'step') != 'step':
        _check_potential(args)
    if args.rrd_exact and args.rrd_bias_correction:
        raise UserError('--rrd_bias_correction=True corrects for drawing K steps, and --rrd_exact=True uses '
                        'whole episodes; set only one of them')
    if args.r_scale < 1e-30 and (args.r_scale or args.env != OWN_DATA):
        raise UserError(f'--r_scale={args.r_scale} must be above 0')
    if args.val_fold and not args.val_fraction:
        raise UserError(f'--val_fold={args.val_fold} needs a --val_fraction above 0, the held-out share')
    if args.val_fold and args.val_fold >= 1 / args.val_fraction - 1e-6:
        raise UserError(f'--val_fold={args.val_fold} must be below 1 / --val_fraction = '
                        f'{1 / args.val_fraction:g}')
    kinds = args.libero_negatives.split(',')
    if kinds not in (['auto'], ['none']):
        if len(set(kinds)) < len(kinds) or not set(kinds) <= set(KINDS):
            raise UserError(f'--libero_negatives={args.libero_negatives}: expected auto, none, or any of '
                            f'{", ".join(KINDS)}, separated by commas')
        check_shares({kind: args[f'{kind}_share'] for kind in kinds})


def _check_potential(args):
    """Refuses what a potential has no use for."""
    for flag in ('rrd_exact', 'rrd_bias_correction'):
        if args[flag]:
            raise UserError(f'--{flag}=True is for --reward_form=step; --reward_form={args.reward_form} '
                            'learns from windows')
    if args.libero_negatives not in ('auto', 'none', 'swap'):
        raise UserError(f'--libero_negatives={args.libero_negatives}: with --reward_form={args.reward_form} '
                        'expected auto, none or swap: rewards along a cycle add up to 0 already')


def check_shares(shares):
    """Refuses shares {kind: share} of the drawn episodes that leave too little for recorded successes.

    Raises:
        UserError: names the flags.
    """
    if sum(shares.values()) > 0.95 + 1e-9:      # 0.15 + 0.8 is more, by rounding
        given = ' '.join(f'--{kind}_share={share}' for kind, share in shares.items())
        raise UserError(f'{given}: expected a sum of at most 0.95, so that recorded successes are drawn too')
