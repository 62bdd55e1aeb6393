"""What --libero_skip_bad leaves out with a line, and is refused without it; both outcomes in one file."""
import shutil

import h5py
import numpy as np
import pytest

from envs.recorded.dataset import load, load_all
from envs.recorded.libero.reader import recognizes
from tests.envs.recorded.libero.damage import put, spoil
from tests.envs.recorded.libero.decoded import Progress
from tests.envs.recorded.libero.folders import TASKS, flags_for, isolate, write
from utils.errors import UserError


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    isolate(tmp_path, monkeypatch)


@pytest.fixture
def suite(tmp_path):
    """Files of two tasks, of three episodes each."""
    return [write(tmp_path / 'libero_spatial', task, demos=3, seed=seed) for seed, task in enumerate(TASKS)]


def refusal(tmp_path, **flags):
    with pytest.raises(UserError) as error:
        load_all(flags_for(tmp_path, **flags))
    return str(error.value)


def names(recordings, path):
    return [recording.name for recording in recordings if recording.path == path]


def no_episodes(path):
    """What OpenVLA's script writes where no replay succeeds."""
    with h5py.File(path, 'w') as file:
        file.create_group('data')


def truncate(path):
    path.write_bytes(path.read_bytes()[:-1000])


def unknown_orientation(path):
    with h5py.File(path, 'a') as file:
        file['data'].attrs['macros_image_convention'] = 'tilted'


def bad_progress(path):
    path.with_name(f'progress_{TASKS[0]}.npz').write_text('text')


@pytest.mark.parametrize('spoil_file, expected', [
    (no_episodes, 'data: expected episodes named demo_<number>, got nothing'),
    (truncate, 'cannot be read as HDF5: Unable to synchronously open file (truncated file'),
    (lambda path: path.write_text('version https://git-lfs.github.com/spec/v1'), 'git lfs pull'),
    (unknown_orientation, "macros_image_convention is 'tilted'"),
    (bad_progress, 'expected an .npz file of plain arrays')],
    ids=['no episodes', 'truncated', 'pointer', 'orientation', 'progress'])
def test_a_file_that_is_unusable_as_a_whole_is_refused_or_left_out(tmp_path, suite, spoil_file, expected):
    spoil_file(suite[0])
    assert expected in refusal(tmp_path)
    dataset = load_all(flags_for(tmp_path, libero_skip_bad=True))
    assert dataset.tasks == (TASKS[1],) and len(dataset.recordings) == 3
    line, = [line for line in dataset.notices if line.startswith('left out: ')]
    assert line.startswith(f'left out: {suite[0]} as a whole: ') and expected in line


def test_files_that_are_all_unusable_leave_nothing(tmp_path, suite):
    for path in suite:
        no_episodes(path)
    assert refusal(tmp_path, libero_skip_bad=True) == (
        f'--libero_skip_bad=True leaves no episode of 2 files, the first of which is {suite[0]} (as a whole: '
        'data: expected episodes named demo_<number>, got nothing)')


def test_names_that_begin_with_a_dot_are_no_data(tmp_path, suite):
    for path in suite:
        path.with_name(f'._{path.name}').write_bytes(b'Mac OS X')
    assert len(load_all(flags_for(tmp_path)).recordings) == 6
    (tmp_path / 'only').mkdir()
    shutil.copy(suite[0], tmp_path / 'only' / f'._{suite[0].name}')
    assert not recognizes(tmp_path / 'only') and not recognizes(tmp_path / 'only' / f'._{suite[0].name}')
    assert 'expected a file named <task>_demo.hdf5' in refusal(
        tmp_path, libero_path=str(tmp_path / 'only' / f'._{suite[0].name}'))


def test_an_empty_folder_of_the_suite_is_named(tmp_path):
    (tmp_path / 'root' / 'libero_spatial').mkdir(parents=True)
    assert refusal(tmp_path, libero_path=str(tmp_path / 'root')) == (
        f'--libero_path={tmp_path}/root: expected <task>_demo.hdf5 files, or folders of them named '
        'libero_spatial, got libero_spatial/; libero_spatial holds an empty folder')


def test_a_neighbour_that_cannot_be_read_does_not_hide_the_data(tmp_path, suite, monkeypatch):
    (tmp_path / 'a_neighbour').mkdir()
    iterdir = type(tmp_path).iterdir

    def refuse(path):
        if path.name == 'a_neighbour':
            raise PermissionError(13, 'Permission denied')
        return iterdir(path)
    monkeypatch.setattr(type(tmp_path), 'iterdir', refuse)
    assert recognizes(tmp_path)


@pytest.mark.parametrize('camera', ['agentview', 'wrist'])
def test_an_episode_of_damaged_frames_is_refused_or_left_out(tmp_path, suite, camera):
    flags = {'libero_obs': 'agentview,wrist,proprio'}
    name = {'agentview': 'agentview_rgb', 'wrist': 'eye_in_hand_rgb'}[camera]
    whole = load_all(flags_for(tmp_path, cache_dir=str(tmp_path / 'whole'), **flags))
    spoil(suite[0], f'obs/{name}')
    expected = f'data/demo_1/obs/{name} cannot be read: '
    assert refusal(tmp_path, **flags).startswith(f'{suite[0]}: {expected}')
    dataset = load_all(flags_for(tmp_path, libero_skip_bad=True, **flags))
    assert names(dataset.recordings, suite[0]) == ['demo_0', 'demo_2']
    assert dataset.notices[-1].startswith(f'left out: {suite[0]} demo_1: {expected}')
    for number, same in ((1, whole.recordings[2]), (2, whole.recordings[3])):
        for key in ('agentview', 'wrist'):
            np.testing.assert_array_equal(dataset.recordings[number].observation(np.arange(6))[key],
                                          same.observation(np.arange(6))[key])


def test_damaged_frames_are_known_from_the_cache_too(tmp_path, suite):
    spoil(suite[0], 'obs/agentview_rgb')
    first = load_all(flags_for(tmp_path, libero_skip_bad=True))
    progress = Progress()
    again = load_all(flags_for(tmp_path, libero_skip_bad=True), progress)
    assert progress.totals == [] and again.notices == first.notices and len(again.recordings) == 5
    assert 'data/demo_1/obs/agentview_rgb cannot be read: ' in refusal(tmp_path)


def test_the_training_set_is_divided_without_the_episodes_of_damaged_frames(tmp_path, suite):
    spoil(suite[0], 'obs/agentview_rgb')
    dataset = load(flags_for(tmp_path, libero_skip_bad=True))
    used = [*dataset.recordings, *dataset.held_out]
    assert sorted(names(used, suite[0])) == ['demo_0', 'demo_2']
    assert dataset.notices[-1] == f'{len(dataset.recordings)} episodes are learned from, ' \
                                  f'{len(dataset.held_out)} are held out'


def test_a_tail_of_black_frames_is_refused_or_left_out(tmp_path, suite):
    with h5py.File(suite[0], 'a') as file:
        file['data/demo_1/obs/agentview_rgb'][4:] = 0
    assert 'data/demo_1/obs/agentview_rgb: the last frame is black' in refusal(tmp_path)
    dataset = load_all(flags_for(tmp_path, libero_skip_bad=True))
    assert names(dataset.recordings, suite[0]) == ['demo_0', 'demo_2']


def test_an_episode_of_the_other_outcome_is_left_out(tmp_path, suite):
    put(suite[0], 'rewards', np.zeros(6))
    other = write(tmp_path / 'failed', TASKS[0], demos=2, success=False, seed=9)
    put(other, 'rewards', np.ones(6))
    dataset = load_all(flags_for(tmp_path, libero_skip_bad=True, libero_failures=str(other.parent)))
    assert names(dataset.recordings, suite[0]) == ['demo_0', 'demo_2']
    assert names(dataset.recordings, other) == ['demo_0']
    assert dataset.notices[-2:] == [
        f'left out: {suite[0]} demo_1: the return is 0; expected successes (above 0)',
        f'left out: {other} demo_1: the return is 6; expected failures (0 or less)']


def test_a_mixed_path_holds_both_outcomes_by_their_rewards(tmp_path, suite):
    put(suite[0], 'rewards', np.zeros(6))
    assert 'demo_1: the return is 0; expected successes' in refusal(tmp_path)
    dataset = load_all(flags_for(tmp_path, libero_mixed=True))
    assert [recording.success for recording in dataset.recordings] == [True, False, True, True, True, True]


def test_failures_beside_a_mixed_path_still_have_to_be_failures(tmp_path, suite):
    other = write(tmp_path / 'failed', TASKS[0], seed=9)
    assert 'expected failures (0 or less)' in refusal(tmp_path, libero_mixed=True,
                                                      libero_failures=str(other.parent))


@pytest.mark.parametrize('rewards', [[-1] * 6, [0, 0, 0, 0, 0, -2.5], [1, 0, 0, 0, 0, -1]])
def test_returns_of_failures_may_be_negative_and_are_kept(tmp_path, suite, rewards):
    other = write(tmp_path / 'failed', TASKS[0], seed=9, success=False)
    put(other, 'rewards', np.float64(rewards))
    dataset = load_all(flags_for(tmp_path, libero_failures=str(other.parent)))
    failures = [recording.total_reward for recording in dataset.recordings if not recording.success]
    assert failures == [0, sum(rewards)]


def test_returns_of_successes_may_be_other_than_one(tmp_path, suite):
    put(suite[0], 'rewards', np.float64([0, 0.25, 0, 0, 0, 2]))
    assert load_all(flags_for(tmp_path)).recordings[1].total_reward == 2.25


def test_no_control_character_of_a_file_is_in_a_notice(tmp_path, suite):
    with h5py.File(suite[0], 'a') as file:
        file['data'].create_group('\x1b[2Jdemo')
    dataset = load_all(flags_for(tmp_path, libero_skip_bad=True))
    assert all(line.isprintable() for line in dataset.notices)
    assert dataset.notices[-1].startswith(f'left out: {suite[0]} [2Jdemo: ')
