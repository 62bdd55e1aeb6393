"""Converts recorded episodes between HDF5, RLDS and LeRobot: those of LIBERO's suites, and own data."""
import os
import sys
from collections import Counter
from contextlib import contextmanager

import utils.installed  # noqa: F401 (checks the packages before anything imports them)
from conversions import to_hdf5, to_lerobot, to_rlds, to_robomimic
from conversions.episodes import open_suite
from conversions.job import Job
from conversions.own import open_own
from conversions.suite import suite_of
from utils.errors import UserError, run
from utils.flags.command_line import read
from utils.flags.flag import Args, Flag, resolve
from utils.flags.recorded import RECORDED
from utils.flags.suites import OWN_DATA, SUITES
from utils.logs.console import plain_logger, work_bar
from utils.runs.directory import expanded
from utils.stop_signals import StopSignals
from utils.unfinished import check_place

_USAGE = 'python convert.py --to=rlds|lerobot|hdf5 SRC DST [--flag=value ...]'
_ENCODINGS = {'rlds': ('jpeg', 'png'), 'lerobot': ('png', 'av1', 'h264'), 'hdf5': ()}
_WRITERS = {'rlds': to_rlds.write_rlds, 'lerobot': to_lerobot.write_lerobot, 'hdf5': to_hdf5.write_hdf5}
_OWN_WRITERS = {**_WRITERS, 'hdf5': to_robomimic.write_robomimic}
_OWN_COLUMNS = {'rlds': to_rlds.own_column, 'lerobot': to_lerobot.own_column,
                'hdf5': to_robomimic.own_column}
_LIBERO_OBS = ('', *(f'{cameras},{vector}' for cameras in ('agentview,wrist', 'agentview')
                     for vector in ('proprio', 'state')))
_READING = ('libero_failures', 'outcomes', 'columns', 'libero_alignment', 'libero_orientation',
            'libero_noops', 'libero_skip_bad')
TABLE = {
    'What to write': (
        Flag('to', str, '', 'format to write', choices=tuple(_WRITERS)),
        Flag('env', str, '', f'suite; empty: the one that has all tasks of SRC; {OWN_DATA}: own data',
             choices=('', *SUITES, OWN_DATA)),
        Flag('encoding', str, '', 'of frames: jpeg or png in RLDS; png, av1 or h264 in LeRobot; empty: the '
             'first', choices=('', 'jpeg', 'png', 'av1', 'h264')),
        Flag('fps', int, 0, 'frames per second that LeRobot records; 0: the 20 of LIBERO', low=0,
             high=10_000),
        Flag('name', str, '', 'name of the data set in RLDS; empty: that of --env, with _no_noops if those '
             'are left out'),
        Flag('libero_obs', str, '', 'parts of an observation; empty: both cameras, and joints if SRC has '
             'them; of own data any keys, empty: all cameras and vectors'),
    ),
    'How to read SRC': tuple(flag._replace(only='') for flags in RECORDED.values() for flag in flags
                             if flag.name in _READING),
}


def program():
    """Runs `main` as a program."""
    with StopSignals():
        run(main)


def main(argv=None):
    """Writes one data set; `argv` is the command line, None for that of this process.

    Raises:
        UserError: a path or a flag cannot be used, or the data are invalid.
    """
    source_path, target, flags = parse_words(sys.argv[1:] if argv is None else argv)
    logger = plain_logger()
    failures = [expanded('libero_failures', text) for text in flags.libero_failures.split(',') if text]
    check_place(target, [source_path, *failures])
    args = _reading(source_path, flags)
    is_own = args.env == OWN_DATA
    content = open_own(args, _OWN_COLUMNS[args.to]) if is_own else open_suite(args)
    for text in content.notices:
        logger.info(text)
    with work_bar(len(content.episodes), 'episode', desc='converting') as bar:
        job = Job(target, content, args, lambda: bar.update(1))
        with _naming_unfinished(target):
            (_OWN_WRITERS if is_own else _WRITERS)[args.to](job)
    _report(logger, content.episodes, args, target)


@contextmanager
def _naming_unfinished(target):
    """Adds to an error of the block where the part is that was written before it."""
    partial = target.with_name(f'{target.name}.partial')
    try:
        yield
    except UserError as error:
        if str(partial) in str(error) or not partial.exists():
            raise
        raise UserError(f'{error} ({partial} holds what was written before)') from error


def _reading(path, flags):
    """The `Args` that read the data set at `path`.

    Raises:
        UserError: a flag cannot be used for its kind of data.
    """
    env = flags.env or suite_of(path)
    if env == OWN_DATA:
        _check_own(flags)
    elif flags.libero_obs not in _LIBERO_OBS:
        raise UserError(f'--libero_obs={flags.libero_obs}: expected one of {" ".join(_LIBERO_OBS[1:])} of a '
                        'suite')
    paths = {'libero_path': '', 'data_path': ''} | {'data_path' if env == OWN_DATA else 'libero_path':
                                                    str(path)}
    return Args({**flags, 'env': env, **paths})


def _check_own(flags):
    for name, neutral in (('libero_orientation', 'auto'), ('libero_noops', 'keep')):
        if flags[name] != neutral:
            raise UserError(f'--{name}={flags[name]}: frames and steps of own data are written as stored; '
                            f'expected {neutral}')
    if flags.to == 'lerobot' and not flags.fps:
        raise UserError('--fps: expected the frames per second of own data, with --to=lerobot')


def _report(logger, episodes, args, target):
    """Logs what was written, and what a reader must know about it."""
    if args.env != OWN_DATA:
        tasks = {episode.recording.task: episode.sentence for episode in episodes}
        shared = [sentence for sentence, number in Counter(tasks.values()).items() if number > 1]
        if shared and args.to == 'lerobot':
            logger.warning('warning: LeRobot stores sentences only, and %r stands for several tasks',
                           shared[0])
        if args.to == 'hdf5':
            logger.info('without simulator states: the files can be read and trained on, not replayed')
    logger.info('%s episodes of %s: %s', len(episodes), args.env, target)


def parse_words(words):
    """(path to read, path to write, `Args`) of a command line; paths and flags in any order.

    Raises:
        UserError: a path is missing, or a flag cannot be used.
    """
    paths = [word for word in words if not word.startswith('-')]
    given = read(TABLE, [word for word in words if word.startswith('-')], description=__doc__, usage=_USAGE)
    flags = resolve(TABLE, (), given, None)
    if not flags.to:
        raise UserError(f'--to: expected one of {", ".join(_WRITERS)}')
    if len(paths) != 2:
        raise UserError(f'expected a data set to read and a folder to write, got {len(paths)} paths: '
                        f'{_USAGE}')
    if flags.encoding and flags.encoding not in _ENCODINGS[flags.to]:
        expected = ' or '.join(_ENCODINGS[flags.to]) or 'none'
        raise UserError(f'--encoding={flags.encoding}: expected {expected} with --to={flags.to}')
    source, target = expanded('SRC', paths[0]), expanded('DST', paths[1])
    if not os.path.exists(source):
        raise UserError(f'{source}: expected recorded episodes; it does not exist')
    return source, target, flags


if __name__ == '__main__':
    program()
