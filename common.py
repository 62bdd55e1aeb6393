"""From a command line to the objects of a run: the only place that knows all of them."""
import contextlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from utils.command_line import parse
from utils.flag_checks import check_combination, check_implemented, check_numbers
from utils.flag_table import DESCRIPTION, EXAMPLES, FLAGS, SELECTORS, env_category, tags_of
from utils.flags import Args

# TensorFlow and Gymnasium are imported inside functions: --help and a refusal do not wait for them.

COUNTS = ('epoch', 'cycle', 'episodes', 'timesteps', 'updates')
TIMES = ('time/total_s', 'time/train_s', 'time/test_s')
RETURNS = ('test/return_mean', 'test/return_std', 'test/return_min', 'test/return_max', 'test/length_mean',
           'train/return_mean', 'train/length_mean')


def parse_args(argv=None):
    """The flags of a command line with the defaults of its run, each by itself in range.

    Args:
        argv: the words of the command line; None for those of this process.

    Returns:
        Args: the flags that exist for this run, and `env_category`.

    Raises:
        UserError: a flag cannot be used.
    """
    args = parse(FLAGS, SELECTORS, argv, tags_of, usage='python train.py [--flag=value ...]',
                 description=DESCRIPTION, epilog=EXAMPLES)
    return Args({**args, 'env_category': env_category(args.env)})


def get_args(argv=None):
    """The flags of a run that can be started; arguments and errors as in `parse_args`."""
    args = parse_args(argv)
    check_combination(args)
    check_implemented(args)
    check_numbers(args)
    return args


class Experiment(NamedTuple):
    """The objects of a run.

    Attributes:
        learner: has `learn()`, and counts steps, episodes and updates.
        tester: has `cycle_summary(steps)`.
        log: the `Logger`.
        console: the `Console`.
        directory: where everything is written.
        closing: ends the progress bar and closes files and environments, as a context manager.
    """

    learner: Any
    tester: Any
    log: Any
    console: Any
    directory: Path
    closing: contextlib.ExitStack


def experiment_setup(args):
    """Everything a run needs, its directory included; bad input is told before TensorFlow loads.

    Raises:
        UserError: the environment, the memory or the directory cannot be had.
    """
    from algorithm import create_algorithm, create_store
    from envs import make_env
    from utils.run_dir import check_directory, create, discard, write_args

    seeds = np.random.SeedSequence(args.seed).spawn(4)
    env_rng, test_rng, store_rng, agent_rng = map(np.random.default_rng, seeds)
    directory = check_directory(args)
    with contextlib.ExitStack() as stack, contextlib.ExitStack() as undo:
        env, test_env = (_closing(stack, make_env(args, int(rng.integers(2**31))))
                         for rng in (env_rng, test_rng))
        store = create_store(args, env.spec, store_rng)
        undo.callback(discard, create(directory))     # unless the run gets to its start
        write_args(directory, args, env.facts)
        console = _open_console(stack, args, env, store, directory)

        with console.native_messages():
            agent, sampler = create_algorithm(args, env.spec, store, store_rng, agent_rng)
        log = _open_log(stack, args, agent, console, directory)
        learner, tester = _online(args, env, test_env, agent, sampler, log, console, directory)
        undo.pop_all()
        return Experiment(learner, tester, log, console, directory, stack.pop_all())


def _closing(stack, thing):
    stack.callback(thing.close)
    return thing


def _open_console(stack, args, env, store, directory):
    """The terminal and log.txt, opened with what a reader wants to know first."""
    from utils.console import Console
    from utils.run_dir import versions

    console = _closing(stack, Console(directory / 'log.txt'))
    made_with = ', '.join([f'{name}={value}' for name, value in env.facts['kwargs'].items()]
                          + [f'{package} {versions()[package]}' for package in ('gymnasium', 'mujoco')])
    console.logger.info('run directory: %s', directory)
    console.logger.info('environment: %s runs as %s (%s)', args.env, env.facts['id'], made_with)
    console.logger.info('replay store: at most %s steps, %.2f GiB', f'{args.buffer_size:,}',
                        store.nbytes / 2**30)
    return console


def _open_log(stack, args, agent, console, directory):
    """The log of a cycle's numbers: a table, progress.csv and TensorBoard events."""
    from utils.log_sinks import CsvSink, TableSink, TensorBoardSink
    from utils.logger import Logger

    judgements = [f'test/{name}_mean' for name in agent.judgement_names]
    columns = [*COUNTS, *RETURNS, *judgements, *agent.info_names, *TIMES]
    sinks = [TableSink(console.logger), CsvSink(directory / 'progress.csv', columns),
             TensorBoardSink(directory)]
    return _closing(stack, Logger(columns, sinks))


def _online(args, env, test_env, agent, sampler, log, console, directory):
    """The learner and the tester of a run that acts in an environment."""
    from learner.online import OnlineLearner
    from tester.online import OnlineTester
    from utils.rollout_record import RolloutRecord

    progress = console.progress(args.epochs * args.cycles * args.iterations, 'step', scale=args.timesteps)
    record = RolloutRecord(directory / 'rews.npz') if args.save_rews else None
    learner = OnlineLearner(args, env, agent, sampler, log, progress)
    return learner, OnlineTester(args, test_env, agent, log, record)
