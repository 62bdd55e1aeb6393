"""Names the part that an error is about, and reads JSON files that somebody else wrote."""
from contextlib import contextmanager

import utils.foreign.json_files as foreign
from utils.foreign.files import ContentError, DamagedError, UnreadableError
from utils.text import one_line

_LARGEST = 2 ** 24      # bytes of a JSON file


@contextmanager
def part(label):
    """Puts `label` before the text of a `ContentError` of the `with` block."""
    try:
        yield
    except ContentError as error:
        raise ContentError(f'{label}: {error}') from error


def shortened(value):
    """A value of a JSON file as text of at most 60 characters."""
    try:
        text = one_line(repr(value))
    except RecursionError:
        text = f'a deeply nested {type(value).__name__}'
    return text if len(text) <= 60 else f'{text[:57]}...'


def read_json(path):
    """The dictionary in a JSON file.

    Raises:
        ContentError: the file is missing, too large, nested too deeply, or no JSON dictionary.
    """
    with part(path.name):
        return _dictionary(path)


def _dictionary(path):
    try:
        values = foreign.read_json(path, _LARGEST)
    except DamagedError as error:
        raise ContentError(f'cannot be read as JSON: {error.cause}') from error
    except UnreadableError as error:
        raise ContentError(f'cannot be read: {error.cause}') from error
    if not isinstance(values, dict):
        raise ContentError(f'expected a JSON dictionary, got {shortened(values)}')
    return values
