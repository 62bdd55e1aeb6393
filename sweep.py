"""Runs train.py for every combination of the values given to its flags, here or on a Ray cluster."""
import shlex
import sys

import utils.installed  # noqa: F401 (checks the packages before anything imports them)
from common import check_environments
from figures.overview import FIGURE, draw_overview
from sweeps.board import Board
from sweeps.directory import taken
from sweeps.local import LocalExecutor
from sweeps.on_ray import RayExecutor
from sweeps.plan import plan
from sweeps.schedule import schedule
from utils.errors import UserError, run
from utils.flags.command_line import read
from utils.flags.flag import Flag, resolve
from utils.flags.table import FLAGS
from utils.host import cores
from utils.logs.console import plain_logger
from utils.runs.directory import expanded
from utils.stop_signals import StopSignals

TABLE = {
    'The sweep': (
        Flag('out', str, 'log/sweep', 'directory of the runs, figure and table; existing runs are kept'),
        Flag('jobs', int, 0, 'number of runs at once on this machine; 0: one for each core'),
        Flag('retries', int, 2, 'how often a failed run is restarted from its checkpoint'),
        Flag('ray', str, '', 'address of a Ray cluster, or auto; empty: only this machine'),
        Flag('gpus', float, 0.0, 'share of a GPU for each run on a Ray cluster', high=64),
    ),
}
DESCRIPTION = """Runs train.py for every combination of values: --seed 0 1 2 --alg rrd sac.

Flags of train.py take one or more values. A flag that an algorithm does not have is
left out for it. The same command resumes a sweep that was stopped."""


def main(argv=None):
    """Runs one sweep; `argv` is the command line, None for that of this process."""
    words = sys.argv[1:] if argv is None else argv
    values, own = parse_words(words)
    if not own.out:
        raise UserError('--out is empty; expected the directory of the sweep')
    out = expanded('out', own.out)
    runs = plan(values, out)
    check_environments(run.args for run in runs)
    executor = _executor(own)
    try:
        # the signals last: Ray sets its own handlers
        with taken(out), executor, StopSignals(), Board(runs) as board:
            outcomes = schedule(runs, executor, board)
    except KeyboardInterrupt:
        plain_logger().info('stopped; to resume: python sweep.py %s', shlex.join(words))
        raise
    draw(out, runs)
    if any(outcome.status != 0 for outcome in outcomes.values()):
        sys.exit(1)


def parse_words(words):
    """({name: [value]} of flags of train.py, `Args` of the sweep's own) of a command line.

    Raises:
        UserError: a flag is invalid.
    """
    swept = {title: [flag for flag in flags if flag.role.can_be_swept] for title, flags in FLAGS.items()}
    names = {flag.name for flags in swept.values() for flag in flags}
    given = read(TABLE | swept, words, several=names, description=DESCRIPTION,
                 usage='python sweep.py [--flag value ...]')
    own = resolve(TABLE, (), {name: value for name, value in given.items() if name not in names}, None)
    # many runs in parallel are fastest with one thread each
    threads = {'inter_op_threads': [1], 'intra_op_threads': [1]}
    return threads | {name: value for name, value in given.items() if name in names}, own


def _executor(own):
    """The executor of the runs; `own` has the flags of the sweep."""
    if own.ray and own.jobs:
        raise UserError(f'--jobs={own.jobs} is for this machine only; with --ray the cores of the cluster '
                        'decide')
    if own.gpus and not own.ray:
        raise UserError(f'--gpus={own.gpus} is for a Ray cluster; on this machine all runs share its GPUs')
    if own.ray:
        return RayExecutor(own.ray, own.retries, own.gpus)
    return LocalExecutor(own.jobs or cores(), own.retries)


def draw(out, runs):
    """Draws and logs all runs in the directory of the sweep, including those of earlier sweeps."""
    logger, recorded = plain_logger(), all(run.args.env_category == 'recorded' for run in runs)
    try:
        table = draw_overview(out, recorded, logger.warning)
    except UserError as error:      # the runs have finished anyway
        logger.warning('no figure: %s', error)
    else:
        logger.info('%s%s', table, out / FIGURE)


if __name__ == '__main__':
    run(main)
