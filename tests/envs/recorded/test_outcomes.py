"""Where the return of an episode comes from."""
import numpy as np
import pytest

from envs.recorded.outcomes import Outcome, outcomes_of, read_returns
from tests.envs.recorded.raws import raw_episode
from utils.errors import UserError

REWARDED = raw_episode(4, rewards=np.float32([0, 0, 2, -0.5]))


def outcome(episode, flag='libero_path', listed=None, **options):
    found = outcomes_of([episode], flag, listed or {}, 'set', **options)
    return found.each[0], found.stored, found.source


def test_recorded_rewards_are_summed_whatever_the_flag():
    for flag in ('libero_path', 'libero_failures'):
        assert outcome(REWARDED, flag) == (Outcome(1.5, 2), True, 'recorded rewards')


def test_a_file_of_returns_precedes_rewards():
    assert outcome(REWARDED, listed={'episode 0': 7.0}) == (Outcome(7.0, 0), True, '--outcomes')


@pytest.mark.parametrize('success, expected', [(True, Outcome(1.0, 3)), (False, Outcome(0.0, 4))])
def test_a_mark_of_success_is_a_return_of_one(success, expected):
    found = outcome(raw_episode(4, success=success), at_end=True)
    assert found == (expected, True, 'recorded marks of success')


def test_without_any_the_flag_decides():
    assert outcome(raw_episode(4)) == (Outcome(1.0, 0), False, '--libero_path')
    assert outcome(raw_episode(4), 'libero_failures') == (Outcome(0.0, 4), False, '--libero_failures')


def test_rewards_of_some_episodes_are_refused():
    with pytest.raises(UserError, match='^set: episode 0 has rewards, and other episodes have none; '):
        outcomes_of([REWARDED, raw_episode(3)], 'data_path', {}, 'set')


def test_a_file_of_returns_must_list_every_episode():
    with pytest.raises(UserError, match='^--outcomes: expected a line for each episode of set, b is missing'):
        outcomes_of([raw_episode(2, 'a'), raw_episode(2, 'b')], 'data_path', {'a': 1.0}, 'set')


def test_returns_are_read_by_name(tmp_path):
    path = tmp_path / 'returns.csv'
    path.write_text('episode,return\nepisode 0,1\nb, -2.5\n')
    assert read_returns(str(path)) == {'episode 0': 1.0, 'b': -2.5}
    assert read_returns('') == {}


@pytest.mark.parametrize('text, message', [
    ('', "expected the header episode,return, got ''"),
    ('a,b\n', "expected the header episode,return, got 'a,b'"),
    ('episode,return\nx,nan\n', "line 2: expected a new episode and a finite return, got 'x,nan'"),
    ('episode,return\nx\n', "line 2: expected a new episode and a finite return, got 'x'"),
    ('episode,return\nx,1\nx,1\n', "line 3: expected a new episode and a finite return, got 'x,1'")])
def test_an_invalid_file_of_returns_is_refused(tmp_path, text, message):
    path = tmp_path / 'returns.csv'
    path.write_text(text)
    with pytest.raises(UserError) as caught:
        read_returns(str(path))
    assert str(caught.value) == f'--outcomes={path}: {message}'
