"""From the flags of a run to its objects: with `common_offline`, the only place that knows all of them."""
import contextlib

from common_offline import load_reward
from utils.runs.experiment import COUNTS, RETURNS, TIMES, Experiment
from utils.runs.flags import get_args, parse_args, recorded_args

__all__ = ['COUNTS', 'RETURNS', 'TIMES', 'Experiment', 'evaluation_setup', 'experiment_setup', 'get_args',
           'load_reward', 'open_camera', 'parse_args', 'recorded_args']

# TensorFlow and Gymnasium are imported inside functions: --help and a refusal do not wait for them.


def experiment_setup(args, stop):
    """Everything a run needs, its directory included; bad input is told before TensorFlow loads.

    Args:
        args: flags of the run.
        stop: has `check()`, for learner and tester.

    Raises:
        UserError: the environment or the data, the memory, the directory or a checkpoint cannot be had.
        Finished: the run that was to be resumed has done all its cycles.
    """
    from common_offline import offline_setup
    from utils.generators import Generators
    from utils.runs.start import find_start

    set_up = offline_setup if args.env_category == 'recorded' else _online_setup
    with contextlib.ExitStack() as stack, contextlib.ExitStack() as undo:
        start = find_start(args, stack)
        experiment = set_up(args, start, Generators(args.seed), stop, stack, undo)
        undo.pop_all()              # from here on the directory stays
        return experiment._replace(closing=stack.pop_all())


def _online_setup(args, start, rngs, stop, stack, undo):
    """The `Experiment` of a run that acts in environments; arguments as of `offline_setup`."""
    from algorithm import create_store
    from envs.simulated import make_env
    from utils.runs.start import check_start, take_directory

    envs = [_closing(stack, make_env(args, int(rng.integers(2**31)), learning=rng is rngs.env))
            for rng in (rngs.env, rngs.test)]
    start = check_start(start, args, envs[0].spec)
    store = create_store(args, envs[0].spec, rngs.store)
    take_directory(args, envs[0].facts, start, stack, undo)
    console = _open_console(stack, args, envs[0], store, start.directory)
    return _build(args, start, envs, store, rngs, console, stop, stack)


def evaluation_setup(args, seed, found, stack, camera):
    """(environment, agent, generator) of a checkpoint, to be played.

    Args:
        args: flags of the run.
        seed: of the environment.
        found: the checkpoint, a `Found`.
        stack: `ExitStack` that closes the environment.
        camera: films what is played, or None.

    Raises:
        UserError: the environment cannot be had, or the checkpoint is of another kind of run.
    """
    from algorithm import create_agent
    from envs.simulated import make_env
    from utils.checkpoints.checkpoint import VARIABLES, check_identity
    from utils.generators import Generators
    from utils.runs.start import identity

    env = _closing(stack, make_env(args, seed, camera and camera.wrap))
    check_identity(found, identity(args, env.spec))
    rngs = Generators(seed)
    agent = create_agent(args, env.spec, rngs.agent)
    agent.restore_variables(found.path / VARIABLES)
    return env, agent, rngs.test


def open_camera(args, path):
    """What films episodes of the run with the flags `args` into the .mp4 file `path`; a context manager."""
    from envs.simulated.camera import make_camera

    return make_camera(args, path)


def _closing(stack, thing):
    stack.callback(thing.close)
    return thing


def _open_console(stack, args, env, store, directory):
    """The terminal and log.txt, opened with what a reader wants to know first."""
    from utils.logs.console import Console
    from utils.runs.record import versions

    console = _closing(stack, Console(directory / 'log.txt'))
    packages = ('gymnasium', 'ale-py' if args.env_category == 'atari' else 'mujoco')
    made_with = ', '.join([f'{name}={value}' for name, value in env.facts['kwargs'].items()]
                          + [f'{package} {versions()[package]}' for package in packages])
    console.logger.info('run directory: %s', directory)
    console.logger.info('environment: %s runs as %s (%s)', args.env, env.facts['id'], made_with)
    console.logger.info('replay store: at most %s steps, %.2f GiB', f'{args.buffer_size:,}',
                        store.nbytes / 2**30)
    return console


def _build(args, start, envs, store, rngs, console, stop, stack):
    """The parts of a run that acts in environments, made to go on where `start` says."""
    from algorithm import create_algorithm
    from learner.online import OnlineLearner
    from tester.online import OnlineTester
    from tester.true_rewards import CORRELATIONS, TrueRewards, has_true_rewards
    from utils.checkpoints.checkpoint import Checkpoint
    from utils.logs.logger import Logger
    from utils.logs.outputs import open_sinks
    from utils.logs.rollout_record import RolloutRecord
    from utils.runs.start import begin, settle

    with console.native_messages():
        agent, sampler = create_algorithm(args, envs[0].spec, store, rngs.store, rngs.agent)
    sinks = []                      # opened last: what they hold may have to be cut
    true_rewards = TrueRewards(agent, envs[1].spec) if has_true_rewards(agent, envs[1].spec) else None
    log = _closing(stack, Logger(_columns(agent, CORRELATIONS if true_rewards else ()), sinks))
    record = RolloutRecord(start.directory / 'rews.npz') if args.save_rews else None
    progress = console.progress(args.epochs * args.cycles * args.iterations, 'step', args.timesteps,
                                start.found.state['parts']['learner']['iterations'] if start.found else 0)
    learner = OnlineLearner(args, envs[0], agent, sampler, log, progress, stop)
    tester = OnlineTester(args, envs[1], agent, log, record, stop, rngs.test, true_rewards)

    parts = {'env': envs[0], 'test_env': envs[1], 'generators': rngs, 'agent': agent, 'learner': learner,
             'tester': tester, 'log': log}
    checkpoint = Checkpoint(
        start.files, start.identity, agent, parts, sampler if args.save_buffer else None,
        lambda: (log.num_rows, learner.iterations - log.num_rows * args.iterations, tester.num_done))
    begin(args, start, agent, checkpoint)
    with console.native_messages():
        sinks += open_sinks(start.directory, log, record, console.logger, resumed=start.found is not None)
    settle(args, start, checkpoint)
    return Experiment(learner, tester, log, console, checkpoint, None, start.directory, stack)


def _columns(agent, judged):
    diagnostics = [f'test/{name}_mean' for name in agent.diagnostic_names]
    return [*COUNTS, *RETURNS, *diagnostics, *agent.info_names, *judged, *agent.exploration(0), *TIMES]
