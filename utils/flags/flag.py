"""The class of a flag, and the values of all flags of a run."""
from collections.abc import Mapping
from typing import NamedTuple

from utils.errors import UserError
from utils.flags.role import Role

_LARGEST = {int: 2 ** 63 - 1, float: 3.4e38}    # what int64 and float32 hold


def boolean(text):
    """True or False, in the spellings that the original accepts.

    Raises:
        ValueError: `text` is none of these spellings.
    """
    if text.lower() in ('yes', 'true', 't', 'y', '1'):
        return True
    if text.lower() in ('no', 'false', 'f', 'n', '0'):
        return False
    raise ValueError(text)


class Args(Mapping):
    """The values of one run by name, read-only: `args.gamma`, `'gamma' in args`, `dict(args)`."""

    def __init__(self, values):
        self.__dict__.update(values)

    def __setattr__(self, name, value=None):
        raise AttributeError(f'args is read-only; pass {name} as an argument to what needs it')

    __delattr__ = __setattr__

    def __getitem__(self, name):
        return self.__dict__[name]

    def __iter__(self):
        return iter(self.__dict__)

    def __len__(self):
        return len(self.__dict__)

    def __repr__(self):
        return f'Args({self.__dict__})'


class Flag(NamedTuple):
    """One flag: its values, its meaning, and the runs that have it.

    A run is described by tags (`mujoco`, `rrd`, `sac`, ...). A condition is tags that must all be
    present: `'ircr mujoco'`; the empty condition always holds.

    Attributes:
        kind: int, float, str or `boolean`.
        default: a value, or {condition: value}; of the conditions that hold, the one with most tags counts.
        only: conditions joined by ` or `; the flag exists for a run where one holds.
        low: smallest number accepted.
        high: largest number accepted; None is the largest that the type holds.
        choices: the only texts accepted, if any.
        role: what the flag decides; resume, sweeps and figures follow it.
        names_run: whether the name and the label of a run without a tag show the value.
        gives_tags: whether the value gives the run tags; the conditions of later flags may use them.
        changes_returns: whether returns at two values cannot share a figure.
    """

    name: str
    kind: type
    default: object
    help: str
    only: str = ''
    low: float = 0
    high: float | None = None
    choices: tuple[str, ...] = ()
    role: Role = Role.METHOD
    names_run: bool = False
    gives_tags: bool = False
    changes_returns: bool = False

    @property
    def defaults(self):
        """{condition: value}."""
        return self.default if isinstance(self.default, dict) else {'': self.default}

    def default_for(self, tags):
        """The default of a run with these tags.

        Raises:
            ValueError: the table is wrong: no condition holds, or two with equally many tags do.
        """
        held = sorted((len(condition.split()), condition)
                      for condition in self.defaults if _holds(condition, tags))
        if not held or [count for count, _ in held].count(held[-1][0]) > 1:
            raise ValueError(f'{self.name} has no single default for {" ".join(tags)}: {held}')
        return self.defaults[held[-1][1]]

    def exists_for(self, tags):
        """Whether a run with these tags has this flag."""
        return any(_holds(condition, tags) for condition in self.only.split(' or '))

    def read(self, text):
        """The value that `text` spells.

        Raises:
            UserError: `text` is not a valid value, or out of range.
        """
        refusal = UserError(f'--{self.name}={text}: expected {self.expected}')
        try:
            value = self.kind(text)
        except ValueError as error:
            raise refusal from error
        if not self._accepts(value):
            raise refusal
        return value

    def _accepts(self, value):
        if self.kind in _LARGEST:
            high = _LARGEST[self.kind] if self.high is None else self.high
            return self.low <= value <= high    # a NaN is in no range
        return not self.choices or value in self.choices

    @property
    def expected(self):
        """The accepted values, in words."""
        if self.choices:
            return ', '.join(each or 'empty' for each in self.choices[:-1]) + f' or {self.choices[-1]}'
        if self.kind in _LARGEST:
            noun, high = ('an integer', '2**63 - 1') if self.kind is int else ('a number', '3.4e38')
            return f'{noun} from {self.low} to {high if self.high is None else self.high}'
        return 'True or False' if self.kind is boolean else 'a text'

    @property
    def description(self):
        """The flag's text for --help: meaning, choices, defaults, and the runs that have it."""
        defaults = [f'{condition}: {value}'.removeprefix(': ') for condition, value in self.defaults.items()]
        choices = f': {self.expected}' if self.choices else ''
        only = f' [only {self.only}]' if self.only else ''
        return f'{self.help}{choices} ({"; ".join(defaults) or "empty"}){only}'


def resolve(table, selectors, values, tags_of, tags=()):
    """All flags of a run: the given ones, and defaults for the others.

    Args:
        table: {title of a group in --help: its flags}.
        selectors: names of the flags that give a run its tags; a later one may depend on earlier ones.
        values: {name: value} as given; names are of the table.
        tags_of: function of a selector's name and value, to the tags that it gives.
        tags: tags of the run that do not depend on its flags.

    Returns:
        `Args` of the flags that exist for this run, in the order of the table.

    Raises:
        UserError: a flag is for another kind of run.
    """
    flags = {flag.name: flag for group in table.values() for flag in group}
    tags = _all_tags(flags, selectors, values, tags_of, tags)
    for name, value in values.items():
        if not flags[name].exists_for(tags):
            raise UserError(f'--{name}={value} needs {flags[name].only}; this run is {" ".join(tags)}')
    return Args({name: values[name] if name in values else flag.default_for(tags)
                 for name, flag in flags.items() if flag.exists_for(tags)})


def applicable(table, selectors, values, tags_of):
    """{name: value} of the given flags that exist for their run; arguments as for `resolve`."""
    flags = {flag.name: flag for group in table.values() for flag in group}
    tags = _all_tags(flags, selectors, values, tags_of)
    return {name: value for name, value in values.items() if flags[name].exists_for(tags)}


def _all_tags(flags, selectors, values, tags_of, tags=()):
    """The tags of a run; `flags` is {name: Flag}, the others are as for `resolve`."""
    for flag in (flags[name] for name in selectors):
        if flag.exists_for(tags):
            tags += tags_of(flag.name, values.get(flag.name, flag.default_for(tags)))
    return tags


def _holds(condition, tags):
    return set(condition.split()) <= set(tags)
