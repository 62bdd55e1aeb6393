"""Damaged files of every kind: they are read, or refused in one line; nothing else is raised."""
import contextlib
import warnings

import h5py
import pytest
from hypothesis import HealthCheck, given, settings

from tests.utils.checkpoints.made import make_files
from tests.utils.foreign import damage
from utils.foreign.files import UnreadableError
from utils.foreign.hdf5 import excess, hdf5_file
from utils.foreign.json_files import read_json
from utils.foreign.npz import read_arrays
from utils.foreign.tables import read_frame, read_rows
from utils.foreign.yaml_files import read_yaml

COMMON = {'derandomize': True, 'database': None, 'deadline': None,
          'suppress_health_check': [HealthCheck.function_scoped_fixture]}


def read_hdf5(path):
    """Reads all that a file holds, as a reader of episodes does."""
    def visit(group):
        for name in group.keys():
            item = group[name]
            [item.attrs[key] for key in item.attrs.keys()]
            if isinstance(item, h5py.Group) and item.name.count('/') < 9:
                visit(item)
            elif isinstance(item, h5py.Dataset) and not excess(item):
                item[()]
    with hdf5_file(path) as file:
        [file.attrs[key] for key in file.attrs.keys()]
        visit(file)


CASES = {'json': (read_json, damage.json_file), 'npz': (read_arrays, damage.npz_file),
         'compressed': (read_arrays, damage.compressed_npz_file), 'lzma': (read_arrays, damage.lzma_npz_file),
         'csv rows': (read_rows, damage.csv_file), 'csv frame': (read_frame, damage.csv_file),
         'yaml': (read_yaml, damage.yaml_file), 'hdf5': (read_hdf5, damage.hdf5_file_content)}


def check(path, case, num_examples):
    read, make = CASES[case]

    @settings(max_examples=num_examples, **COMMON)
    @given(damage.damaged(make()))
    def survives(content):
        path.write_bytes(content)
        with contextlib.suppress(UnreadableError), warnings.catch_warnings():
            warnings.simplefilter('ignore')     # numpy and pandas warn of odd content
            read(path)

    path.write_bytes(make())
    if case != 'lzma':
        read(path)      # otherwise nothing but the first check would be tested
    survives()


@pytest.mark.parametrize('case', CASES)
def test_a_damaged_file_is_read_or_refused(tmp_path, case):
    check(tmp_path / 'file', case, 50)


@pytest.mark.slow
@pytest.mark.parametrize('case', CASES)
def test_thousands_of_damaged_files_are_read_or_refused(tmp_path, case):
    check(tmp_path / 'file', case, 3000)


def test_a_damaged_manifest_never_hides_the_sound_checkpoint(tmp_path):
    make_files(tmp_path, 1, 2, keep=2)
    path = tmp_path / 'checkpoints' / 'ckpt-000002' / 'manifest.json'

    @settings(max_examples=50, **COMMON)
    @given(damage.damaged(path.read_bytes()))
    def is_found(content):
        path.write_bytes(content)
        assert make_files(tmp_path).find().state['value'] in (1, 2)

    is_found()
