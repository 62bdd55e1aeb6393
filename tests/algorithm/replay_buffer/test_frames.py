"""A store of a million frames: its memory when full, and at first."""
from pathlib import Path

import numpy as np
import pytest

from algorithm.replay_buffer.episode_store import EpisodeStore
from tests.algorithm.replay_buffer.episodes import random_episode
from tests.fakes import FRAMES
from utils.errors import UserError
from utils.host import memory_bytes
from utils.types import Field, Spec

MILLION, FRAME = 1_000_000, 84 * 84
STATM = Path('/proc/self/statm')
HAS_ROOM = STATM.exists() and (memory_bytes() or 0) > 1.1 * MILLION * FRAME


def resident_bytes():
    return int(STATM.read_text().split()[1]) * 4096


@pytest.fixture(scope='module')
def full_size():
    """(a store of a million frames, growth of the process's memory in bytes)."""
    before = resident_bytes()
    store = EpisodeStore(FRAMES, MILLION, np.random.default_rng(0))
    return store, resident_bytes() - before


@pytest.mark.skipif(not HAS_ROOM, reason='the store would be refused, or this is not Linux')
def test_a_million_frames_take_hardly_more_than_their_pixels(full_size):
    store, _ = full_size
    assert MILLION * FRAME < store.nbytes <= 1.05 * MILLION * FRAME


@pytest.mark.skipif(not HAS_ROOM, reason='the store would be refused, or this is not Linux')
def test_memory_is_used_only_as_frames_are_added(full_size):
    store, growth = full_size
    assert growth < 2**27                                   # of 7 GB; other parts of the process grow too
    before = resident_bytes()
    store.append(random_episode(np.random.default_rng(1), FRAMES, 200))
    assert resident_bytes() - before < 2**27                # 1.4 MB of pixels


def test_frames_outside_of_steps_add_less_than_a_twentieth_where_episodes_are_as_short_as_breakouts():
    """Four per episode, and the spare rows of their table; measured on a store of smaller frames."""
    spec = Spec({'frame': Field((2, 2), np.uint8, 4)}, Field((), np.int32))
    store = EpisodeStore(spec, MILLION, np.random.default_rng(0))
    episode = random_episode(np.random.default_rng(1), spec, 184)      # steps of Breakout at random
    for _ in range(2 * MILLION // 184):
        store.append(episode)
    num_rows = store.table.nbytes / (3 * 8 + 4 * 2 * 2)
    assert store.num_episodes == MILLION // 184
    assert 4 * store.num_episodes <= 4 * num_rows < MILLION / 20


def test_a_store_of_frames_beyond_the_memory_is_refused_in_one_line(monkeypatch):
    monkeypatch.setattr('algorithm.replay_buffer.rings.memory_bytes', lambda: 4 * 2**30)
    with pytest.raises(UserError) as caught:
        EpisodeStore(FRAMES, MILLION, np.random.default_rng(0))
    assert str(caught.value) == ('--buffer_size=1000000 needs 6.6 GiB of memory; '
                                 'this machine has 4.0 GiB')


def test_a_short_run_on_frames_needs_memory_for_its_own_steps_alone(monkeypatch):
    monkeypatch.setattr('algorithm.replay_buffer.rings.memory_bytes', lambda: 4 * 2**30)
    store = EpisodeStore(FRAMES, MILLION, np.random.default_rng(0), num_steps=600_000)
    assert 600_000 * FRAME <= store.nbytes < 1.01 * 600_000 * FRAME


def test_a_run_whose_own_steps_are_beyond_the_memory_is_refused_in_one_line(monkeypatch):
    monkeypatch.setattr('algorithm.replay_buffer.rings.memory_bytes', lambda: 4 * 2**30)
    with pytest.raises(UserError) as caught:
        EpisodeStore(FRAMES, MILLION, np.random.default_rng(0), num_steps=700_000)
    assert str(caught.value) == ('--buffer_size=1000000 needs 4.6 GiB of memory for the 700000 steps of the '
                                 'run; this machine has 4.0 GiB')
