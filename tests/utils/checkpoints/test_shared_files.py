"""Files that checkpoints share: written once, and kept as long as one of them needs them."""
import numpy as np
import pytest

from tests.utils.checkpoints.made import fill, make_files, saved_values, shared_names, write


def make_shared(run, *needed, keep=1):
    """The files of a run whose checkpoint i, from 1 on, needs the shared files needed[i - 1]."""
    files = make_files(run, keep=keep)
    for cycle, names in enumerate(needed, start=1):
        write(files, cycle, shared=names)
    return files


def test_a_shared_file_is_written_once(tmp_path):
    files = make_shared(tmp_path, ['a'], ['a', 'b'], keep=2)
    assert files.shared.load('a.npz')['x'].tolist() == [1]      # not 2
    assert files.shared.load('b.npz')['x'].tolist() == [2]


def test_a_file_that_was_only_referred_to_stays(tmp_path):
    files = make_shared(tmp_path, ['a'])

    def refer(directory):
        files.shared.refer('a.npz')
        fill(files, 2)(directory)
    files.write('ckpt-000002', refer)
    assert shared_names(tmp_path) == {'a'} and saved_values(tmp_path) == {'ckpt-000002': 2}


def test_a_missing_file_cannot_be_referred_to(tmp_path):
    with pytest.raises(KeyError, match='a.npz'):
        make_shared(tmp_path).shared.refer('a.npz')


@pytest.mark.parametrize('keep, left', [(1, 'de'), (2, 'bcde'), (3, 'abcde'), (4, 'abcde')])
def test_a_file_is_deleted_with_the_last_checkpoint_that_needs_it(tmp_path, keep, left):
    make_shared(tmp_path, 'ab', 'ab', 'bcd', 'de', keep=keep)
    assert shared_names(tmp_path) == set(left)


def test_a_file_exists_until_the_checkpoint_without_it_does(tmp_path):
    files, names = make_shared(tmp_path, ['a']), set()

    def note(directory):
        fill(files, 2, ['b'])(directory)
        names.update(shared_names(tmp_path))
    files.write('ckpt-000002', note)
    assert names == {'a', 'b'} and shared_names(tmp_path) == {'b'}


def test_bytes_written_count_each_file_once(tmp_path):
    files = make_shared(tmp_path, ['a'])
    once = files.shared.bytes_written
    write(files, 2, shared=['a'])
    assert files.shared.bytes_written == once == (tmp_path / 'checkpoints/replay/a.npz').stat().st_size


def test_a_resumed_run_does_not_rewrite_files_of_its_checkpoint(tmp_path):
    make_shared(tmp_path, ['a'])
    files = make_files(tmp_path)
    files.adopt(files.find())
    write(files, 2, shared=['a', 'b'])
    assert files.shared.load('a.npz')['x'].tolist() == [1]
    assert saved_values(tmp_path) == {'ckpt-000002': 2}


def test_a_file_of_a_write_that_failed_is_not_needed_by_the_next(tmp_path):
    files = make_shared(tmp_path, ['a'])

    def torn(directory):
        fill(files, 2, ['b'])(directory)
        raise OSError('disk full')
    with pytest.raises(OSError):
        files.write('ckpt-000002', torn)
    write(files, 2, shared=['a'])
    assert shared_names(tmp_path) == {'a'}


def test_a_file_of_a_write_that_failed_is_not_written_again_by_the_next(tmp_path):
    files = make_shared(tmp_path, ['a'])

    def torn(directory):
        fill(files, 2, ['b'])(directory)
        raise OSError('disk full')
    with pytest.raises(OSError):
        files.write('ckpt-000002', torn)
    write(files, 3, shared=['b'])
    assert files.shared.load('b.npz')['x'].tolist() == [2] and saved_values(tmp_path) == {'ckpt-000003': 3}


def test_a_shared_file_that_cannot_be_written_is_not_known(tmp_path, monkeypatch):
    files = make_shared(tmp_path, ['a'])

    def full(file, **arrays):
        file.write(b'half')
        raise OSError('disk full')
    with monkeypatch.context() as patch:
        patch.setattr(np, 'savez', full)
        with pytest.raises(OSError, match='disk full'):
            write(files, 2, shared=['b'])
    assert shared_names(tmp_path) == {'a'}
    write(files, 2, shared=['b'])
    assert saved_values(tmp_path) == {'ckpt-000002': 2} and shared_names(tmp_path) == {'b'}


def test_arrays_of_several_types_come_back(tmp_path):
    shared = make_files(tmp_path, 1).shared
    arrays = {'step/frame': np.arange(6, dtype=np.uint8).reshape(1, 2, 3),
              'none': np.zeros((0, 2), np.float32)}
    shared.add('x.npz', arrays)
    for name, array in shared.load('x.npz').items():
        np.testing.assert_array_equal(array, arrays[name])
        assert (array.dtype, array.shape) == (arrays[name].dtype, arrays[name].shape)
