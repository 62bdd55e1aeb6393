"""What a labelled copy contains beside the rewards."""
from collections.abc import Callable
from typing import NamedTuple

from utils.errors import UserError
from utils.foreign.files import is_plain_name


def _nothing():
    """Reports nothing."""


class CopyOptions(NamedTuple):
    """Options of a copy.

    Attributes:
        mask: HDF5: name in the group `mask` of the list of episodes above `above`; '' for no list.
        above: a predicted return; episodes with a greater one are above it.
        next_obs: HDF5: whether to add `next_obs` where it is missing.
        only_above: RLDS: whether to leave out the episodes that are not above `above`.
        report: function without arguments, called once for each episode in the copy.
    """

    mask: str = ''
    above: float | None = None
    next_obs: bool = False
    only_above: bool = False
    report: Callable[[], None] = _nothing

    @property
    def values(self):
        """{name: JSON value} of what the content of the copy depends on."""
        return {name: value for name, value in self._asdict().items() if name != 'report'}


def check_options(options, form, has=()):
    """Makes sure that a layout has what the options ask for.

    Args:
        options: the `CopyOptions`.
        form: name of the layout, such as 'RLDS'.
        has: names of those among mask, next_obs and only_above that it has.

    Raises:
        UserError: it has not, or the options contradict each other.
    """
    for name, layout in (('mask', 'HDF5'), ('next_obs', 'HDF5'), ('only_above', 'RLDS')):
        if options.values[name] and name not in has:
            raise UserError(f'expected a data set of {layout} for {name}, got {form}')
    if options.mask and not is_plain_name(options.mask):
        raise UserError(f'expected a name without separators for mask, got {options.mask!r}')
    if (options.mask or options.only_above) and options.above is None:
        raise UserError(f'expected a predicted return, above, for {"mask" if options.mask else "only_above"}')
