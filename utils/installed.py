"""Ends a program in one line where a package that all need is missing; the first import of each program."""
import importlib.util
import sys

from utils.packages import not_installed

# the others are imported where a run needs them
_AT_START = ('numpy', 'tensorflow', 'gymnasium', 'beautifultable', 'rich', 'tqdm', 'matplotlib', 'pandas',
             'scipy')


def _check():
    for module in _AT_START:
        if importlib.util.find_spec(module) is None:
            sys.stderr.write(f'error: {not_installed(module)}\n')
            sys.exit(2)


_check()
