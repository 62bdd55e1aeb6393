"""Names of flags in errors: the readers of episodes know those of a run, a user those of `label.py`."""
import re
from contextlib import contextmanager

from labels.flags import TABLE
from utils.errors import UserError
from utils.flags.recorded import RECORDED
from utils.flags.suites import OWN_DATA

_OWN = {flag.name for flags in TABLE.values() for flag in flags}
_OF_RUN = {flag.name for flags in RECORDED.values() for flag in flags} - _OWN


def renamed(recorded, given):
    """The given flags, with --data_path under the name that it has for a suite.

    Args:
        recorded: flags of the run.
        given: {name: value}.

    Raises:
        UserError: both names are given.
    """
    if recorded.env == OWN_DATA or 'data_path' not in given:
        return given
    if 'libero_path' in given:
        raise UserError(f'--libero_path={given["libero_path"]}: expected only --data_path')
    return {'libero_path' if name == 'data_path' else name: value for name, value in given.items()}


def as_given(text, given):
    """A text about flags of a run, with the names that they have on the command line.

    Args:
        text: such as an error.
        given: {name: value} of the flags of the command.
    """
    unset = set(_OF_RUN)
    if 'data_path' in given and 'libero_path' not in given:
        text = re.sub(r'--libero_path\b', '--data_path', text)
    elif 'data_path' not in given:
        unset |= {'libero_path', 'data_path=[^ ]'} - given.keys()       # --data_path alone: our own advice
    return re.sub(rf"(?<!a run's )--({'|'.join(sorted(unset))})\b", r"a run's --\1", text)


@contextmanager
def named_as_given(given):
    """Raises a `UserError` of the `with` block with the names of flags of the command."""
    try:
        yield
    except UserError as error:
        text = as_given(str(error), given)
        if text == str(error):
            raise
        raise UserError(text) from error
