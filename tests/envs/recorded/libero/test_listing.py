"""The report of the episodes in a folder."""
import logging
import subprocess
import sys
from pathlib import Path

import h5py
import pytest

from envs.recorded.libero.listing import found_below, main
from envs.recorded.libero.paths import SAMPLE
from tests.envs.recorded.libero.folders import TASKS, isolate, write
from utils.errors import UserError


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    isolate(tmp_path, monkeypatch)


@pytest.fixture
def report(caplog):
    """Function of a command line, to the text it writes."""
    def call(*words):
        with caplog.at_level(logging.INFO, 'rrd'):
            main([str(word) for word in words])
        return '\n'.join(record.getMessage() for record in caplog.records)
    return call


def test_a_row_lists_the_contents_of_a_file(tmp_path, report):
    path = write(tmp_path / 'libero_spatial', TASKS[0], demos=3, length=6, size=8)
    lines = report(path).splitlines()
    assert lines[0] == f'{path.parent}: tasks of libero_spatial'
    first = next(line for line in lines if 'agentview' in line)
    assert first.split()[1:] == ['3', '5', '1', 'agentview', '8', 'x', '8', '0']
    names = [line[:45].strip() for line in lines[3:]]
    assert ''.join(names[:names.index('"move the bowl"')]) == TASKS[0]
    assert any('wrist 8 x 8' in line for line in lines)
    assert any('opengl, after actions' in line for line in lines)


def test_a_root_gives_a_table_for_each_folder(tmp_path, report):
    write(tmp_path / 'libero_spatial', TASKS[0])
    write(tmp_path / 'libero_spatial_failures', TASKS[0], success=False)
    write(tmp_path / 'mine', 'dance')
    text = report(tmp_path)
    assert text.count('instruction') == 3 and 'mine: tasks of no suite' in text


def test_episodes_that_are_left_out_are_listed(tmp_path, report):
    path = write(tmp_path, TASKS[0])
    with h5py.File(path, 'a') as file:
        del file['data/demo_1/actions']
    assert f'left out: {path.name} demo_1: ' in report(path, '--libero_skip_bad=True')


def test_lengths_and_returns_are_ranges(tmp_path, report):
    path = write(tmp_path, TASKS[0])
    with h5py.File(path, 'a') as file:
        file['data/demo_1/rewards'][:] = 0
    assert '0 to 1' in report(path)


def test_unusable_episodes_are_marked_without_the_flag_too(tmp_path, report):
    path = write(tmp_path, TASKS[0])
    with h5py.File(path, 'a') as file:
        del file['data/demo_1/actions']
    assert f'unusable: {path.name} demo_1: data/demo_1/actions is missing' in report(path)


@pytest.mark.parametrize('content', [b'', b'text', b'version https://git-lfs.github.com/spec/v1\n'])
def test_a_file_that_cannot_be_read_is_marked_and_the_others_are_listed(tmp_path, report, content):
    write(tmp_path, TASKS[0])
    other = tmp_path / f'{TASKS[1]}_demo.hdf5'
    other.write_bytes(content)
    (tmp_path / f'._{TASKS[1]}_demo.hdf5').write_bytes(content)
    text = report(tmp_path)
    assert 'agentview 8 x 8' in text and text.count('cannot be read as HDF5') == 1
    assert f'unusable: {other.name} cannot be read as HDF5: ' in text


def test_files_of_which_none_can_be_read_are_an_error(tmp_path):
    (tmp_path / f'{TASKS[1]}_demo.hdf5').write_bytes(b'text')
    with pytest.raises(UserError, match=f'^{tmp_path}: none of the files can be read; unusable: {TASKS[1]}'):
        main([str(tmp_path)])


def test_a_folder_that_cannot_be_read_is_marked_and_the_others_are_listed(tmp_path, report, monkeypatch):
    write(tmp_path / 'libero_spatial', TASKS[0])
    (tmp_path / 'private').mkdir()
    iterdir = type(tmp_path).iterdir

    def refuse(path):
        if path.name == 'private':
            raise PermissionError(13, 'Permission denied')
        return iterdir(path)
    monkeypatch.setattr(type(tmp_path), 'iterdir', refuse)
    text = report(tmp_path)
    assert 'agentview 8 x 8' in text
    assert f'unusable: {tmp_path}/private: cannot read {tmp_path}/private: Permission denied' in text


def test_no_control_character_of_a_file_is_listed(tmp_path, report):
    path = write(tmp_path / 'a\x1b[2J', 'dance\x1b[31m')
    with h5py.File(path, 'a') as file:
        file['data'].attrs['problem_info'] = '{"language_instruction": "\\u001b[2J lift"}'
        file['data'].create_group('\x1b[2Jdemo')
    assert all(line.isprintable() for line in report(tmp_path).splitlines())


def test_a_folder_without_files_is_refused(tmp_path):
    with pytest.raises(UserError, match=f'^{tmp_path}: expected <task>_demo.hdf5 files in it or in the '):
        found_below(tmp_path)


def test_a_folder_that_is_missing_is_refused(tmp_path):
    with pytest.raises(UserError, match='no: expected a folder or an .hdf5 file; it does not exist'):
        found_below(tmp_path / 'no')


@pytest.mark.parametrize('words', [[], ['--libero_skip_bad=True']])
def test_a_folder_must_be_given(words):
    with pytest.raises(UserError, match='expected a folder or a file first: python -m envs.libero DIR'):
        main(words)


def test_the_program_lists_the_sample():
    done = subprocess.run([sys.executable, '-m', 'envs.libero', str(SAMPLE)], capture_output=True, text=True,
                          check=True, cwd=Path(__file__).parents[4])
    assert done.stdout.count('agentview 56 x 56') == 4 and done.stderr == ''
