"""Parses a command line of flags, and prints --help."""
import argparse
import difflib
import functools
import itertools
import sys

from utils.errors import UserError
from utils.flags.flag import boolean, resolve

_METAVARS = {int: 'INT', float: 'FLOAT', str: 'TEXT'}


def parse(table, selectors, argv, tags_of, **texts):
    """Reads a command line, or prints --help and exits; returns all flags of its run.

    Args:
        table: as for `resolve`.
        selectors: as for `resolve`.
        argv: the words of the command line, or None for those of this process.
        tags_of: as for `resolve`.
        **texts: keyword arguments of `argparse.ArgumentParser` (usage, description, epilog).

    Returns:
        `Args` of the flags that exist for this run, in the order of the table.

    Raises:
        UserError: a flag is unknown, abbreviated, for another kind of run, or has an invalid value.
    """
    return resolve(table, selectors, read(table, argv, **texts), tags_of)


def read(table, argv, several=(), **texts):
    """{name: value} of the flags on a command line; the last of a repeated flag counts.

    Arguments and errors as for `parse`, but for what depends on the kind of run.

    Args:
        table: as for `parse`.
        argv: as for `parse`.
        several: names of flags that take one or more values, separated by spaces; their values are lists.
        **texts: as for `parse`.
    """
    words = sys.argv[1:] if argv is None else argv
    for word in words:
        check_text(word)
    layout = functools.partial(argparse.RawDescriptionHelpFormatter, max_help_position=30)
    parser = _Parser(allow_abbrev=False, argument_default=argparse.SUPPRESS, formatter_class=layout, **texts)
    for title, flags in table.items():
        group = parser.add_argument_group(title)
        for flag in flags:
            nargs = '+' if flag.name in several else '?' if flag.kind is boolean else None
            switch = {'const': True} if nargs == '?' else {}        # --report is --report=True
            group.add_argument(f'--{flag.name}', type=flag.read, metavar=_METAVARS.get(flag.kind, 'BOOL'),
                               nargs=nargs, help=flag.description.replace('%', '%%'), **switch)
    values, leftovers = parser.parse_known_args(argv)
    if leftovers:
        _check_several(leftovers[0], words, several)
        raise UserError(_refusal(leftovers[0], [flag.name for flags in table.values() for flag in flags]))
    return vars(values)


def check_text(word):
    """Checks that a word of a command line is text, as the log and TensorFlow need it.

    Raises:
        UserError: it has bytes that are not UTF-8.
    """
    try:
        word.encode()
    except UnicodeEncodeError as error:
        shown = word.encode(errors='backslashreplace').decode()
        raise UserError(f'{shown}: expected a name in UTF-8, got other bytes (in an ASCII locale, set '
                        'PYTHONUTF8=1)') from error


class _Parser(argparse.ArgumentParser):
    """Reports an error by raising it, without usage text."""

    def error(self, message):
        raise UserError(message.removeprefix('argument '))


def _check_several(word, words, several):
    """Refuses a second value after an equals sign, which takes exactly one."""
    for before, value in itertools.pairwise(words):
        name, equals, first = before.removeprefix('--').partition('=')
        if value == word and equals and name in several and not word.startswith('-'):
            raise UserError(f'unexpected {word!r}: write several values as --{name} {first} {word}')


def _refusal(word, names):
    """The message for an unknown `word`, with the nearest flags."""
    if not word.startswith('-'):
        return f'unexpected {word!r}: write flags as --name=value'
    name = word.lstrip('-').split('=')[0]
    abbreviated = [full for full in names if name and full.startswith(name)]
    near = abbreviated or difflib.get_close_matches(name, names)
    hint = f'did you mean {" or ".join(f"--{full}" for full in near[:3])}?' if near else 'see --help'
    return f'unknown flag {word}; {hint}'
