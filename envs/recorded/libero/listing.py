"""Lists recorded episodes: `python -m envs.libero DIR`, a root, the folder of a suite or one file."""
import os
import sys
import textwrap

from envs.recorded.libero.demo import CAMERAS
from envs.recorded.libero.hdf5 import read_file
from envs.recorded.libero.paths import files_below
from utils.errors import UserError, run
from utils.flags.command_line import parse
from utils.flags.recorded import RECORDED
from utils.flags.suites import ENDING, SUITES, task_of
from utils.logs.console import plain_logger
from utils.logs.tables import text_table
from utils.runs.directory import expanded
from utils.stop_signals import StopSignals
from utils.text import printable

_READING = ('libero_alignment', 'libero_orientation', 'libero_noops', 'libero_skip_bad')
TABLE = {'How to read them': tuple(flag._replace(only='') for flags in RECORDED.values() for flag in flags
                                   if flag.name in _READING)}
_WIDTH = 42     # of the names of tasks, characters


def program():
    """Runs `main` as a program."""
    with StopSignals():
        run(main)


def main(argv=None):
    """Reports a table for each folder with files; `argv` is the command line, None for this process's."""
    root, args = parse_words(sys.argv[1:] if argv is None else argv)
    folders, unreadable = found_below(root)
    logger = plain_logger()
    label = 'left out' if args.libero_skip_bad else 'unusable'
    num_listed, bad = 0, [f'{label}: {folder}: {why}' for folder, why in unreadable.items()]
    for folder, paths in folders.items():
        files, wrong = _read(paths, args)
        num_listed += len(files)
        logger.info('%s: %s', printable(str(folder)), _suites(paths))
        if files:
            logger.info('%s', table(files))
        wrong += [f'{file.path.name} {name}: {why}' for file in files for name, why in file.skipped.items()]
        bad += [f'{label}: {text}' for text in wrong]
        for text in wrong:
            logger.info('%s: %s', label, printable(text))
        logger.info('')
    for folder, why in unreadable.items():
        logger.info('%s: %s', label, printable(f'{folder}: {why}'))
    if not num_listed:
        raise UserError(f'{root}: none of the files can be read; {bad[0]}')


def _read(paths, args):
    """([`DemoFile`], [why a file is none]) of some paths; episodes that are unusable are in `skipped`."""
    files, wrong = [], []
    for path in paths:
        try:
            files.append(read_file(path, (), args.libero_alignment, args.libero_orientation,
                                   args.libero_noops, skip_bad=True))
        except UserError as error:
            wrong.append(str(error).removeprefix(f'{path.parent}{os.sep}'))
    return files, wrong


def parse_words(words):
    """(path, `Args` of the flags) of a command line.

    Raises:
        UserError: the path is not given, or a flag cannot be used.
    """
    has_path = bool(words) and not words[0].startswith('-')
    args = parse(TABLE, (), words[has_path:], None, description=__doc__,
                 usage='python -m envs.libero DIR [--flag=value ...]')
    if not has_path:
        raise UserError('expected a folder or a file first: python -m envs.libero DIR')
    return expanded('DIR', words[0]), args


def found_below(path):
    """({folder: its `*_demo.hdf5` files}, {folder: why it is unreadable}) of a file or a folder.

    Raises:
        UserError: there are none.
    """
    if os.path.isfile(path):
        return {path.parent: [path]}, {}
    if not os.path.isdir(path):
        raise UserError(f'{path}: expected a folder or an .hdf5 file; it does not exist')
    folders, unreadable = {path: files_below(path)}, {}
    for folder in sorted(filter(_may_hold_data, path.iterdir())):
        try:
            folders[folder] = files_below(folder)
        except UserError as error:
            unreadable[folder] = str(error)
    folders = {folder: files for folder, files in folders.items() if files}
    if not folders:
        why = ''.join(f'; {text}' for text in unreadable.values())
        raise UserError(f'{path}: expected <task>{ENDING} files in it or in the folders in it, found '
                        f'none{why}')
    return folders, unreadable


def _may_hold_data(path):
    return path.is_dir() and not path.name.startswith('.')


def table(files):
    """The table of some `DemoFile`s as text, one row each."""
    rows = [[_task_cell(file), f'{len(file.demos)}', _range([len(demo.actions) for demo in file.demos]),
             _range([demo.total_reward for demo in file.demos]), _frames_cell(file), f'{len(file.skipped)}']
            for file in files]
    return text_table(['task, "instruction"', 'episodes', 'steps', 'return', 'frames', 'left out'], rows,
                      left=(0, 4), leading=1)


def _suites(paths):
    """The suites of the tasks of some files, as text."""
    tasks = {task_of(path) for path in paths}
    names = [name for name, theirs in SUITES.items() if tasks & set(theirs)]
    return f'tasks of {", ".join(names)}' if names else 'tasks of no suite'


def _task_cell(file):
    task = '_\n'.join(textwrap.wrap(task_of(file.path).replace('_', ' '), _WIDTH)).replace(' ', '_')
    return '\n'.join([printable(part) for part in task.split('\n')]
                     + textwrap.wrap(f'"{file.instruction}"', _WIDTH))


def _range(values):
    """Smallest and largest of some numbers."""
    if not values:
        return '-'
    low, high = f'{min(values):g}', f'{max(values):g}'
    return low if low == high else f'{low} to {high}'


def _frames_cell(file):
    sizes = {key: file.cameras[name] for key, name in CAMERAS.items() if name in file.cameras}
    return '\n'.join([*(f'{key} {height} x {width}' for key, (height, width) in sizes.items()),
                      f'{file.orientation}, {file.alignment} actions'])
