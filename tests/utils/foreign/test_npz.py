"""Foreign .npz files, among them some that declare more than they hold."""
import io
import tracemalloc
import zipfile

import numpy as np
import pytest

from utils.foreign.files import UnreadableError
from utils.foreign.npz import FREE_BYTES, read_arrays


def cause(path, **options):
    with pytest.raises(UnreadableError) as caught:
        read_arrays(path, **options)
    return caught.value.cause


def header(text, version=b'\x01\x00'):
    """The start of an .npy file with this header."""
    size = len(text).to_bytes(2 if version == b'\x01\x00' else 4, 'little')
    return b'\x93NUMPY' + version + size + text.encode()


def archive(path, content, name='a.npy', method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, 'w', method) as file:
        file.writestr(name, content)
    return path


def test_arrays_are_read(tmp_path):
    arrays = {'x': np.arange(6).reshape(2, 3), 'y/z': np.array('text'), 'e': np.zeros((0, 3))}
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / 'a.npz', **arrays)
        found = read_arrays(tmp_path / 'a.npz')
        assert found.keys() == arrays.keys()
        assert all(np.array_equal(found[name], arrays[name]) for name in arrays)


def test_only_requested_arrays_are_read(tmp_path):
    np.savez(tmp_path / 'a.npz', x=[1], other=np.array([{}], object))
    assert list(read_arrays(tmp_path / 'a.npz', ['x', 'missing'])) == ['x']


def test_numbers_that_compress_well_are_read(tmp_path):
    np.savez_compressed(tmp_path / 'a.npz', x=np.zeros(FREE_BYTES // 8 - 100))
    assert read_arrays(tmp_path / 'a.npz')['x'].nbytes > 200 * (tmp_path / 'a.npz').stat().st_size


def test_much_more_than_the_file_holds_is_refused_before_memory_is_taken(tmp_path):
    with zipfile.ZipFile(tmp_path / 'a.npz', 'w', zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        with file.open('x.npy', 'w') as part:
            part.write(header("{'descr': '<f4', 'fortran_order': False, 'shape': (25000000,)}"))
            for _ in range(100):
                part.write(bytes(10 ** 6))
    tracemalloc.start()
    assert cause(tmp_path / 'a.npz').startswith('it declares arrays of 1000000')
    assert tracemalloc.get_traced_memory()[1] < 10 ** 7
    tracemalloc.stop()


@pytest.mark.parametrize('shape', ['(1000000000,)', '(50000000, 3)', '(-1,)', f'({10 ** 30},)', '(0, 1e9)',
                                   f'({"1, " * 99})', '(' * 3000, 'True', '("a",)'])
@pytest.mark.parametrize('kind', ['<f8', '|S0', '|V0'])
def test_a_shape_without_its_numbers_is_refused(tmp_path, shape, kind):
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}}}"
    assert cause(archive(tmp_path / 'a.npz', header(text) + bytes(64)))


@pytest.mark.parametrize('content', [
    b'', b'text', b'\x93NUMPY', header("{'descr': '<f8', 'fortran_order': False, 'shape': (2, }"),
    header("{'descr': \"\"\"", b'\x02\x00'), header('(' * 9000, b'\x02\x00'), header('{}', b'\x03\x00'),
    header("{'descr': '<q8', 'fortran_order': 5, 'shape': ()}")])
def test_a_damaged_header_is_refused(tmp_path, content):
    assert cause(archive(tmp_path / 'a.npz', content))


@pytest.mark.parametrize('method', [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_compression_is_refused(tmp_path, method):
    content = io.BytesIO()
    np.save(content, np.zeros(9))
    path = archive(tmp_path / 'a.npz', content.getvalue(), method=method)
    assert cause(path).startswith(f'a has the compression method {method}; expected 0 or 8')


def test_damaged_compressed_numbers_are_refused(tmp_path):
    np.savez_compressed(tmp_path / 'a.npz', x=np.random.default_rng(0).normal(size=999))
    content = bytearray((tmp_path / 'a.npz').read_bytes())
    content[200:300] = bytes(100)
    (tmp_path / 'a.npz').write_bytes(content)
    assert 'decompressing' in cause(tmp_path / 'a.npz') or 'CRC' in cause(tmp_path / 'a.npz')


def test_pickles_are_not_opened(tmp_path):
    np.savez(tmp_path / 'a.npz', x=np.array([{}], object))
    assert cause(tmp_path / 'a.npz') == 'Object arrays cannot be loaded when allow_pickle=False'


def test_arrays_above_the_limit_are_refused(tmp_path):
    np.savez_compressed(tmp_path / 'a.npz', x=np.zeros(10 ** 6))
    assert cause(tmp_path / 'a.npz', limit=10 ** 6).endswith('expected at most 1000000')
