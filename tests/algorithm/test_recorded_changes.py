"""How the sampler of recorded episodes augments observations: alike for all steps of a subsequence."""
import numpy as np
import pytest

from algorithm.recorded.augment import Augment
from algorithm.recorded.contrast import Contrast
from algorithm.recorded.sampler import RecordedSampler
from tests.recordings import recording


def batch_of(recordings, augment, k=6, num_sequences=30):
    return RecordedSampler(recordings, Contrast(recordings, {}), augment, num_sequences, k, 0).draw(0)


def test_all_frames_of_a_subsequence_are_coloured_by_one_draw_and_each_subsequence_by_another():
    """Equal frames stay equal within a subsequence, before and after, and differ between subsequences."""
    grey = recording(frames={'agentview': np.full((7, 24, 24, 3), 100, np.uint8)})
    batch = batch_of([grey], Augment(colour=0.2))
    frames = np.concatenate([batch.observation['agentview'], batch.next_observation['agentview']], axis=1)
    np.testing.assert_array_equal(frames, np.broadcast_to(frames[:, :1], frames.shape))
    assert len({row.tobytes() for row in frames}) > 25


def test_all_frames_of_a_subsequence_are_shifted_by_one_draw():
    point = np.zeros((7, 24, 24, 3), np.uint8)
    point[:, 12, 12] = 255
    batch = batch_of([recording(frames={'agentview': point})], Augment(shift=0.1))
    frames = np.concatenate([batch.observation['agentview'], batch.next_observation['agentview']], axis=1)
    places = [np.argwhere(row[..., 0]) for row in frames]       # frame, row, column
    assert all(len(place) == 12 and len(np.unique(place[:, 1:], axis=0)) == 1 for place in places)
    assert {tuple(place[0, 1:]) for place in places} <= {(i, j) for i in range(10, 15) for j in range(10, 15)}
    assert len({tuple(place[0, 1:]) for place in places}) > 5


def test_cameras_are_augmented_independently():
    """They are not mounted together."""
    episode = recording(cameras=('agentview', 'wrist'))
    seen = batch_of([episode], Augment(colour=0.2)).observation
    assert (seen['agentview'][:, 0, 0, 0] != seen['wrist'][:, 0, 0, 0]).any()


def test_proprioception_is_moved_by_one_offset_for_a_subsequence_so_that_differences_stay():
    episode = recording()
    plain, noisy = (batch_of([episode], Augment(noise=noise)) for noise in (0.0, 0.5))
    offset = noisy.observation['proprio'][:, :1, 1:] - plain.observation['proprio'][:, :1, 1:]
    for name in ('observation', 'next_observation'):
        moved = getattr(noisy, name)['proprio'][..., 1:] - getattr(plain, name)['proprio'][..., 1:]
        np.testing.assert_allclose(moved, np.broadcast_to(offset, moved.shape), atol=1e-5)
    assert len(np.unique(offset)) == 60
    np.testing.assert_allclose(
        noisy.observation['proprio'] - noisy.next_observation['proprio'],
        plain.observation['proprio'] - plain.next_observation['proprio'], atol=1e-5)


def test_offsets_are_measured_in_the_deviation_of_each_number_over_all_observations():
    """The first number identifies the recording; a number that never changes gets no offset."""
    recordings = [recording(3), recording(5, number=4)]
    for episode in recordings:
        episode.vectors['proprio'][:, 2] = 7
    seen = np.concatenate([episode.vectors['proprio'] for episode in recordings])
    batches = [batch_of(recordings, Augment(noise=noise), 1, 3000) for noise in (0.0, 0.5)]
    plain, noisy = (batch.observation['proprio'] for batch in batches)
    offset = (noisy - plain)[:, 0]
    np.testing.assert_allclose(offset.std(axis=0), 0.5 * seen.std(axis=0), rtol=5 / 6000 ** 0.5, atol=1e-6)
    assert not offset[:, 2].any()


def test_features_and_actions_are_not_augmented():
    episode = recording(frames={}, vectors={'feature': np.arange(14, dtype=np.float32).reshape(7, 2)})
    plain, strong = (batch_of([episode], augment) for augment in (Augment(), Augment(0.2, 0.2, 0.5)))
    np.testing.assert_array_equal(plain.observation['feature'], strong.observation['feature'])
    np.testing.assert_array_equal(plain.action, strong.action)


@pytest.mark.parametrize('parts', [{'vectors': {}}, {'frames': {}}], ids=['cameras alone', 'vectors alone'])
def test_an_observation_may_lack_vectors_or_cameras(parts):
    episode = recording(**parts)
    sampler = RecordedSampler([episode], Contrast([episode], {}), Augment(0.1, 0.1, 0.1), 2, 3, 0)
    keys = ['proprio'] if 'frames' in parts else ['agentview']
    assert list(sampler.draw(0).observation) == keys
    transitions = sampler.normalizer_batch()
    assert list(transitions.observation) == [key for key in keys if key == 'proprio']
