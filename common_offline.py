"""From the flags of a run on recorded episodes to its objects."""

from utils.experiment import OFFLINE_COUNTS, TIMES, Experiment
from utils.run_flags import recorded_args

# TensorFlow and h5py are imported inside functions: --help and a refusal do not wait for them.


def offline_setup(args, start, rngs, stop, stack, undo):
    """The `Experiment` of a run that trains a reward model alone.

    Args:
        args: flags of the run.
        start: its `Start`.
        rngs: its `Generators`.
        stop: has `check()`, for learner and tester.
        stack: `ExitStack` that closes what is opened.
        undo: `ExitStack` that takes back what was made, should the run not get going.

    Raises:
        UserError: the data, the directory or a checkpoint cannot be had.
    """
    from envs.libero import load
    from utils.console import Console
    from utils.run_start import check_start, take_directory

    data = load(args, _cache_bar)
    start = check_start(start, args, data.spec, data.fingerprint)
    take_directory(args, data.facts, start, stack, undo)
    console = Console(start.directory / 'log.txt')
    stack.callback(console.close)
    console.logger.info('run directory: %s', start.directory)
    for notice in data.notices:
        console.logger.warning('%s', notice)
    return _build(args, start, data, rngs, console, stop, stack)


def _build(args, start, data, rngs, console, stop, stack):
    from algorithm import create_recorded
    from learner.offline import OfflineRewardLearner, updates_per_cycle
    from tester.offline import COLUMNS, OfflineTester
    from utils.checkpoint import Checkpoint
    from utils.checkpoint_files import CheckpointFiles
    from utils.logger import Logger
    from utils.outputs import open_sinks
    from utils.run_start import begin, settle

    with console.native_messages():
        agent, sampler = create_recorded(args, data.spec, data.train, rngs.agent, console.logger)
    stack.callback(sampler.close)
    sinks = []                      # opened last: what they hold may have to be cut
    log = Logger([*OFFLINE_COUNTS, *agent.info_names, *COLUMNS, *TIMES], sinks)
    stack.callback(log.close)
    num_steps = sum(recording.length for recording in data.train)
    per_cycle = updates_per_cycle(args, num_steps)
    progress = console.progress(args.epochs * args.cycles * per_cycle, 'update', initial=(
        start.found.state['parts']['learner']['iterations'] if start.found else 0))
    learner = OfflineRewardLearner(args, agent, sampler, num_steps, log, progress, stop)
    tester = OfflineTester(agent, log, data.held_out, data.train, stop, args.patience)

    parts = {'generators': rngs, 'agent': agent, 'learner': learner, 'tester': tester, 'log': log}
    checkpoint, best = (
        Checkpoint(files, start.identity, agent, parts, sampler,
                   lambda: (log.num_rows, learner.iterations - log.num_rows * per_cycle, tester.num_done))
        for files in (start.files, CheckpointFiles(start.directory / 'best', 1)))
    begin(args, start, agent, checkpoint)
    with console.native_messages():
        sinks += open_sinks(start.directory, log, None, console.logger, resumed=start.found is not None)
    settle(args, start, checkpoint)
    return Experiment(learner, tester, log, console, checkpoint, best, start.directory, stack)


def _cache_bar(total):
    """A progress bar over frames that are decoded, on a terminal only."""
    from tqdm import tqdm

    return tqdm(total=total, unit='frame', desc='decoding', disable=None, dynamic_ncols=True)


def load_reward(directory):
    """What a run has learned of rewards, by its best checkpoint, or its newest where none was kept apart.

    Args:
        directory: of a run on recorded episodes.

    Returns:
        A function of (observation {key: [N, *shape]}, action [N, A], next observation, context [N, C]), to
        rewards [N].

    Raises:
        UserError: there is no such run, or it has no checkpoint.
    """
    raise NotImplementedError


def judge_setup(args, found):
    """..."""
