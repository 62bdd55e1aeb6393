"""Converts recorded episodes of LIBERO's suites: HDF5, RLDS and LeRobot, as recorded, without replay."""
import sys
from collections import Counter

import utils.installed  # noqa: F401 (checks the packages before anything imports them)
from conversions.episodes import Episode, facts_of, open_files, sizes_of
from conversions.suite import suite_of
from conversions.to_hdf5 import write_hdf5
from conversions.to_lerobot import write_lerobot
from conversions.to_rlds import write_rlds
from utils.errors import UserError, run
from utils.flags.command_line import read
from utils.flags.flag import Args, Flag, resolve
from utils.flags.recorded import RECORDED
from utils.flags.suites import SUITES
from utils.logs.console import plain_logger, work_bar
from utils.runs.directory import expanded
from utils.stop_signals import StopSignals
from utils.unfinished import check_place

_USAGE = 'python convert.py --to=rlds|lerobot|hdf5 SRC DST [--flag=value ...]'
_ENCODINGS = {'rlds': ('jpeg', 'png'), 'lerobot': ('png', 'av1', 'h264'), 'hdf5': ()}
_WRITERS = {'rlds': write_rlds, 'lerobot': write_lerobot, 'hdf5': write_hdf5}
_READING = ('libero_failures', 'outcomes', 'columns', 'libero_alignment', 'libero_orientation',
            'libero_noops', 'libero_skip_bad')
TABLE = {
    'What to write': (
        Flag('to', str, '', 'format to write', choices=tuple(_WRITERS)),
        Flag('env', str, '', 'suite; empty: the one that has all tasks of SRC', choices=('', *SUITES)),
        Flag('encoding', str, '', 'of frames: jpeg or png in RLDS; png, av1 or h264 in LeRobot; empty: the '
             'first', choices=('', 'jpeg', 'png', 'av1', 'h264')),
        Flag('fps', int, 20, 'frames per second that LeRobot records; LIBERO has 20', low=1),
        Flag('name', str, '', 'name of the data set in RLDS; empty: that of the suite, with _no_noops if '
             'those are left out'),
        Flag('libero_obs', str, '', 'parts of an observation; empty: both cameras, and joints if SRC has '
             'them',
             choices=('', *(f'{cameras},{vector}' for cameras in ('agentview,wrist', 'agentview')
                            for vector in ('proprio', 'state')))),
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
    args = Args({**flags, 'env': flags.env or suite_of(source_path), 'libero_path': str(source_path),
                 'data_path': ''})
    source, lacking = open_files(args)
    count = sum(len(file.episodes) for file in source.files)
    if not count:
        raise UserError(f'{source_path}: expected episodes of {args.env}, found none')
    for text in [*source.notices, *filter(None, [lacking]), *_skipped(source.files)]:
        logger.info(text)
    with work_bar(count, 'episode', desc='converting') as bar:
        episodes = [Episode(recording, file, place, lambda: bar.update(1))
                    for file in source.files for place, recording in enumerate(file.episodes)]
        _WRITERS[flags.to](target, episodes, sizes_of(source.files), args, facts_of(source.files))
    _report(logger, episodes, args, target)


def _skipped(files):
    return [f'left out: {file.path} {name}: {why}' for file in files for name, why in file.skipped.items()]


def _report(logger, episodes, args, target):
    """Logs what was written, and what a reader must know about it."""
    unknown = sum(episode.recording.final_action is None for episode in episodes)
    if unknown:
        logger.info('%s of %s episodes end with an observation whose action is not recorded; its action '
                    'there is zeros, with the gripper as before', unknown, len(episodes))
    tasks = {episode.recording.task: episode.sentence for episode in episodes}
    shared = [sentence for sentence, number in Counter(tasks.values()).items() if number > 1]
    if shared and args.to == 'lerobot':
        logger.warning('warning: LeRobot stores sentences only, and %r stands for several tasks', shared[0])
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
    if not source.exists():
        raise UserError(f'{source}: expected recorded episodes; it does not exist')
    return source, target, flags


if __name__ == '__main__':
    program()
