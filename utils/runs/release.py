"""`python -m utils.runs.release RUN_DIR --out=DIR`: the weights of a run, to evaluate, label and export."""
import os
import shutil
import sys
import tempfile
from pathlib import Path

from utils.checkpoints.files import CheckpointFiles
from utils.checkpoints.released import write_released
from utils.errors import UserError, file_errors, run
from utils.flags.command_line import read
from utils.flags.flag import Flag, resolve
from utils.logs.console import native_messages, plain_logger
from utils.runs.directory import expanded
from utils.runs.learned import find_learned
from utils.runs.record import read_args, write_record
from utils.stop_signals import StopSignals

_USAGE = 'python -m utils.runs.release RUN_DIR --out=DIR [--checkpoint=NAME]'
_PROGRESS = 'progress.csv'
# flags whose value is a path, which holds on one machine alone
_PATHS = ('run_dir', 'reward_from', 'data_path', 'libero_path', 'libero_failures', 'cache_dir', 'outcomes')
TABLE = {
    'What to write': (
        Flag('out', str, '', 'new folder for the released run'),
        Flag('checkpoint', str, '', 'name of the checkpoint; empty for the best, or the newest'),
    ),
}


def program():
    """Runs `main` as a program."""
    with StopSignals():
        run(main)


def main(argv=None):
    """Releases one run; `argv` is the command line, None for that of this process.

    Raises:
        UserError: the run or a flag cannot be used, or the folder cannot be written.
    """
    directory, out, checkpoint = parse_words(sys.argv[1:] if argv is None else argv)
    record, found = released_record(read_args(directory)), find_learned(directory, checkpoint)
    with (file_errors(f'--out={out} cannot be written'),
          tempfile.TemporaryDirectory(prefix='.release-', dir=out.parent) as place):
        partial = Path(place) / out.name        # inside: a temporary folder is closed to other users
        partial.mkdir()
        write_record(partial, record)
        if (directory / _PROGRESS).exists():
            shutil.copyfile(directory / _PROGRESS, partial / _PROGRESS)
        with open(os.devnull, 'wb') as nowhere, native_messages(nowhere):   # TensorFlow's messages
            write_released(CheckpointFiles(partial / 'checkpoints'), found)
        size = sum(path.stat().st_size for path in partial.rglob('*') if path.is_file())
        os.rename(partial, out)
    plain_logger().info('%s: weights of %s, %.1f MB', out, found.path, size / 1e6)


def released_record(record):
    """The record of a run, as of `read_args`, without paths of the machine; the last part of each is kept.

    Args:
        record: {'flags', ...}.

    Raises:
        UserError: the reward of the run needs a file beside its checkpoint.
    """
    flags = record['flags']
    if flags.get('task_embedding'):
        raise UserError(f'a run with --task_embedding={flags["task_embedding"]} cannot be released: its '
                        'reward needs that file; expected one without')
    names = {flag: [Path(path).name for path in flags[flag].split(',')] for flag in _PATHS if flags.get(flag)}
    return record | {'flags': {flag: value for flag, value in flags.items() if flag not in _PATHS},
                     'released': {'names_of_paths': names}}


def parse_words(words):
    """(directory of the run, folder to write, name of the checkpoint or '') of a command line.

    Raises:
        UserError: a word is missing or invalid, or the folder cannot be made.
    """
    given = read(TABLE, [word for word in words if word.startswith('-')], description=__doc__, usage=_USAGE)
    paths, flags = [word for word in words if not word.startswith('-')], resolve(TABLE, (), given, None)
    if len(paths) != 1:
        raise UserError(f'expected the directory of one run, got {len(paths)} paths: {_USAGE}')
    if not flags.out:
        raise UserError(f'--out: expected a folder to write: {_USAGE}')
    out = expanded('out', flags.out)
    if os.path.lexists(out):
        raise UserError(f'--out={out} exists and is not overwritten')
    if not os.path.isdir(out.parent) or not os.access(out.parent, os.W_OK | os.X_OK):
        raise UserError(f'--out={out}: expected a folder in one that is writable, got {out.parent}')
    return expanded('RUN_DIR', paths[0]), out, flags.checkpoint


if __name__ == '__main__':
    program()
