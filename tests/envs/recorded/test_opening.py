"""Which format reads `--libero_path`."""
from pathlib import Path
from types import SimpleNamespace

import pytest

from envs.recorded import opening
from envs.recorded.libero import reader as libero
from tests.envs.recorded.libero.files import write_suite_file
from utils.flags.flag import Args


def fake(name, recognizes):
    return SimpleNamespace(serves=lambda env: True, recognizes=recognizes, open_source=lambda args: name)


@pytest.mark.parametrize('path, expected', [('boxes', 'second'), ('nothing', 'default'), ('', 'default')])
def test_the_first_format_that_recognizes_the_path_reads_it(monkeypatch, path, expected):
    readers = [fake('first', lambda path: False), fake('second', lambda path: path == Path('boxes')),
               fake('default', lambda path: path is None)]
    monkeypatch.setattr(opening, 'readers', lambda: readers)
    args = Args({'env': 'libero_spatial', 'libero_path': path})
    assert opening.open_source(args) == expected


def test_a_folder_with_a_reader_is_a_format():
    assert libero in opening.readers()


@pytest.mark.parametrize('place', ['', 'libero_goal'])
def test_a_folder_of_libero_is_recognized_by_its_files(tmp_path, place):
    folder = tmp_path / place
    folder.mkdir(exist_ok=True)
    write_suite_file(folder / 'open_the_door_demo.hdf5', lengths=[3])
    assert libero.recognizes(tmp_path)
    assert libero.recognizes(folder / 'open_the_door_demo.hdf5')


def test_other_places_are_not_liberos(tmp_path):
    (tmp_path / 'info.json').write_text('{}')
    assert not libero.recognizes(tmp_path)
    assert not libero.recognizes(tmp_path / 'info.json')
    assert not libero.recognizes(tmp_path / 'missing')
    assert libero.recognizes(None)
