"""Frames whose content contradicts how they are read are refused with the flag that would be right."""
from pathlib import Path

import numpy as np
import pytest

from envs.recorded.content import check_orientation, described, verdict
from envs.recorded.orientation import upright
from envs.recorded.source import Damaged, RecordedFile, StoredFrames
from tests.envs.recorded.moving_square import moving_square
from utils.errors import UserError
from utils.flags.flag import Args
from utils.recording import Recording

SEEN = 'what moves in the frames of agentview shows that they are stored'


def still(frames):
    return np.zeros_like(frames)


def recorded(name='a/1.0.0', stored='opengl', assumed='opengl', episodes=4, flips=None, reads=None, **parts):
    """A file of episodes that are stored in an orientation and read as another.

    Args:
        name: of the file.
        stored: how frames are stored.
        assumed: how they are assumed to be stored.
        episodes: number of them.
        flips: [function that changes the frames of an episode]; None changes none.
        reads: list that gets a place for each episode that is read.
        parts: attributes to replace.
    """
    flips = flips or [lambda frames: frames] * episodes
    whole = [moving_square(lambda frames, flip=flip: upright(flip(frames), stored)) for flip in flips]

    def read_one(place):
        if reads is not None:
            reads.append(place)
        yield upright(whole[place][0], assumed)

    recordings = [Recording(Path(name), f'demo_{k}', 'task', np.zeros(0), {}, 30 * k + np.arange(30),
                            {'state': positions}, np.zeros((29, 7)), 1.0)
                  for k, (_, positions) in enumerate(whole)]
    frames = StoredFrames(Path(name), 'agentview', 30 * len(whole), (16, 16), [], None, '', read_one)
    return RecordedFile(Path(name), 'libero_path', recordings, {'agentview': frames}, {}, '', {},
                        orientation=assumed)._replace(**parts)


def check(*files, orientation='auto', env='libero_spatial'):
    return check_orientation(files, Args({'env': env, 'libero_orientation': orientation}))


def refusal(*files):
    with pytest.raises(UserError) as caught:
        check(*files)
    return str(caught.value)


@pytest.mark.parametrize('episodes', [1, 2])
def test_a_few_episodes_that_show_another_orientation_are_a_warning(episodes):
    warning, = check(recorded('a/1.0.0', 'upright', 'opengl', episodes))
    assert warning == (
        'warning: a/1.0.0: what moves in the frames of agentview looks as if they were stored upright, not '
        f'opengl as assumed; {episodes} clear of {episodes} episodes are too few to be sure')
    assert check(recorded('a/1.0.0', 'opengl', 'opengl', episodes)) == []


def test_frames_that_are_stored_as_assumed_are_accepted_in_silence():
    assert check(recorded(), recorded('b', 'mirrored', 'mirrored')) == []


@pytest.mark.parametrize('stored, assumed', [('rotated', 'opengl'), ('opengl', 'mirrored'),
                                             ('upright', 'opengl'), ('mirrored', 'upright')])
def test_the_flag_that_would_be_right_is_named(stored, assumed):
    assert refusal(recorded(stored=stored, assumed=assumed)) == (
        f'a/1.0.0: {SEEN} {stored} (4 of 4 clear episodes), not {assumed} as assumed; expected '
        f'--libero_orientation={stored}, or --libero_orientation={assumed} to insist')


def test_a_flag_overrides_with_a_warning():
    assert check(recorded(stored='rotated'), orientation='opengl') == [
        f'warning: a/1.0.0: {SEEN} rotated (4 of 4 clear episodes), not opengl as --libero_orientation says']


def test_sets_of_several_orientations_are_refused_without_a_flag():
    assert refusal(recorded(), recorded('b', 'rotated')) == (
        f'b: {SEEN} rotated (4 of 4 clear episodes), those of a/1.0.0 opengl; expected all sets in one '
        'orientation, as a difference would reveal the outcome')


@pytest.mark.parametrize('wrong, right', [(1, 4), (3, 4), (3, 9)])
def test_a_majority_accepts(wrong, right):
    flips = [lambda frames: frames[:, ::-1]] * wrong + [lambda frames: frames] * right
    assert check(recorded(flips=flips)) == []


@pytest.mark.parametrize('wrong, right', [(4, 1), (4, 3), (7, 5)])
def test_a_majority_refuses(wrong, right):
    flips = [lambda frames: frames] * right + [lambda frames: frames[:, ::-1]] * wrong
    found = recorded(flips=flips[::-1])
    assert f'stored upright ({wrong} of {wrong + right} clear episodes)' in refusal(found)


def test_files_of_a_folder_are_one_set(tmp_path):
    for name in 'abc':
        (tmp_path / name).touch()
    turned, *right = (recorded(tmp_path / name, stored, episodes=1)
                      for name, stored in (('a', 'rotated'), ('b', 'opengl'), ('c', 'opengl')))
    more = [file._replace(path=file.path) for file in right]
    assert check(turned, *right, *more) == []
    assert refusal(turned, turned, turned, right[0]).startswith(f'{tmp_path}: {SEEN} rotated (3 of 4 clear ')


def test_a_set_in_which_too_little_moves_is_a_warning():
    assert check(recorded(flips=[still] * 2 + [lambda frames: frames] * 2)) == [
        'warning: a/1.0.0: what moves in the frames of agentview does not show whether they are stored '
        'opengl as assumed (2 of 4 episodes are clear)']


@pytest.mark.parametrize('file', [
    recorded(flips=[still] * 2),
    recorded(stored='rotated', cameras={}), recorded(stored='rotated', orientation='')])
def test_a_set_that_cannot_be_checked_is_accepted_in_silence(file):
    assert check(file) == []


def test_own_data_are_not_checked():
    assert check(recorded(stored='rotated'), env='recorded') == []


def test_episodes_without_a_position_are_not_checked():
    file = recorded(stored='rotated')
    assert check(file._replace(episodes=[each._replace(vectors={}) for each in file.episodes])) == []


def test_no_more_episodes_are_decoded_than_needed():
    reads = []
    check(recorded(episodes=9, reads=reads))
    assert reads == [0, 1, 2]


def test_no_more_than_twelve_episodes_are_decoded():
    reads = []
    with pytest.raises(UserError, match='12 of 12 clear episodes'):
        check(recorded(stored='rotated', episodes=20, reads=reads))
    assert reads == list(range(12))


def test_damaged_episodes_are_passed_over():
    rows = slice(None)
    frames, positions = moving_square(lambda frames: frames)
    broken = [frames[:3], Damaged('demo_0', 27, 'why')]
    looks = [(pieces, rows, positions) for pieces in (broken, *[[frames]] * 3)]
    assert verdict(looks, 'upright') == ('upright', 'upright', 3, 3, 3, '')


@pytest.mark.parametrize('flips, stored, expected', [
    (None, 'opengl', 'frames: read as opengl, as what moves in them confirms (3 of 3 clear episodes)'),
    (None, 'rotated', f'frames: read as opengl; {SEEN} rotated (4 of 4 clear episodes): refused in a suite, '
                      'unless --libero_orientation is given'),
    ([still] * 4, 'opengl', 'frames: read as opengl; what moves in them does not show it (0 of 4 episodes '
                            'are clear)')])
def test_a_verdict_is_described_in_a_line(flips, stored, expected):
    file = recorded(stored=stored, flips=flips)
    looks = ((file.cameras['agentview'].read_one(place), recording.rows - recording.rows[0],
              recording.vectors['state']) for place, recording in enumerate(file.episodes))
    assert described(verdict(looks, 'opengl')) == expected
