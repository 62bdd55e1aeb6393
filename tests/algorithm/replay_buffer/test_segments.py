"""A replay store on disk: what is written, and that all of it is restored."""
import numpy as np
import pytest

from algorithm.replay_buffer import segments as segments_module
from algorithm.replay_buffer.segments import Segments
from tests.algorithm.replay_buffer.episodes import (
    MIXED,
    PIXELS,
    VECTOR,
    assert_holds,
    make_store,
    numbered_episode,
    random_episode,
)
from tests.algorithm.replay_buffer.saved_stores import FakeFiles, Saved, assert_restored, restored
from tests.reference.list_store import ListStore

SPECS = [(VECTOR, 'episodes'), (VECTOR, 'steps'), (PIXELS, 'episodes'), (MIXED, 'episodes')]


@pytest.mark.parametrize('spec, drop', SPECS)
@pytest.mark.parametrize('longest, max_bytes', [(1, 2**26), (5, 2**26), (5, 130), (23, 2**26), (23, 130)])
def test_every_save_restores_what_the_store_held(spec, drop, longest, max_bytes, monkeypatch):
    """In half of the rounds the restored store replaces the saved one."""
    monkeypatch.setattr(segments_module, 'MAX_BYTES', max_bytes)
    rng, files = np.random.default_rng(longest), FakeFiles()
    store, reference = make_store(23, spec=spec, drop=drop), ListStore(spec, 23, drop)
    segments = Segments(store)
    for _ in range(60):
        for _ in range(rng.integers(1, 5)):
            episode = random_episode(rng, spec, int(rng.integers(1, longest + 1)))
            store.append(episode)
            reference.append(episode)
        again = restored(files.save(segments), files, 23, spec, drop)
        assert_holds(again[0], reference)
        if rng.random() < 0.5:
            store, segments = again


@pytest.mark.parametrize('drop', ['episodes', 'steps'])
def test_a_store_and_its_copy_draw_equally_after_further_episodes(drop):
    saved = Saved(12, [5, 4, 4], drop=drop)
    copy, _ = restored(saved.save(), saved.files, 12, drop=drop)
    for number, length in enumerate([3, 6, 2], start=3):
        for store in (saved.store, copy):
            store.append(numbered_episode(number, length))
        one, other = saved.store.sample_transitions(50), copy.sample_transitions(50)
        np.testing.assert_array_equal(one.observation['state'], other.observation['state'])
        np.testing.assert_array_equal(one.next_observation['state'], other.next_observation['state'])


def test_an_episode_longer_than_the_store_is_restored_where_steps_are_dropped():
    saved = Saved(4, [3, 9], drop='steps')
    copy, _ = restored(saved.save(), saved.files, 4, drop='steps')
    one, other = saved.store.sample_transitions(50), copy.sample_transitions(50)
    np.testing.assert_array_equal(one.observation['state'], other.observation['state'])


def test_an_empty_store_is_restored_empty_and_writes_nothing():
    saved = Saved(6)
    store, _ = restored(saved.save(), saved.files, 6)
    assert (store.num_steps, store.num_episodes, saved.files.written) == (0, 0, [])


@pytest.mark.parametrize('drop', ['episodes', 'steps'])
def test_each_step_is_written_once_however_many_saves(drop):
    rng, saved, written = np.random.default_rng(0), Saved(9, drop=drop), []
    for _ in range(40):
        saved.append(*rng.integers(1, 5, size=rng.integers(0, 3)))
        before = len(saved.files.written)
        saved.save()
        for name in saved.files.written[before:]:
            written += map(tuple, saved.files.arrays[name]['step/frame/state'].astype(int).tolist())
    assert len(written) == len(set(written)) > 40


@pytest.mark.parametrize('drop', ['episodes', 'steps'])
def test_no_step_is_in_two_files_of_a_save(drop):
    rng, saved = np.random.default_rng(1), Saved(9, drop=drop)
    for _ in range(40):
        saved.append(*rng.integers(1, 5, size=rng.integers(0, 4)))
        saved.save()
        steps = saved.steps()
        assert len(steps) == len(set(steps)) >= saved.store.num_steps


def test_a_save_without_new_episodes_writes_nothing_and_returns_the_same_state():
    saved = Saved(6, [2, 3])
    state = saved.save()
    assert saved.save() == state
    assert len(saved.files.written) == 1


def test_steps_that_were_dropped_before_the_first_save_are_not_written():
    saved = Saved(6, [2, 3, 3, 2])
    saved.save()
    assert set(saved.steps()) == {(2, 0), (2, 1), (2, 2), (3, 0), (3, 1)}


def test_a_file_is_needed_as_long_as_one_of_its_steps_can_be_drawn():
    saved = Saved(6, [2, 2])
    saved.save()
    first, = saved.files.arrays
    saved.append(2, 2)                      # 0 is dropped, 1 is not
    saved.save()
    assert first in saved.files.arrays
    saved.append(2)
    saved.save()
    assert first not in saved.files.arrays


def test_a_save_is_cut_into_files_of_at_most_max_bytes_of_steps(monkeypatch):
    monkeypatch.setattr(segments_module, 'MAX_BYTES', 100)      # a step of VECTOR takes 20
    saved = Saved(30, [7, 7, 7])
    saved.save()
    sizes = [sum(array.nbytes for name, array in arrays.items() if name.startswith('step/'))
             for arrays in saved.files.arrays.values()]
    assert sizes == [100, 100, 100, 100, 20]


def test_a_step_larger_than_max_bytes_gets_a_separate_file(monkeypatch):
    monkeypatch.setattr(segments_module, 'MAX_BYTES', 1)
    saved = Saved(6, [3])
    assert_restored(saved)
    assert len(saved.files.written) == 3


@pytest.mark.parametrize('room', [0, 1, 2, 3])
def test_after_a_full_disk_the_next_save_is_complete(room, monkeypatch):
    monkeypatch.setattr(segments_module, 'MAX_BYTES', 100)
    saved = Saved(30, [8])
    saved.save()
    saved.append(9, 9)                      # four files
    saved.files.room = len(saved.files.written) + room
    with pytest.raises(OSError, match='no space left'):
        saved.save()
    saved.files.room = None
    saved.append(6)
    assert_restored(saved)


@pytest.mark.parametrize('spec, drop', SPECS)
@pytest.mark.parametrize('max_bytes', [2**26, 130])
def test_files_that_vanish_between_saves_are_written_again_from_the_store(spec, drop, max_bytes, monkeypatch):
    monkeypatch.setattr(segments_module, 'MAX_BYTES', max_bytes)
    rng, files = np.random.default_rng(3), FakeFiles()
    store, reference = make_store(23, spec=spec, drop=drop), ListStore(spec, 23, drop)
    segments = Segments(store)
    for _ in range(60):
        for _ in range(rng.integers(0, 4)):
            episode = random_episode(rng, spec, int(rng.integers(1, 9)))
            store.append(episode)
            reference.append(episode)
        for name in list(files.arrays):
            if rng.random() < 0.4:
                del files.arrays[name]
        assert_holds(restored(files.save(segments), files, 23, spec, drop)[0], reference)


def test_only_the_lost_file_is_written_again(monkeypatch):
    monkeypatch.setattr(segments_module, 'MAX_BYTES', 100)
    saved = Saved(30, [7, 7, 7])
    saved.save()
    lost = saved.files.written[2]
    del saved.files.arrays[lost]
    saved.save()
    assert saved.files.written[5:] == [lost]
