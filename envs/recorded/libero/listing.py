"""Lists recorded episodes: `python -m envs.libero DIR`, a root, the folder of a suite or one file."""
import sys
import textwrap
from pathlib import Path

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
    folders = found_below(root)
    logger = plain_logger()
    for folder, paths in folders.items():
        files = [read_file(path, (), args.libero_alignment, args.libero_orientation,
                           args.libero_noops, args.libero_skip_bad) for path in paths]
        logger.info('%s: %s\n%s', folder, _suites(paths), table(files))
        for file in files:
            for name, why in file.skipped.items():
                logger.info('left out: %s %s: %s', file.path.name, name, why)
        logger.info('')


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
    """{folder: its `*_demo.hdf5` files} of a file, a folder and the folders in it.

    Raises:
        UserError: there are none.
    """
    if path.is_file():
        return {path.parent: [path]}
    if not path.is_dir():
        raise UserError(f'{path}: expected a folder or an .hdf5 file; it does not exist')
    folders = {path: files_below(path)}
    folders |= {folder: files_below(folder) for folder in sorted(filter(Path.is_dir, path.iterdir()))}
    folders = {folder: files for folder, files in folders.items() if files}
    if not folders:
        raise UserError(f'{path}: expected <task>{ENDING} files in it or in the folders in it, found none')
    return folders


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
    return '\n'.join([task, *textwrap.wrap(f'"{file.instruction}"', _WIDTH)])


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
