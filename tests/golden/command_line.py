"""Command lines: the values that they parse to, and the lines that are refused."""
import json

import numpy as np

from common import parse_args
from tests.golden.case import Case, Result
from utils.errors import UserError
from utils.flags.checks import check_combination


def run(path):
    """One result, of the lines that can be compared."""
    entries = json.loads(path.read_text(encoding='utf-8'))
    known = {name for entry in entries for name in entry.get('args', ())}    # the original's flags
    compared, not_compared = [], []
    for entry in entries:
        args, refusal = _parse(entry['argv'])
        obstacle = _obstacle(entry, args, refusal, known)
        if obstacle:
            not_compared.append(f'{_line(entry)} ({obstacle})')
        else:
            compared.append((entry, args))

    case = Case(path, {key: value for entry, _ in compared for key, value in _arrays(entry).items()})
    for entry, args in compared:
        check(case, entry, args, known)
    return [Result(path.stem, case, tuple(not_compared + case.unused))]


def check(case, entry, args, known):
    """Compares one command line.

    Args:
        case: `Case` of the whole file.
        entry: what the original made of the line.
        args: what ours parses it to, or None if it refuses.
        known: names of the original's flags.
    """
    line = _line(entry)
    if 'args' not in entry:
        case.equal(f'{line}/refused', args is None)
        return
    for name, value in entry['args'].items():
        if name in args or not _idle(name, args):
            tolerance = 1e-6 * abs(value) if isinstance(value, float) else 0.0
            case.close(f'{line}/{name}', args.get(name, 'no such flag'), tolerance)
    for name in known & set(args) - set(entry['args']):
        case.equal(f'{line}/{name}', args[name], recorded='no such flag')


def _parse(argv):
    """The `Args` of a command line and '', or None and the reason for the refusal."""
    try:
        args = parse_args(argv)
        check_combination(args)
    except UserError as error:
        return None, str(error)
    return args, ''


def _obstacle(entry, args, refusal, known):
    """Why a line cannot be compared, or ''."""
    if 'exception' in entry:
        return f'the original breaks: {entry["exception"]}'    # no such environment; ours looks it up later
    if 'args' in entry:
        return refusal
    given = {word.split('=')[0].removeprefix('--') for word in entry['argv'] if word.startswith('--')}
    return 'a flag that the original has not' if args is not None and given - known else ''


def _idle(name, args):
    """Whether the original sets a flag that the algorithm does not read: IRCR's temperature without SAC."""
    return name.startswith('alpha_') and args.get('basis_alg', args.alg) != 'sac'


def _line(entry):
    return ' '.join(entry['argv']) or '(no flags)'


def _arrays(entry):
    """{key of the case: the values that the original parsed from the line}."""
    recorded = entry.get('args', {'refused': True})
    return {f'{_line(entry)}/{name}': np.asarray(value) for name, value in recorded.items()}
