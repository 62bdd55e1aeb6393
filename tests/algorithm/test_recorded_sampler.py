"""Batches of recorded episodes, whose pixels and vectors identify the recording and the step."""
import numpy as np
import pytest

from algorithm.recorded.augment import Augment
from algorithm.recorded.contrast import Contrast
from algorithm.recorded.sampler import RecordedSampler
from tests.recordings import CONTEXTS, recording
from utils.types import leaves

LENGTHS = [6, 3, 1]
RETURNS = [2.0, 0.0, 1.0]
RECORDINGS = [recording(length, task, total_reward, number=number) for number, (length, task, total_reward) in
              enumerate(zip(LENGTHS, 'aba', RETURNS, strict=True))]
STRONG = Augment(0.2, 0.2, 0.3)
FAILURES = {'failure': 0.3}     # the second recording


@pytest.fixture
def make():
    """Makes samplers that are closed at the end."""
    made = []

    def sampler(k, augment=None, shares=FAILURES, num_sequences=40, seed=0, recordings=RECORDINGS):
        made.append(RecordedSampler(recordings, Contrast(recordings, shares), augment or Augment(),
                                    num_sequences, k, seed))
        return made[-1]

    yield sampler
    for one in made:
        one.close()


def next_of(sampler):
    """The `Subsequences` of its next batch."""
    batch = sampler.sample()
    assert batch.transitions is None
    return batch.subsequences


def drawn_steps(batch):
    """(number of the recording [M], step [M, K]), from the vectors of a batch."""
    proprio = batch.observation['proprio']
    assert (proprio[:, :, 0] == proprio[:, :1, 0]).all()
    return proprio[:, 0, 0].astype(int), proprio[:, :, 1].astype(int)


def assert_equal(one, other):
    for a, b in zip(leaves(one), leaves(other), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize('k', [1, 2, 3, 8, None])
def test_every_step_is_one_of_a_recording_with_the_context_and_return_of_its_episode(make, k):
    batch = next_of(make(k))
    number, step = drawn_steps(batch)
    assert set(number) == {0, 1, 2}
    for i, t in zip(number, range(len(number)), strict=True):
        episode, steps = RECORDINGS[i], step[t]
        before, after = episode.observation(steps), episode.observation(steps + 1)
        for key in before:
            np.testing.assert_array_equal(batch.observation[key][t], before[key])
            np.testing.assert_array_equal(batch.next_observation[key][t], after[key])
        np.testing.assert_array_equal(batch.action[t], episode.actions[steps])
        np.testing.assert_array_equal(batch.context[t], CONTEXTS[episode.task])
        assert batch.mean_reward[t] == np.float32(episode.total_reward / episode.length)


def test_arrays_have_the_types_and_shapes_that_the_graph_is_fed_with(make):
    batch = next_of(make(4, STRONG))
    shapes = {'agentview': (40, 4, 24, 24, 3), 'proprio': (40, 4, 3)}
    for side in (batch.observation, batch.next_observation):
        assert list(side) == ['agentview', 'proprio'] and {key: x.shape for key, x in side.items()} == shapes
        assert (side['agentview'].dtype, side['proprio'].dtype) == (np.uint8, np.float32)
    rest = batch.action, batch.mean_reward, batch.variance_weight, batch.context
    assert [x.shape for x in rest] == [(40, 4, 3), (40,), (40,), (40, 2)]
    assert {x.dtype for x in rest} == {np.dtype(np.float32)} and batch.step_weight is None


@pytest.mark.parametrize('k', [1, 2, 3, 5, 7])
def test_variance_weights_are_those_of_draws_without_replacement(make, k):
    """1 - K / T; 1 if the episode is shorter than K; 0 if it has a single step."""
    batch = next_of(make(k))
    expected = {i: 0 if total == 1 else 1 if k > total else 1 - k / total for i, total in enumerate(LENGTHS)}
    number, _ = drawn_steps(batch)
    np.testing.assert_allclose(batch.variance_weight, [expected[i] for i in number], rtol=1e-6)


@pytest.mark.parametrize('k', [2, 3, 6])
def test_steps_of_an_episode_are_distinct_where_it_has_enough(make, k):
    number, step = drawn_steps(next_of(make(k)))
    for i, steps in zip(number, step, strict=True):
        assert len(set(steps)) == k or LENGTHS[i] < k
    assert {len(set(steps)) for i, steps in zip(number, step, strict=True) if i == 2} == {1}


def test_every_step_of_an_episode_is_drawn_alike(make):
    """Three of six steps, of 1200 episodes or so: each is drawn by half of them, to 5 deviations."""
    number, step = drawn_steps(next_of(make(3, num_sequences=2000)))
    counts = np.bincount(step[number == 0].ravel(), minlength=6)
    episodes = (number == 0).sum()
    assert episodes > 1000
    np.testing.assert_allclose(counts, episodes / 2, atol=5 * (episodes / 4) ** 0.5)


def test_a_virtual_episode_has_the_mean_and_the_weight_of_its_own_length(make):
    """A rewound one of 2 n steps, n from 25 to 100: all rewards are 0, all weights 1 - 3 / (2 n)."""
    episode = recording(100)
    batch = next_of(make(3, shares={'rewind': 0.5}, recordings=[episode]))
    made = batch.mean_reward == 0
    assert 0 < made.sum() < 40
    np.testing.assert_array_equal(batch.mean_reward[~made], np.float32(0.01))
    lengths = 3 / (1 - batch.variance_weight.astype(float))
    np.testing.assert_allclose(lengths[~made], 100, rtol=1e-4)
    turns = lengths[made] / 2
    np.testing.assert_allclose(turns, turns.round(), rtol=1e-4)
    assert 25 <= turns.round().min() < turns.round().max() <= 100


def test_a_swapped_episode_is_shown_with_the_context_of_the_other_task(make):
    recordings = [recording(task='a'), recording(task='b', number=1)]
    batch = next_of(make(2, shares={'swap': 0.5}, recordings=recordings))
    own = batch.context[np.arange(40), drawn_steps(batch)[0]] == 1
    np.testing.assert_array_equal(own, batch.mean_reward > 0)
    assert own.any() and not own.all()


def test_whole_episodes_have_all_their_steps_and_padding_of_weight_zero(make):
    batch = next_of(make(None))
    number, step = drawn_steps(batch)
    assert step.shape == (40, 6)
    for i, steps, weight in zip(number, step, batch.step_weight, strict=True):
        total = LENGTHS[i]
        np.testing.assert_array_equal(steps[:total], np.arange(total))
        np.testing.assert_array_equal(weight, [np.float32(1 / total)] * total + [0] * (6 - total))
    np.testing.assert_allclose(batch.step_weight.sum(axis=1), 1, rtol=1e-6)
    assert batch.step_weight.dtype == np.float32


def test_whole_episodes_are_padded_to_the_longest_of_their_batch_only(make):
    sampler = make(None, num_sequences=1)
    assert {next_of(sampler).action.shape[1] for _ in range(20)} == {1, 3, 6}


@pytest.mark.parametrize('k', [2, None])
def test_a_batch_depends_on_its_number_and_the_seed_alone(make, k):
    one, other = (make(k, STRONG, {'rewind': 0.3, 'swap': 0.2}, 5) for _ in range(2))
    batches = [next_of(one) for _ in range(4)]
    for number in (3, 0, 2, 1):
        assert_equal(other.draw(number), batches[number])
    differ = [drawn_steps(batch)[1].tobytes() for batch in (*batches, make(k, STRONG, {}, 5, seed=1).draw(0))]
    assert len(set(differ)) == 5


def test_a_restored_sampler_continues_where_the_saved_one_was(make):
    """Batches that were prefetched at that time are not lost."""
    one, other = make(2, STRONG), make(2, STRONG)
    for _ in range(3):
        next_of(one)
    state = one.save(None)
    assert state == {'num_drawn': 3, 'tasks': ['a', 'b']}
    next_of(other)
    other.restore(state, None)
    for _ in range(3):
        assert_equal(next_of(one), next_of(other))
    assert one.num_drawn == other.num_drawn == 6


def test_transitions_hold_the_vectors_and_actions_of_every_step_and_no_frame(make):
    before, action, reward, after, terminal = make(2).normalizer_batch()
    steps = [(number, t) for number, length in enumerate(LENGTHS) for t in range(length)]
    np.testing.assert_array_equal(before['proprio'], [[number, t, t ** 2] for number, t in steps])
    np.testing.assert_array_equal(after['proprio'], [[number, t + 1, (t + 1) ** 2] for number, t in steps])
    assert list(before) == list(after) == ['proprio']
    np.testing.assert_array_equal(action, np.concatenate([each.actions for each in RECORDINGS]))
    assert reward is terminal is None


def test_the_batch_of_the_normalizer_draws_nothing(make):
    sampler = make(2)
    sampler.normalizer_batch()
    assert sampler.num_drawn == 0
    batch = sampler.sample()
    assert sampler.num_drawn == 1
    assert_equal(batch.subsequences, sampler.draw(0))


@pytest.mark.parametrize('parts', [(True, True), (True, False), (False, False)])
def test_nothing_but_subsequences_can_be_drawn(make, parts):
    with pytest.raises(ValueError, match='drawn as subsequences only'):
        make(2).sample(*parts)
