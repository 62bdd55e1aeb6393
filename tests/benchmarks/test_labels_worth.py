"""What labels are worth to a policy: weights, labels and differences; no policy is fitted."""
import numpy as np
import pandas as pd
import pytest

from benchmarks.labels_worth import CHUNK, out_of_sample, summary, weightings
from tests.recordings import recording
from utils.errors import UserError

LENGTHS = (20, 30, 25, 15)


@pytest.fixture
def recordings():
    """Four episodes, the last of which failed."""
    return [recording(length, name=f'demo_{number}', total_reward=float(number < 3),
                      progress=np.linspace(0, 1, length + 1, dtype=np.float32),
                      stored_steps=np.arange(1, length + 1), num_stored=length + 1)
            for number, length in enumerate(LENGTHS)]


@pytest.fixture
def rewards(recordings):
    """1 / 20 for each step of the first two episodes, 0 for the others."""
    return {(str(each.path), each.name): np.full(each.num_stored, 0.05 * (number < 2), np.float32)
            for number, each in enumerate(recordings)}


@pytest.fixture
def successes(recordings):
    """The same, all successes, so that each fold holds out one."""
    return [each._replace(total_reward=1.0) for each in recordings]


def table(recordings, split):
    """A table of rewards; each is the number of its stored step."""
    return pd.concat([pd.DataFrame({'file': str(each.path), 'episode': each.name, 'split': split,
                                    'step': np.arange(each.num_stored),
                                    'reward': np.arange(each.num_stored, dtype=np.float32)})
                      for each in recordings])


def test_every_whole_chunk_has_a_weight_in_every_comparison(recordings, rewards):
    lengths = [[len(part) for part in parts] for parts in weightings(recordings, {'ours': rewards}).values()]
    assert len(lengths) == 10
    assert all(each == [length - CHUNK + 1 for length in LENGTHS] for each in lengths)


def test_only_recorded_successes_weigh_in_the_comparison_of_that_name(recordings, rewards):
    parts = weightings(recordings, {'ours': rewards})['recorded successes']
    assert [set(part) for part in parts] == [{1.0}, {1.0}, {1.0}, {0.0}]


def test_a_ratio_is_that_of_a_chunk_to_the_mean_chunk_and_at_most_2(recordings, rewards):
    parts = weightings(recordings, {'ours': rewards})['ours, ratio']
    mean = 0.5 * (11 + 21) / (11 + 21 + 16 + 6)
    np.testing.assert_allclose(np.concatenate(parts[:2]), 0.5 / mean, rtol=1e-5)
    assert not np.concatenate(parts[2:]).any()
    only_last = {key: values * (key[1] == 'demo_0') for key, values in rewards.items()}
    assert set(weightings(recordings, {'ours': only_last})['ours, ratio'][0]) == {2.0}


def test_a_predicted_return_counts_the_steps_of_the_episode_alone(recordings, rewards):
    rewards['file', 'demo_3'][0] = 9        # the step without an observation before it
    parts = weightings(recordings, {'ours': rewards})['ours, return above 0.5']
    assert [set(part) for part in parts] == [{1.0}, {1.0}, {0.0}, {0.0}]


def test_labels_are_in_the_order_of_the_stored_steps(successes, tmp_path):
    table(successes, 'new').sample(frac=1, random_state=0).to_parquet(tmp_path / 'a.parquet')
    found = out_of_sample(f'{tmp_path}/a.parquet', successes)
    assert [found['file', each.name].tolist() for each in successes] == [
        list(range(each.num_stored)) for each in successes]


def test_labels_of_a_run_that_learned_from_the_episode_are_refused(successes, tmp_path):
    table(successes, 'train').to_parquet(tmp_path / 'a.parquet')
    with pytest.raises(UserError, match='expected 21 labels out of sample of file demo_0, got 0'):
        out_of_sample(f'{tmp_path}/a.parquet', successes)


def test_a_difference_is_paired_by_episode(recordings):
    facts = {'task': 'a', 'on_failures': 0.0, 'used': 1.0}
    rows = pd.DataFrame([{'comparison': name, 'episode': episode, 'error': episode + gain, **facts}
                         for name, gain in (('everything', 0.0), ('ours', -0.25)) for episode in range(5)])
    found = summary(rows).loc['ours']
    assert found[['error', 'difference', 'low', 'high']].tolist() == [1.75, -0.25, -0.25, -0.25]
