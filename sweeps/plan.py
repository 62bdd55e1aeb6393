"""Plans a run of train.py for every combination of values; all are checked before one starts."""
import itertools
import os
import shlex
from pathlib import Path
from typing import NamedTuple

from sweeps.state import never_began
from utils.errors import UserError
from utils.flags.flag import Args
from utils.flags.role import Role
from utils.flags.table import every_flag
from utils.runs.directory import has_long_name
from utils.runs.flags import args_of, recorded_args
from utils.runs.naming import run_name
from utils.runs.record import NAME


class Run(NamedTuple):
    """One run of a sweep.

    Attributes:
        directory: of the run, in the directory of the sweep.
        given: {name: value} of the flags that the command line gives it.
        args: all its flags.
    """

    directory: Path
    given: dict
    args: Args

    @property
    def name(self):
        """The name of the run in a table."""
        return self.directory.name

    @property
    def num_cycles(self):
        """Cycles of the whole run."""
        return self.args.epochs * self.args.cycles

    @property
    def words(self):
        """Its flags as words of a command line, without those of its directory."""
        return [f'--{name}={value}' for name, value in self.given.items()]


def plan(given, out):
    """The runs of a sweep, in the order of the command line, its last flag changing fastest.

    A flag that does not exist for a combination is left out of it. Equal runs become one.

    Args:
        given: {name: [value]} of flags of train.py.
        out: directory of the sweep; runs that exist in it keep their directories.

    Returns:
        [Run], one or more.

    Raises:
        UserError: a combination cannot be run, a flag exists for no run, or a directory holds another run.
    """
    _check_one_value(given)
    runs, used = {}, set()
    swept = [name for name, values in given.items() if len(values) > 1]
    present = _present(out, any_length=not _names(lambda role: role is Role.LENGTH) & {*swept})
    for values in itertools.product(*given.values()):
        asked = dict(zip(given, values, strict=True))
        try:
            args = args_of(asked)
        except UserError as error:
            raise UserError(f'{error} (of {_words(asked)})') from error
        kept = {name: value for name, value in asked.items() if name in args}
        used |= kept.keys()
        directory = present.get(_key(args)) or present.get(_key(args, any_length=True)) or (
            out / run_name(args, {name: kept[name] for name in swept if name in kept}))
        runs.setdefault(_key(args), Run(directory, kept, args))
    if useless := [name for name in given if name not in used]:
        raise UserError(f'--{useless[0]} exists for none of these runs')
    _check_one_each(runs.values())
    for run in runs.values():
        _check_directory(run)
    return list(runs.values())


def _check_one_value(given):
    """Refuses several values of a flag that makes no other run."""
    one_run = _names(lambda role: not role.makes_run)
    for name, values in given.items():
        if name in one_run and len(set(values)) > 1:
            raise UserError(f'--{name} takes one value for all runs of a sweep: '
                            'another value makes no other run')


def _key(args, any_length=False):
    """What identifies a run: ((name, value), ...) of the flags of which another value makes another run."""
    free = _names(lambda role: not role.makes_run or any_length and role is Role.LENGTH)
    return tuple((name, value) for name, value in args.items() if name not in free)


def _names(has):
    """{name} of the flags for whose role `has(role)` is true."""
    return {flag.name for flag in every_flag() if has(flag.role)}


def _present(out, any_length):
    """{key: directory} of the runs in the directory of a sweep; also by keys `any_length`, if asked."""
    if has_long_name(out):
        raise UserError(f'--out={out}: a name in it is too long')
    if os.path.lexists(out) and not (out.is_dir() and os.access(out, os.R_OK | os.W_OK | os.X_OK)):
        raise UserError(f'--out={out} is not a writable directory')
    found = {path.parent: recorded_args(path.parent) for path in sorted(out.glob(f'*/{NAME}'))}
    keys = {_key(args): directory for directory, args in found.items()}
    return keys | ({_key(args, True): directory for directory, args in found.items()} if any_length else {})


def _check_one_each(runs):
    """Refuses runs whose values differ only in characters that the name of a directory cannot have."""
    owners = {}
    for run in runs:
        owner = owners.setdefault(run.directory, run)
        if owner is not run:
            raise UserError(f'{_words(owner.given)} and {_words(run.given)} would both get the directory '
                            f'{run.directory}; sweep them separately, each with its own --out')


def _check_directory(run):
    """Refuses a directory that holds another run, or no run, or whose name is too long."""
    if has_long_name(run.directory):
        raise UserError(f'{_words(run.given)}: the name of its directory, {run.name}, is too long; expected '
                        'fewer flags with several values, or --out and names that are shorter')
    if not os.path.exists(run.directory / NAME):
        if os.path.lexists(run.directory) and not never_began(run.directory):
            raise UserError(f'{run.directory} exists and is not a run; choose another --out')
        return
    recorded = recorded_args(run.directory)
    free = _names(lambda role: role.may_change or not role.can_be_swept)
    for name, value in run.args.items():
        if name not in free and recorded.get(name) != value:
            raise UserError(f'--{name}={value}: the run in {run.directory} has '
                            f'--{name}={recorded.get(name)}; choose another --out')


def _words(values):
    return shlex.join(f'--{name}={value}' for name, value in values.items())
