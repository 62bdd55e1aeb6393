"""JSON of an unknown author: bounded in size, and nothing but plain values."""
import json

from envs.recorded.lerobot.faults import one_line, present
from utils.foreign.files import ContentError

_MAX_FILE = 2 ** 24     # bytes of a file that is one value
_MAX_LINES = 2 ** 30    # bytes of a file of lines; never in memory at once
_MAX_LINE = 2 ** 20


def read_json(path):
    """The value in a JSON file.

    Raises:
        ContentError: the file is missing, too large, or not JSON.
    """
    with present(path, _MAX_FILE) as file:
        return parsed(file.read(_MAX_FILE), str(path))


def read_json_lines(path):
    """Yields (label, dict) of each line of a file of JSON objects; the label names file and line.

    Raises:
        ContentError: the file is missing or too large, or a line is not a JSON object.
    """
    with present(path, _MAX_LINES) as file:
        number = 0
        while line := file.readline(_MAX_LINE):
            number += 1
            label = f'{path}, line {number}'
            if len(line) == _MAX_LINE:
                raise ContentError(f'{label}: expected at most {_MAX_LINE} bytes')
            if not line.strip():
                continue
            value = parsed(line, label)
            if not isinstance(value, dict):
                raise ContentError(f'{label}: expected an object, got {type(value).__name__}')
            yield label, value


def whole_number(value, label, low=0, high=2 ** 40):
    """`value`, if it is an integer in [low, high].

    Raises:
        ContentError: it is not.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ContentError(f'{label}: expected a whole number from {low} to {high}, got {value!r:.60}')
    return value


def parsed(text, label):
    """The value that a JSON text stands for.

    Raises:
        ContentError: it is not JSON; the text of the error begins with `label`.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ContentError(f'{label}: expected JSON, got {one_line(error)}') from error
