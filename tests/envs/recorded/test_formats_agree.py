"""The same episodes in HDF5, LeRobot v2.1 and v3.0, and RLDS become the same recordings."""
from pathlib import Path

import numpy as np
import pytest

from envs.recorded.content import check_orientation
from envs.recorded.dataset import load, load_all
from envs.recorded.lerobot import reader as lerobot
from envs.recorded.opening import open_source
from envs.recorded.rlds import reader as rlds
from envs.recorded.sets import open_sets
from utils.errors import UserError
from utils.runs.flags import get_args

SHARED = Path(__file__).parents[3].parent / 'shared'
HDF5, LEROBOT, RLDS = SHARED / 'libero/datasets', SHARED / 'lerobot', SHARED / 'libero/rlds'
pytestmark = [pytest.mark.data, pytest.mark.skipif(
    not (HDF5.is_dir() and LEROBOT.is_dir()), reason='no simulated LIBERO episodes in ../shared')]

_BETWEEN, _CENTER = (f'pick_up_the_black_bowl_{place}_and_place_it_on_the_plate' for place in (
    'between_the_plate_and_the_ramekin', 'from_table_center'))
EPISODES = [(_BETWEEN, 'demo_0', True), (_BETWEEN, 'demo_1', True), (_CENTER, 'demo_0', True),
            (_CENTER, 'demo_1', True), (_BETWEEN, 'demo_0', False), (_BETWEEN, 'demo_4', False),
            (_CENTER, 'demo_1', False), (_CENTER, 'demo_4', False)]     # in this order in every LeRobot set


def flags(folder, path, *more, size=64):
    return get_args(['--env=libero_spatial', '--libero_obs=agentview,wrist,state', f'--libero_path={path}',
                     f'--libero_image_size={size}', f'--cache_dir={folder / "cache"}', *more])


def outcomes(folder):
    path = folder / 'outcomes.csv'
    path.write_text('episode,return\n' + ''.join(f'episode {number},{int(success)}\n'
                                                 for number, (_, _, success) in enumerate(EPISODES)))
    return f'--outcomes={path}'


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    """Of decoded frames."""
    return tmp_path_factory.mktemp('formats')


def originals(folder, size):
    data = load_all(flags(folder, HDF5, f'--libero_failures={HDF5}/libero_spatial_failures', size=size))
    found = {(each.task, each.name, each.success): each for each in data.recordings}
    return [found[episode] for episode in EPISODES]


def differences(recording, original, first=0):
    """(largest of actions, of the state, largest mean of a frame) against the steps that both have."""
    steps = recording.length
    t = np.arange(0, steps + 1, 6)
    ours, theirs = recording.observation(t), original.observation(t + first)
    return (np.abs(recording.actions - original.actions[first:first + steps]).max(),
            np.abs(recording.vectors['state'] - original.vectors['state'][first:first + steps + 1]).max(),
            max(np.abs(ours[key].astype(int) - theirs[key]).mean(axis=(1, 2, 3)).max()
                for key in ('agentview', 'wrist')))


@pytest.mark.parametrize('name, size', [('lerobot_v21', 64), ('lerobot_v21_video', 128),
                                        ('lerobot_v30_video', 128)])
def test_eight_episodes_of_lerobot_are_those_of_hdf5(folder, name, size):
    more = [] if name == 'lerobot_v30_video' else [outcomes(folder)]        # only v3.0 names outcomes here
    data = load_all(flags(folder, LEROBOT / name, *more, size=size))
    assert len(data.recordings) == 8
    for recording, original in zip(data.recordings, originals(folder, size), strict=True):
        # the last observation of HDF5 is missing
        assert (recording.task, recording.total_reward) == (original.task, original.total_reward)
        assert recording.length == original.length - 1
        actions, state, frames = differences(recording, original)
        assert actions <= 1e-6 and state <= 1e-5 and frames <= 4


def test_replayed_successes_of_rlds_are_near_those_of_hdf5(folder):
    """Replays drift: the position by 6 mm, the axis-angle by 0.06, the gripper by half of its range."""
    ours = load_all(flags(folder, RLDS)).recordings
    theirs = load_all(flags(folder, HDF5, '--libero_noops=drop')).recordings
    assert len(ours) == 9
    for recording in ours:
        original = next(each for each in theirs if each.task == recording.task
                        and each.length >= recording.length and np.abs(
                            each.actions[:recording.length] - recording.actions).max() < 1e-6)
        assert recording.total_reward == 1
        drift = np.abs(recording.vectors['state'] - original.vectors['state'][:recording.length + 1])
        assert drift[:, :3].max() < 0.01 and drift[:, 3:6].max() < 0.1 and drift[:, 6:].max() < 0.03
        t = np.arange(0, recording.length, 8)
        frames = recording.observation(t)['agentview'].astype(int), original.observation(t)['agentview']
        assert np.abs(frames[0] - frames[1]).mean() < 6 < np.abs(frames[0] - frames[1][:, :, ::-1]).mean()


def test_frames_that_are_turned_wrongly_are_reported(folder):
    data = load_all(flags(folder, LEROBOT / 'lerobot_v21', '--libero_orientation=upright'))
    assert data.notices[-1] == (
        f'warning: {LEROBOT}/lerobot_v21: what moves in the frames of agentview shows that they are stored '
        'mirrored (8 of 8 clear episodes), not upright as --libero_orientation says')


@pytest.mark.parametrize('path', [HDF5, SHARED / 'libero/agentview', RLDS, LEROBOT / 'lerobot_v21_video'])
def test_sets_are_accepted_in_silence(folder, path):
    args = flags(folder, path, '--libero_obs=agentview,state')
    assert check_orientation(open_source(args).files, args) == []


@pytest.mark.parametrize('reader, path, assumed', [
    (rlds, RLDS, 'upright'), (lerobot, LEROBOT / 'lerobot_v30_video', 'rotated')])
def test_sets_that_are_read_in_another_way_are_refused(folder, reader, path, assumed):
    args = flags(folder, path, '--libero_obs=agentview,state')
    source = open_sets(args, reader.FORMAT._replace(libero_orientation=assumed))
    with pytest.raises(UserError, match='stored mirrored .*expected --libero_orientation=mirrored, or '):
        check_orientation(source.files, args)


def test_failures_of_another_resolution_and_encoding_than_the_successes_are_refused(folder):
    with pytest.raises(UserError) as caught:
        load_all(flags(folder, LEROBOT / 'lerobot_v30_video', f'--libero_failures={LEROBOT / "lerobot_v21"}'))
    assert str(caught.value) == (
        f'agentview has several sizes: 128 x 128 pixels av1 in {LEROBOT}/lerobot_v30_video, 64 x 64 pixels '
        f'png in {LEROBOT}/lerobot_v21; expected one for all files')


def test_copies_of_one_episode_on_both_sides_of_the_split_are_refused(folder):
    with pytest.raises(UserError, match='has the same actions as .*; one of them is learned from and the '
                                        'other is held out; expected every episode once'):
        load(flags(folder, LEROBOT / 'lerobot_v30_video',
                   f'--libero_failures={LEROBOT / "lerobot_v21_video"}'))


def test_a_set_of_several_suites_names_only_its_own_tasks(folder):
    with pytest.raises(UserError, match=f'^{LEROBOT}/lerobot_v21: none of its 8 episodes is of a task of '):
        load_all(flags(folder, LEROBOT / 'lerobot_v21', '--env=libero_goal'))
