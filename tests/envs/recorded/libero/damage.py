"""Damage to one episode of a small file, and the resulting error."""
import h5py
import pytest

from envs.recorded.libero.hdf5 import read_file
from utils.errors import UserError

KEYS = ('agentview', 'proprio')
LINK = ' is a link; expected data in the file itself'


def put(path, name, values, **options):
    """Puts an array, or a link, in place of one of demo_1."""
    with h5py.File(path, 'a') as file:
        demo = file['data/demo_1']
        if name in demo:
            del demo[name]
        if values is not None:
            demo.create_dataset(name, data=values, **options) if options else demo.__setitem__(name, values)


def refusal(path, keys=KEYS, **options):
    """The error about a file, without its path."""
    with pytest.raises(UserError) as error:
        read_file(path, keys, **options)
    message = str(error.value)
    assert message.startswith(f'{path}: ') and '\n' not in message
    return message.removeprefix(f'{path}: ')


def spoil(path, name):
    """Writes noise over the compressed bytes of an array of demo_1."""
    with h5py.File(path) as file:
        chunk = file[f'data/demo_1/{name}'].id.get_chunk_info(0)
    content = bytearray(path.read_bytes())
    content[chunk.byte_offset:chunk.byte_offset + chunk.size] = bytes([7]) * chunk.size
    path.write_bytes(content)
