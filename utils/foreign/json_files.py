"""Foreign JSON files."""
import json

from utils.foreign.files import DamagedError, read_bytes, reading

MAX_BYTES = 2 ** 28
MAX_DEPTH = 100         # deeper values would overflow the stack of whoever walks through them


def read_json(path, limit=MAX_BYTES):
    """The value in a JSON file.

    Args:
        path: of the file.
        limit: its largest size in bytes.

    Raises:
        UnreadableError: it cannot be read, is too large, not JSON, or nested more than `MAX_DEPTH` times.
    """
    content = read_bytes(path, limit)
    with reading(path):
        value = json.loads(content.decode('utf-8'))
    if _depth_exceeds(value, MAX_DEPTH):
        raise DamagedError(path, 'it is nested too deeply')
    return value


def _depth_exceeds(value, limit):
    layer = [value]
    for _ in range(limit):
        layer = [inner for each in layer if isinstance(each, dict | list)
                 for inner in (each.values() if isinstance(each, dict) else each)
                 if isinstance(inner, dict | list)]
        if not layer:
            return False
    return True
