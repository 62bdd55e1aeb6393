"""Progress and task vectors from .npz files, written here."""
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from envs.recorded.side_files import Progress, contexts, known_contexts
from utils.errors import UserError
from utils.flags.suites import tasks_of

SPATIAL = tasks_of('libero_spatial')


def demo(rows, first_row=0, num_stored=4, name='demo_1'):
    return SimpleNamespace(name=name, rows=np.array(rows), first_row=first_row, num_stored=num_stored)


@pytest.fixture
def sidecar(tmp_path):
    """Function that writes progress_a.npz and returns its path."""
    def write(**arrays):
        named = {name.replace('__', '/'): array for name, array in arrays.items()}
        np.savez(tmp_path / 'progress_a.npz', **named)
        return tmp_path / 'progress_a.npz'
    return write


def test_progress_is_that_of_the_rows_of_the_episode(sidecar):
    known = Progress(sidecar(demo_1__progress=np.array([0.1, 0.2, 0.3, 0.4])))
    progress = known.of(demo([10, 12, 13], first_row=10))
    assert progress.dtype == np.float32
    np.testing.assert_array_equal(progress, np.float32([0.1, 0.3, 0.4]))


def test_a_pointer_in_place_of_an_npz_file_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / 'tasks.npz'
    path.write_bytes(b'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n')
    with pytest.raises(UserError) as error:
        contexts(('a',), ('a',), str(path))
    assert str(error.value) == (f'--task_embedding={path}: expected an .npz file of plain arrays, got '
                                'it is a Git LFS pointer, not the data: run git lfs pull, or '
                                'huggingface-cli download')


def test_a_kind_of_failure_has_no_control_characters(sidecar):
    assert Progress(sidecar(demo_1__mode=np.array('\x1b[1mmiss'))).mode_of(demo([0, 1])) == '[1mmiss'


def test_the_kind_of_failure_is_read(sidecar):
    assert Progress(sidecar(demo_1__mode=np.array('miss'))).mode_of(demo([0, 1])) == 'miss'


def test_an_episode_that_the_file_does_not_name_has_no_progress(sidecar):
    known = Progress(sidecar(demo_0__progress=np.zeros(4)))
    assert known.of(demo([0, 1])) is None and known.mode_of(demo([0, 1])) == ''


def test_without_a_file_progress_and_mode_are_unknown():
    known = Progress(Path('/no/such/progress_a.npz'))
    assert known.of(demo([0, 1])) is None and known.mode_of(demo([0, 1])) == ''


@pytest.mark.parametrize('progress, message', [
    (np.zeros(3), r'expected numbers of shape \[4\], got float64 \[3\]'),
    (np.zeros((4, 1)), r'expected numbers of shape \[4\], got float64 \[4, 1\]'),
    (np.array(['a'] * 4), r'expected numbers of shape \[4\], got <U1 \[4\]'),
    (np.array([0, 1, np.nan, 1]), 'expected finite numbers within float32, got NaN, infinity or more'),
])
def test_invalid_progress_is_refused(sidecar, progress, message):
    with pytest.raises(UserError, match=f'progress_a.npz: demo_1/progress: {message}'):
        Progress(sidecar(demo_1__progress=progress)).of(demo([0, 1]))


def test_a_file_that_is_no_archive_is_refused(tmp_path):
    (tmp_path / 'progress_a.npz').write_bytes(b'PK\x03\x04 no archive')
    with pytest.raises(UserError, match='progress_a.npz: expected an .npz file of plain arrays, got'):
        Progress(tmp_path / 'progress_a.npz')


def test_objects_are_not_unpickled(sidecar):
    with pytest.raises(UserError, match='expected an .npz file of plain arrays, got Object arrays cannot be'):
        Progress(sidecar(demo_1__mode=np.array([print], object)))


def test_a_task_is_encoded_by_its_index_in_the_suite():
    vectors = contexts(SPATIAL, (SPATIAL[2], SPATIAL[9]))
    assert list(vectors) == [SPATIAL[2], SPATIAL[9]]
    assert [vector.tolist() for vector in vectors.values()] == [
        [0, 0, 1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]]
    assert vectors[SPATIAL[2]].dtype == np.float32


def embedding(tmp_path, **arrays):
    np.savez(tmp_path / 'tasks.npz', **arrays)
    return str(tmp_path / 'tasks.npz')


def test_a_task_is_encoded_by_its_vector_in_a_file(tmp_path):
    path = embedding(tmp_path, **{SPATIAL[0]: np.array([1.5, 2.0]), SPATIAL[1]: np.array([3, 4])})
    vectors = contexts(SPATIAL, SPATIAL[:2], path)
    assert {task: vector.tolist() for task, vector in vectors.items()} == {
        SPATIAL[0]: [1.5, 2.0], SPATIAL[1]: [3.0, 4.0]}
    assert vectors[SPATIAL[1]].dtype == np.float32


@pytest.mark.parametrize('second, message', [
    (np.zeros(3), rf'{SPATIAL[1]}: expected numbers of shape \[2\], got float64 \[3\]'),
    (np.array([1, np.inf]), f'{SPATIAL[1]}: expected finite numbers within float32, got NaN'),
    (np.array(['a', 'b']), rf'{SPATIAL[1]}: expected numbers of shape \[2\], got <U1 \[2\]'),
])
def test_invalid_vectors_are_refused(tmp_path, second, message):
    path = embedding(tmp_path, **{SPATIAL[0]: np.zeros(2), SPATIAL[1]: second})
    with pytest.raises(UserError, match=f'--task_embedding={path}: {message}'):
        contexts(SPATIAL, SPATIAL[:2], path)


def test_a_task_without_a_vector_is_refused(tmp_path):
    path = embedding(tmp_path, walk=np.zeros(2))
    with pytest.raises(UserError, match=f'--task_embedding={path}: expected a vector under the name of each '
                                        f'task; {SPATIAL[0]} is missing; got walk'):
        contexts(SPATIAL, SPATIAL[:1], path)


def test_a_file_of_vectors_that_is_missing_is_refused(tmp_path):
    with pytest.raises(UserError, match=f'--task_embedding={tmp_path}/no.npz: .*No such file'):
        contexts(SPATIAL, SPATIAL[:1], f'{tmp_path}/no.npz')


def test_a_single_array_is_no_file_of_vectors(tmp_path):
    np.save(tmp_path / 'one.npy', np.zeros(2))
    with pytest.raises(UserError, match='expected an .npz file of plain arrays'):
        contexts(SPATIAL, SPATIAL[:1], f'{tmp_path}/one.npy')


def test_the_known_tasks_of_a_suite_are_those_in_the_file(tmp_path):
    path = embedding(tmp_path, **{SPATIAL[4]: np.array([1.5, 2.0]), SPATIAL[1]: np.array([3, 4]),
                                  'walk': np.zeros(3)})
    vectors = known_contexts(SPATIAL, 2, path)
    assert {task: vector.tolist() for task, vector in vectors.items()} == {
        SPATIAL[1]: [3.0, 4.0], SPATIAL[4]: [1.5, 2.0]}


def test_without_a_file_all_tasks_of_a_suite_are_known():
    vectors = known_contexts(SPATIAL, 10)
    assert tuple(vectors) == SPATIAL
    np.testing.assert_array_equal(list(vectors.values()), np.eye(10))


@pytest.mark.parametrize('name, message', [
    ('walk', f'expected vectors under the names of tasks such as {SPATIAL[0]}, got walk'),
    (SPATIAL[0], 'expected vectors of 3 numbers, as the model was trained with, got 2')])
def test_a_file_that_is_incompatible_with_a_model_is_refused(tmp_path, name, message):
    path = embedding(tmp_path, **{name: np.zeros(2)})
    with pytest.raises(UserError, match=f'--task_embedding={path}: {message}'):
        known_contexts(SPATIAL, 3, path)
