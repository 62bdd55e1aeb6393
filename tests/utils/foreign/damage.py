"""Valid tiny files of every kind, and ways to damage their bytes."""
import io
import zipfile

import h5py
import numpy as np
from hypothesis import strategies as st

_PARTS = (b'[' * 400, b'9' * 40, b'\xff', b'-', b'\0', b'"', b'\r')


def json_file():
    return b'{"format": 1, "files": {"a": {"bytes": 5, "sha256": "ab"}}, "x": [1.5e3, null, "\\u00e9\\n"]}'


def npz_file(save=np.savez):
    content = io.BytesIO()
    save(content, steps=np.arange(3), returns=np.ones((3, 2), 'f4'), name=np.array('text'),
         parts=np.zeros(2, [('a', 'i2'), ('b', 'U3')]))
    return content.getvalue()


def compressed_npz_file():
    return npz_file(np.savez_compressed)


def lzma_npz_file():
    array, content = io.BytesIO(), io.BytesIO()
    np.save(array, np.arange(50))
    with zipfile.ZipFile(content, 'w', zipfile.ZIP_LZMA) as file:
        file.writestr('steps.npy', array.getvalue())
    return content.getvalue()


def csv_file():
    return b'timesteps,test/return_mean,"a, b"\n1,2.5,\n2,-3e5,"x"\n3,nan,inf\n'


def yaml_file():
    return b'datasets: /data\nlist: [1, 2.5, 2024-01-01]\nx: &a {y: !!int "3"}\nz: *a\n? q\n: |\n  text\n'


def hdf5_file_content():
    content = io.BytesIO()
    with h5py.File(content, 'w') as file:
        file.attrs['suite'] = 'spatial'
        demo = file.create_group('data/demo_0')
        demo.attrs['num_samples'] = 3
        demo['actions'] = np.ones((3, 2))
        demo.create_dataset('frames', data=np.ones((3, 4, 4, 3), 'u1'), compression='gzip')
    return content.getvalue()


@st.composite
def damaged(draw, content):
    """`content` with some bytes changed, a part cut out, doubled or moved, or an end cut off."""
    data = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        place, other = sorted(draw(st.tuples(st.integers(0, len(data)), st.integers(0, len(data)))))
        way = draw(st.sampled_from(('bit', 'bytes', 'cut', 'end', 'double', 'insert')))
        if way == 'bit' and place < len(data):
            data[place] ^= 1 << draw(st.integers(0, 7))
        elif way == 'bytes':
            new = draw(st.binary(min_size=1, max_size=8))
            data[place:place + len(new)] = new
        elif way == 'cut':
            del data[place:min(other, place + 64)]
        elif way == 'end':
            del data[other:]
        elif way == 'double':
            data[place:place] = data[place:min(other, place + 64)]
        elif way == 'insert':
            data[place:place] = draw(st.sampled_from(_PARTS))
    return bytes(data)
