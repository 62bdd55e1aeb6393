"""Creates a run from its flags, with all of its objects. `loading` loads an existing one."""
import logging

from loading import evaluation_setup, load_reward, open_camera
from utils.flags.remarks import remarks
from utils.runs.columns import COUNTS, OFFLINE_COUNTS, RETURNS, SCORES, TIMES
from utils.runs.flags import get_args, parse_args, recorded_args

__all__ = ['COUNTS', 'RETURNS', 'TIMES', 'check_environments', 'evaluation_setup', 'experiment_setup',
           'get_args', 'load_reward', 'open_camera', 'parse_args', 'recorded_args']

# TensorFlow, Gymnasium and h5py are imported inside functions: --help and flag errors do not wait for them.


def experiment_setup(run, stop):
    """Creates the objects of a run; raises errors before TensorFlow loads and before anything is written.

    Args:
        run: an opened `Run`; its `begin` is called here.
        stop: has `check()`, for learner and tester.

    Returns:
        Its learner, tester and `Logger`.

    Raises:
        UserError: the environment, the data, the memory, the directory or a checkpoint is unusable.
    """
    if run.args.env_category == 'recorded':
        _set_up_recorded(run, stop)
    else:
        _set_up_acting(run, stop)
    return run.learner, run.tester, run.log


def check_environments(runs):
    """Checks that each environment of some runs exists, and has actions of the kind that its run needs.

    Args:
        runs: the flags of each run; recorded episodes are not checked.

    Raises:
        UserError: an environment is unknown, or cannot be used with the algorithm.
    """
    from envs.simulated import make_env

    acting = (args for args in runs if args.env_category != 'recorded')
    for args in {(args.env, 'dqn' in (args.alg, args.get('basis_alg'))): args for args in acting}.values():
        make_env(args, args.seed).close()


def _set_up_acting(run, stop):
    """A run that acts in environments."""
    from algorithm import create_algorithm, create_store
    from envs.simulated import make_env
    from learner.online import OnlineLearner
    from tester.online import OnlineTester
    from tester.true_rewards import CORRELATIONS, TrueRewards, has_true_rewards
    from utils.logs.logger import Logger
    from utils.logs.rollout_record import RolloutRecord

    args, rngs = run.args, run.generators
    env, test_env = (run.keep(make_env(args, int(rng.integers(2**31)), learning=rng is rngs.env))
                     for rng in (rngs.env, rngs.test))
    store = run.bind(env.spec, env.facts, prepare=lambda: create_store(args, env.spec, rngs.store))
    _log_setup(args, env, store, run.console.logger)

    with run.console.native_messages():
        agent, sampler = create_algorithm(args, env.spec, store, rngs.store, rngs.agent)
    true_rewards = TrueRewards(agent, test_env.spec) if has_true_rewards(agent, test_env.spec) else None
    is_clipped = 'rews_scale' in args
    log = Logger(_columns(agent, SCORES if is_clipped else (), CORRELATIONS if true_rewards else ()))
    record = RolloutRecord(run.directory / 'rews.npz') if args.save_rews else None
    progress = run.progress(args.iterations, 'step', args.timesteps)
    score = (lambda: env.episode_return) if is_clipped else None
    learner = OnlineLearner(args, env, agent, sampler, log, progress, stop, score)
    tester = OnlineTester(args, test_env, agent, log, record, stop, rngs.test, true_rewards)
    run.begin({'env': env, 'test_env': test_env, 'generators': rngs, 'agent': agent, 'learner': learner,
               'tester': tester, 'log': log}, sampler if args.save_buffer else None, record)


def _log_setup(args, env, store, logger):
    """Logs the environment, its versions and the size of the replay store."""
    from utils.runs.record import versions

    packages = ('gymnasium', 'ale-py' if args.env_category == 'atari' else 'mujoco')
    facts, slots = env.facts, store.rings.num_slots
    made_with = ', '.join([*(f'{name}={value}' for name, value in facts['kwargs'].items()),
                           *(f'{name} {kwargs}' for name, kwargs in facts.get('wrappers', {}).items()),
                           *(f'{package} {versions()[package]}' for package in packages)])
    logger.info('environment: %s runs as %s (%s)', args.env, facts['id'], made_with)
    logger.info('replay store: at most %s steps, %.2f GiB', f'{slots:,}', store.nbytes / 2**30)
    for text in remarks(args):
        logger.info('%s', text)


def _columns(agent, scores, correlations):
    diagnostics = [f'test/{name}_mean' for name in agent.diagnostic_names]
    return [*COUNTS, *RETURNS, *scores, *diagnostics, *agent.info_names, *correlations, *agent.exploration(0),
            *TIMES]


def _set_up_recorded(run, stop):
    """A run that only trains a reward model, on recorded episodes."""
    from algorithm import create_recorded_sampler, create_reward_agent
    from envs.recorded.agreement import conventions_of, stored_sizes
    from envs.recorded.dataset import load
    from learner.offline import OfflineRewardLearner, updates_per_cycle
    from tester.recorded.tester import COLUMNS, OfflineTester
    from utils.labels.run_table import RunTable
    from utils.logs.console import frame_bar
    from utils.logs.logger import Logger

    args, rngs = run.args, run.generators
    data = load(args, frame_bar)
    sampler, notes = run.bind(data.spec, data.facts, data.fingerprint,
                              lambda: create_recorded_sampler(args, data.recordings, rngs.agent))
    run.keep(sampler)
    for notice in data.notices:
        run.console.logger.warning('%s', notice)

    with run.console.native_messages():
        agent = create_reward_agent(args, data.spec, rngs.agent)
    cautions = _log_notes([*remarks(args), *notes], run.console.logger)
    log = Logger([*OFFLINE_COUNTS, *agent.info_names, *COLUMNS, *TIMES])
    num_steps = sum(recording.length for recording in data.recordings if recording.success)
    progress = run.progress(updates_per_cycle(args, num_steps, sampler.steps_per_update), 'update')
    learner = OfflineRewardLearner(args, agent, sampler, num_steps, sampler.steps_per_update, log, progress,
                                   stop)
    table = RunTable(data.recordings, data.held_out, data.fingerprint, conventions_of(data.files),
                     stored_sizes(data.files))
    tester = OfflineTester(agent, log, data.held_out, data.recordings, stop, args.patience, cautions, table)
    # the loss alone does not show how long to train: the best is kept only if it can stop the run
    run.begin({'generators': rngs, 'agent': agent, 'learner': learner, 'tester': tester, 'log': log}, sampler,
              keep_best=args.patience > 0)


def _log_notes(notes, logger):
    """Logs notes on a run; returns the warnings among them."""
    cautions = [note for note in notes if note.startswith('warning:')]
    for note in notes:
        logger.log(logging.WARNING if note in cautions else logging.INFO, '%s', note)
    return cautions
