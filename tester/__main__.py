"""Evaluates a run: plays its policy, or tests its reward on recorded episodes: `python -m tester RUN_DIR`."""
import json
import os
import sys
from contextlib import ExitStack

import utils.installed  # noqa: F401 (checks the packages before anything imports them)
from loading import evaluation_setup, open_camera
from loading_recorded import evaluate_setup, held_out_setup
from loading_simulated import rolled_out
from reports.pages import write_online, write_recorded
from tester.after_episode import AfterEpisode
from tester.output import free_path, open_logger, report
from tester.playing import play
from tester.recorded.tables import comparison_table
from tester.simulated import outcome_table
from tester.true_rewards import TrueRewards, has_true_rewards
from utils.errors import UserError, file_errors, run
from utils.flags.command_line import read
from utils.flags.flag import Args, Flag, boolean, resolve
from utils.flags.recorded import SOURCES
from utils.flags.table import PLAYED, tags_of
from utils.logs.console import episode_bar, native_messages, plain_logger
from utils.runs.directory import expanded
from utils.runs.flags import recorded_args
from utils.runs.learned import find_learned
from utils.runs.reading import reading
from utils.stop_signals import StopSignals
from utils.whole_files import write_whole

TABLE = {
    'Which weights': (
        Flag('checkpoint', str, '', 'name of a checkpoint, such as ckpt-000120; empty: the best, if one '
             'is kept, or the newest'),
    ),
    'What to write': (
        Flag('report', boolean, False, 'write report.html into RUN_DIR: what was learned, in one file; on '
             'recorded episodes those that the run held out, unless other ones are named'),
    ),
    'What to play': (
        Flag('rollouts', int, 10, 'episodes to play, without exploration', only=PLAYED, low=1),
        Flag('seed', int, 0, 'seed of the environment, or of the disturbances of --sim'),
        Flag('video', str, '', '.mp4 file of the played episodes; needs EGL or OSMesa', only=PLAYED),
    ),
    "Roll-outs in LIBERO's simulator": (
        Flag('sim', boolean, False, 'replay successes that the run has held out, or those of --libero_path, '
             'undisturbed and disturbed, and evaluate the reward on what comes of it', only='recorded'),
        Flag('episodes', int, 20, 'least number of roll-outs', only='recorded', low=2, high=100_000),
        Flag('jobs', int, 1, 'processes that play them', only='recorded', low=1),
    ),
    'Recorded episodes to evaluate on': (
        *SOURCES,
        Flag('against', str, '', 'directory of another run, to compare with on the same episodes',
             only='recorded'),
        Flag('out', str, '', '.json file for the numbers, by their names in progress.csv', only='recorded'),
    ),
}


def main(argv=None):
    """Evaluates one checkpoint; `argv` is the command line, None for that of this process."""
    directory, given = parse_words(sys.argv[1:] if argv is None else argv)
    recorded = recorded_args(directory)
    flags = resolve(TABLE, (), given, None, tags_of('env', recorded.env))
    found = find_learned(directory, flags.checkpoint)
    if recorded.env_category == 'recorded':
        check_rollouts(given, flags)
        with ExitStack() as stack:
            kinds = {}
            if flags.sim:
                given, kinds = stack.enter_context(rolled_out(recorded, given, found, flags))
            evaluate_reward(recorded, given, flags, found, directory, kinds)
    else:
        play_policy(Args({**recorded, 'test_rollouts': flags.rollouts}), flags, found, directory)


def check_rollouts(given, flags):
    """Refuses flags of roll-outs without --sim."""
    for name in ('episodes', 'jobs', 'seed'):
        if name in given and not flags.sim:
            raise UserError(f'--{name}={given[name]} needs --sim on recorded episodes: nothing is played')


def evaluate_reward(recorded, given, flags, found, directory, kinds=()):
    """Evaluates the reward of a run on recorded episodes, and reports the numbers.

    Args:
        recorded: flags of the run.
        given: {name: value} of the flags on the command line.
        flags: flags of the program.
        found: the checkpoint, a `Found`.
        directory: of the run.
        kinds: of roll-outs in a simulator, as for `outcome_table`; empty for other episodes.
    """
    out, other = flags.out and free_path(flags.out), flags.against and other_run(flags.against)
    is_other = any(flag.name in given for flag in SOURCES if flag.name != 'cache_dir')
    held_out = not is_other and (flags.report or flags.against != '')
    tester, notices, train = evaluated(recorded, given, found, held_out)
    values, logger = tester.values(), open_logger(found)
    for text in notices:
        logger.info('%s', text)
    for text in tester.report():
        logger.info('\n%s', text)
    if kinds:
        logger.info('\n%s', outcome_table(tester.predictions(), kinds).text)
    if other:
        compare(tester.predictions(), directory, other, given, held_out, logger)
    if out:
        text = json.dumps({'checkpoint': os.fspath(found.path), **values}, indent=2) + '\n'
        with file_errors(f'--out={out} cannot be written'):
            write_whole(out, lambda file: file.write(text.encode()))
    if flags.report:
        logger.info('report: %s', write_recorded(directory, found, notices, tester.predictions(), train))


def evaluated(recorded, given, found, held_out):
    """(tester that has predicted, [text], [`Recording`] of baselines) of a checkpoint.

    Args:
        recorded: flags of its run.
        given: {name: value} of the flags on the command line.
        found: the checkpoint, a `Found`.
        held_out: whether to use the episodes that the run held out; otherwise all that are found.
    """
    setup = held_out_setup if held_out else evaluate_setup
    with ExitStack() as stack:
        tester, notices, train = setup(reading(recorded, given), found, lambda total: AfterEpisode(
            stack.enter_context(episode_bar(total)), lambda: None))
        tester.predictions()
    return tester, notices, train


def other_run(text):
    """(directory, its flags, its checkpoint) of the run in --against.

    Raises:
        UserError: there is no such run, or it is not on recorded episodes.
    """
    directory = expanded('against', text)
    recorded = recorded_args(directory)
    if recorded.env_category != 'recorded':
        raise UserError(f'--against={text}: expected a run on recorded episodes, got one on '
                        f'--env={recorded.env}')
    return directory, recorded, find_learned(directory)


def compare(predictions, directory, compared, given, held_out, logger):
    """Reports the differences from another run, an `other_run`, on the same episodes.

    Raises:
        UserError: its episodes are others.
    """
    other, recorded, found = compared
    tester, _, _ = evaluated(recorded, given, found, held_out)
    names = [[(each.recording.path, each.recording.name) for each in model]
             for model in (predictions, tester.predictions())]
    if names[0] != names[1]:
        raise UserError(f'--against={other}: expected the same episodes for both runs, got {len(names[0])} '
                        f'and {len(names[1])} that differ; name them by --libero_path or --data_path')
    logger.info('\n%s', comparison_table(predictions, tester.predictions(),
                                         (directory.resolve().name, other.resolve().name)).text)


def play_policy(args, flags, found, directory):
    """Plays the policy of a run; films it, and writes its report, on request."""
    with ExitStack() as stack:
        camera = stack.enter_context(open_camera(args, flags.video)) if flags.video else None
        with open(os.devnull, 'wb') as nowhere, native_messages(nowhere):   # TensorFlow's start-up messages
            env, agent, rng = evaluation_setup(args, flags.seed, found, stack, camera)
        true_rewards = TrueRewards(agent, env.spec, keep=True) if (
            flags.report and has_true_rewards(agent, env.spec)) else None
        row, states = play(args, env, agent, rng, found, camera is not None, true_rewards)
        report(found, row)
        if flags.report:
            path = write_online(directory, found, true_rewards.episodes if true_rewards else [])
            plain_logger().info('report: %s', path)
        if camera is not None:
            camera.film(states, num_frames=round(row['test/length_mean'] * len(states)) + len(states))


def parse_words(words):
    """(directory of the run, {name: value} of the flags that are given) of a command line.

    Raises:
        UserError: the directory is missing, or a flag is invalid.
    """
    has_directory = bool(words) and not words[0].startswith('-')
    given = read(TABLE, words[has_directory:], description=__doc__,
                 usage='python -m tester RUN_DIR [--flag=value ...]')
    if not has_directory:
        raise UserError('expected the directory of a run first: python -m tester RUN_DIR')
    return expanded('run_dir', words[0]), given


if __name__ == '__main__':
    with StopSignals():
        run(main)
