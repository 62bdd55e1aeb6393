"""Files among the checkpoints that are not ours, or that vanished: what a save leaves, and what it mends."""
import numpy as np
import pytest

from tests.utils.checkpoints.made import contents, make_files, saved_values, write


def link_to(folder):
    """A function that makes a link to `folder`, which holds a file."""
    def make(path):
        folder.mkdir(exist_ok=True)
        (folder / 'precious').write_text('kept')
        path.symlink_to(folder)
    return make


def file_at(path):
    path.write_text('kept')


@pytest.mark.parametrize('name', ['x.partial', 'ckpt-000000', 'ckpt-000001.partial', 'ckpt-000003.partial'])
@pytest.mark.parametrize('kind', ['link', 'file'])
def test_cleaning_goes_past_what_is_not_ours_and_leaves_it(tmp_path, name, kind, caplog):
    files, foreign = make_files(tmp_path, 1), tmp_path / 'checkpoints' / name
    (link_to(tmp_path / 'other') if kind == 'link' else file_at)(foreign)
    for cycle in (2, 3, 4):
        write(files, cycle, shared=['a'])
    assert contents(tmp_path) == {'ckpt-000004', 'replay', name}
    assert caplog.messages == []
    assert (foreign / 'precious' if kind == 'link' else foreign).read_text() == 'kept'


def test_a_directory_of_the_user_is_left(tmp_path):
    files = make_files(tmp_path, 1)
    (tmp_path / 'checkpoints' / 'x.partial').mkdir()
    write(files, 2)
    assert contents(tmp_path) == {'ckpt-000002', 'replay', 'x.partial'}


@pytest.mark.parametrize('make', [file_at, lambda path: link_to(path.parent.parent / 'other')(path)])
def test_a_damaged_checkpoint_is_set_aside_past_a_name_that_is_taken(tmp_path, make):
    make_files(tmp_path, 1, 2, keep=2)
    checkpoints = tmp_path / 'checkpoints'
    (checkpoints / 'ckpt-000002' / 'state.json').write_text('damaged')
    make(checkpoints / 'damaged-ckpt-000002')
    files = make_files(tmp_path, keep=2)
    files.adopt(files.find())
    assert contents(tmp_path) == {'ckpt-000001', 'damaged-ckpt-000002', 'damaged-ckpt-000002-1', 'replay'}


def test_nothing_is_deleted_through_a_link_in_place_of_the_shared_files(tmp_path, caplog):
    (tmp_path / 'other').mkdir()
    foreign = [tmp_path / 'other' / name for name in ('foreign.npz', 'steps-000-001-episodes-0-1.npz')]
    for path in foreign:
        file_at(path)
    (tmp_path / 'checkpoints').mkdir()
    (tmp_path / 'checkpoints' / 'replay').symlink_to(tmp_path / 'other')
    files = make_files(tmp_path, 1, 2)
    assert all(path.read_text() == 'kept' for path in foreign) and files.find().state['value'] == 2
    assert [text for text in caplog.messages if 'is a link' in text] == [
        f'warning: {tmp_path}/checkpoints/replay is a link: old files in it are not removed']


def test_shared_files_that_are_not_ours_are_left(tmp_path):
    files, replay = make_files(tmp_path, 1), tmp_path / 'checkpoints' / 'replay'
    file_at(replay / 'foreign.npz')
    (replay / 'steps-1-2-episodes-0-1.npz').symlink_to(replay / 'foreign.npz')
    for left in ('steps-2-3-episodes-1-2.npz', 'elite-episode-4.npz.partial'):      # of a killed process
        file_at(replay / left)
    write(files, 2, shared=['a'])
    assert {path.name for path in replay.iterdir()} == {
        'a.npz', 'foreign.npz', 'steps-1-2-episodes-0-1.npz'}


@pytest.mark.parametrize('lose, text', [
    (lambda path: path.unlink(), 'has vanished'), (lambda path: path.write_bytes(b'short'), 'has 5 bytes')])
def test_a_shared_file_that_was_lost_is_written_again_with_a_warning(tmp_path, lose, text, caplog):
    files, path = make_files(tmp_path), tmp_path / 'checkpoints' / 'replay' / 'a.npz'
    write(files, 1, shared=['a'])
    lose(path)
    write(files, 2, shared=['a'])
    assert saved_values(tmp_path) == {'ckpt-000002': 2} and np.load(path)['x'].tolist() == [2]
    assert caplog.messages == [f'warning: {path} {text}; it is written again']
