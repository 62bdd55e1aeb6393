"""A checksum in a file beside another file, with a note of what the file holds."""
import json
import zlib

from utils.foreign.files import MissingError, UnreadableError, data_file
from utils.foreign.json_files import read_json
from utils.whole_files import write_whole

EMPTY = {'crc32': 0, 'bytes': 0}    # of no bytes
_CHUNK = 2 ** 22                    # bytes read at a time
_MAX_BYTES = 2 ** 46                # of a file with a checksum


def extended(checksum, content):
    """The checksum of the bytes of `checksum` followed by `content`."""
    return {'crc32': zlib.crc32(content, checksum['crc32']), 'bytes': checksum['bytes'] + len(content)}


def write_checksum(path, checksum, note):
    """Puts the checksum of the file at `path`, and a note, beside it; `note` is a JSON value."""
    text = json.dumps({**checksum, 'note': note})
    write_whole(_beside(path), lambda out: out.write(text.encode()))


def read_note(path):
    """The note beside a file without `damage`."""
    return read_json(_beside(path))['note']


def damage(path):
    """What is wrong with the bytes of a file, by the checksum beside it; '' if nothing is.

    Reading and zlib's CRC-32 take 1.8 GB per second of one core, BLAKE2b alone 0.5 GB (docs/speed.md): 40 GB
    need 22 s of it, or as long as the disk.
    """
    try:
        expected = read_json(_beside(path))
    except MissingError:
        return 'it has no checksum'
    except UnreadableError:
        return 'its checksum is unreadable'
    if not isinstance(expected, dict) or not isinstance(expected.get('note'), dict):
        return 'its checksum is unreadable'
    found = {**_checksum(path), 'note': expected['note']}
    return '' if found == expected else 'its content has another checksum than when it was written'


def _checksum(path):
    checksum, buffer = EMPTY, memoryview(bytearray(_CHUNK))
    with data_file(path, _MAX_BYTES) as file:
        while size := file.readinto(buffer):
            checksum = extended(checksum, buffer[:size])
    return checksum


def _beside(path):
    return path.with_suffix('.crc32')
