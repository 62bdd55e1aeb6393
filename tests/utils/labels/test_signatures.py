"""Episodes are recognized by their actions, in any format."""
import numpy as np
import pytest

from tests.recordings import recording
from utils.labels.signatures import Seen, signatures

TRAIN, HELD_OUT = [recording(number=0), recording(number=1)], [recording(number=2)]
SEEN = Seen(signatures(TRAIN), signatures(HELD_OUT))


@pytest.mark.parametrize('episode, split', [
    (recording(number=1), 'train'), (recording(number=2), 'held_out'), (recording(number=3), 'new'),
    (recording(number=1, task='b'), 'new'), (recording(5, number=1), 'new')],
    ids=['of training', 'held out', 'other actions', 'other task', 'cut'])
def test_the_split_is_that_of_the_same_task_and_actions(episode, split):
    assert SEEN.split_of(episode) == split


def test_rounding_by_another_format_does_not_matter():
    episode = recording(number=1)
    assert SEEN.split_of(episode._replace(actions=episode.actions + np.float32(3e-8))) == 'train'


def test_the_same_actions_in_another_order_are_another_episode():
    episode = recording(number=1)
    assert SEEN.split_of(episode._replace(actions=episode.actions[::-1])) == 'new'


def test_a_run_that_holds_nothing_out_has_seen_its_training_episodes():
    assert Seen(signatures(TRAIN), signatures([])).split_of(TRAIN[0]) == 'train'
