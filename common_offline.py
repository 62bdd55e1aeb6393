"""From the flags of a run on recorded episodes to its objects."""
import logging
import os

import numpy as np

from utils.runs.experiment import OFFLINE_COUNTS, TIMES, Experiment
from utils.runs.flags import recorded_args

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
    from envs.recorded.dataset import load
    from utils.logs.console import Console
    from utils.runs.start import check_start, take_directory

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
    from tester.recorded.tester import COLUMNS, OfflineTester
    from utils.checkpoints.checkpoint import Checkpoint
    from utils.checkpoints.files import CheckpointFiles
    from utils.logs.logger import Logger
    from utils.logs.outputs import open_sinks
    from utils.runs.learned import BEST
    from utils.runs.start import begin, settle

    with console.native_messages():
        agent, sampler, remarks = create_recorded(args, data.spec, data.recordings, rngs.agent)
    cautions = _tell(remarks, console.logger)
    stack.callback(sampler.close)
    sinks = []                      # opened last: what they hold may have to be cut
    log = Logger([*OFFLINE_COUNTS, *agent.info_names, *COLUMNS, *TIMES], sinks)
    stack.callback(log.close)
    learner, per_cycle = _learner(args, start, data, agent, sampler, log, console, stop)
    tester = OfflineTester(agent, log, data.held_out, data.recordings, stop, args.patience, cautions)

    parts = {'generators': rngs, 'agent': agent, 'learner': learner, 'tester': tester, 'log': log}
    checkpoint, best = (
        Checkpoint(files, start.identity, agent, parts, sampler,
                   lambda: (log.num_rows, learner.iterations - log.num_rows * per_cycle, 0))
        for files in (start.files, CheckpointFiles(start.directory / BEST, 1)))
    begin(args, start, agent, checkpoint)
    with console.native_messages():
        sinks += open_sinks(start.directory, log, None, console.logger, resumed=start.found is not None)
    settle(args, start, checkpoint)
    # the loss alone is no judge of how long to train, so the best is kept only where it is to stop the run
    return Experiment(learner, tester, log, console, checkpoint, best if args.patience else None,
                      start.directory, stack)


def _learner(args, start, data, agent, sampler, log, console, stop):
    """(the learner, its updates per cycle), with a progress bar."""
    from learner.offline import OfflineRewardLearner, updates_per_cycle

    num_steps = sum(recording.length for recording in data.recordings if recording.success)
    per_cycle = updates_per_cycle(args, num_steps, sampler.steps_per_update)
    done = start.found.state['parts']['learner']['iterations'] if start.found else 0
    progress = console.progress(args.epochs * args.cycles * per_cycle, 'update', initial=done)
    return OfflineRewardLearner(args, agent, sampler, num_steps, sampler.steps_per_update, log, progress,
                                stop), per_cycle


def _tell(remarks, logger):
    """Logs what a reader should know of a run; returns what of it is a warning."""
    cautions = [remark for remark in remarks if remark.startswith('warning:')]
    for remark in remarks:
        logger.log(logging.WARNING if remark in cautions else logging.INFO, '%s', remark)
    return cautions


def _cache_bar(total):
    """A progress bar over frames that are decoded, on a terminal only."""
    from tqdm import tqdm

    return tqdm(total=total, unit='frame', desc='decoding', disable=None, dynamic_ncols=True)


def judge_setup(args, found, after_episode):
    """(tester over every recorded episode that is found, [text] about them) of a checkpoint.

    Args:
        args: flags of the run, but for where episodes are.
        found: the checkpoint, a `Found`.
        after_episode: function of the number of episodes, to an object whose `check()` is called after each.

    Raises:
        UserError: the data cannot be had, or are not such as the model was trained on.
    """
    from envs.recorded.dataset import load_all
    from tester.recorded.tester import OfflineTester
    from utils.checkpoints.checkpoint import check_identity
    from utils.runs.start import identity

    data = load_all(args, _cache_bar)
    check_identity(found, identity(args, data.spec))
    agent = _agent_of(args, data.spec, found)
    stop = after_episode(len(data.recordings))
    return (OfflineTester(agent, None, data.recordings, data.recordings, stop),
            [*data.notices, *_cautions(args, data, found)])


def _cautions(args, data, found):
    """[text] that keeps a reader from taking numbers for what they are not."""
    told = ['baselines are fitted to the very episodes that are judged']
    trained = found.state['identity']['data']
    if count := sum(file in trained for file in data.fingerprint):
        told.append(f'warning: the run has learned from {count} of these {len(data.files)} files, but for '
                    'what it held out: the numbers are of training episodes too')
    unseen = [task for task in data.tasks if task not in found.state['replay']['tasks']]
    if unseen and not args.task_embedding:
        told.append(f'warning: the run has learned from no episode of {", ".join(unseen)}: the number of the '
                    'task says nothing to it')
    return told


def load_reward(directory):
    """The reward that a run on recorded episodes has learned, as a function of arrays.

    Its best checkpoint is taken, or the newest where none was kept apart.

    Args:
        directory: of the run.

    Returns:
        `LearnedReward`: call it with (observation, action, next_observation, task), for rewards [N].

    Raises:
        UserError: there is no such run, or it has no checkpoint.
    """
    from algorithm.learned_reward import LearnedReward
    from envs.recorded.side_files import known_contexts
    from utils.errors import UserError
    from utils.runs.directory import expanded
    from utils.runs.learned import find_learned
    from utils.runs.start import spec_of

    directory = expanded('run_dir', directory)
    args = recorded_args(directory)
    if args.env_category != 'recorded':
        raise UserError(f'{directory} is a run on --env={args.env}; expected one on recorded episodes')
    found = find_learned(directory)
    spec = spec_of(found.state['identity'])
    contexts = known_contexts(spec.tasks, spec.context, args.task_embedding)
    if not args.task_embedding:     # the number of a task that was never seen says nothing
        contexts = {task: contexts[task] for task in found.state['replay']['tasks']}
    return LearnedReward(_agent_of(args, spec, found), spec, contexts)


def _agent_of(args, spec, found):
    """The agent of a run with the weights of a checkpoint."""
    from algorithm import create_reward_agent
    from utils.checkpoints.checkpoint import VARIABLES
    from utils.logs.console import native_messages

    with open(os.devnull, 'wb') as nowhere, native_messages(nowhere):       # TensorFlow's at its start
        agent = create_reward_agent(args, spec, np.random.default_rng(args.seed))
    agent.restore_variables(found.path / VARIABLES)
    return agent
