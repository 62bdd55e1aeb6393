"""Own data are the same episodes in each format: keys, actions, vectors, frames, rewards, tasks."""
import h5py
import numpy as np
import pytest

import convert
from envs.recorded.opening import open_source, reader_of
from envs.recorded.sets import read_sets
from tests.own_data.files import moving, write_robomimic
from utils.flags.flag import Args

TASKS = ('move right', 'Lift')
FLAGS = {'env': 'recorded', 'libero_path': '', 'libero_failures': '', 'outcomes': '', 'columns': '',
         'libero_alignment': 'auto', 'libero_orientation': 'auto', 'libero_noops': 'keep',
         'libero_skip_bad': False, 'libero_obs': ''}
TO = {'rlds': ['--to=rlds', '--encoding=png'], 'lerobot': ['--to=lerobot', '--fps=10'], 'hdf5': ['--to=hdf5']}


def made(folder, size=8, next_obs=True, **changes):
    """A folder of two tasks of a point that moves, with rewards that differ in each step."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number, task in enumerate(TASKS):
        episodes = [moving(rng, 4 + n, number, size, next_obs) | changes for n in range(2)]
        write_robomimic(folder / f'{number}.hdf5', episodes, sentence=task)
    return folder


def converted(form, source, target, *words):
    convert.main([*TO[form], '--env=recorded', *words, str(source), str(target)])
    return target


def read_back(path, **flags):
    """(tasks, [(`Recording`, {camera: frames})]) as training reads them."""
    source = open_source(Args({**FLAGS, 'data_path': str(path), **flags}))
    return source.tasks, [(recording, {key: np.concatenate(list(camera.read_one(place)))
                                       for key, camera in file.cameras.items()})
                          for file in source.files for place, recording in enumerate(file.episodes)]


def stored(path):
    """[`RawEpisode`] as stored."""
    args = Args({**FLAGS, 'data_path': str(path)})
    return [raw for found in read_sets(args, reader_of(args).FORMAT) for raw in found.raw.episodes]


def stored_rewards(path):
    """[rewards of each stored episode]."""
    return [raw.rewards.tolist() for raw in stored(path)]


def assert_same(path, other, **flags):
    (tasks, got), (expected_tasks, expected) = read_back(path), read_back(other, **flags)
    assert tasks == expected_tasks and len(got) == len(expected) > 0
    for (one, frames), (two, expected_frames) in zip(got, expected, strict=True):
        assert (one.task, one.total_reward, one.unrewarded) == (two.task, two.total_reward, two.unrewarded)
        assert (one.actions == two.actions).all() and one.scored == two.scored
        assert one.vectors.keys() == two.vectors.keys() and frames.keys() == expected_frames.keys()
        assert all((one.vectors[key] == two.vectors[key]).all() for key in one.vectors)
        for key in frames:
            rows = [recording.rows - recording.rows[0] for recording in (one, two)]
            assert (frames[key][rows[0]] == expected_frames[key][rows[1]]).all()


@pytest.mark.parametrize('next_obs', [True, False])
@pytest.mark.parametrize('form', TO)
def test_own_data_are_the_same_in_each_format_and_back(tmp_path, form, next_obs):
    source = made(tmp_path / 'source', next_obs=next_obs)
    new = converted(form, source, tmp_path / 'new')
    assert_same(new, source)
    assert_same(converted('hdf5', new, tmp_path / 'back'), source)
    assert sorted(path.name for path in tmp_path.iterdir()) == ['back', 'new', 'source']


def test_rlds_and_lerobot_are_the_same_through_each_other(tmp_path):
    source = made(tmp_path / 'source')
    first = converted('lerobot', source, tmp_path / 'first')
    second = converted('rlds', first, tmp_path / 'second')
    assert_same(converted('lerobot', second, tmp_path / 'third'), source)


@pytest.mark.parametrize('form', TO)
def test_the_reward_of_each_step_is_kept(tmp_path, form):
    source = made(tmp_path / 'source', size=0, next_obs=False)
    assert stored_rewards(converted(form, source, tmp_path / 'new')) == stored_rewards(source)


@pytest.mark.parametrize('form', TO)
def test_a_gripper_that_is_always_open_is_not_changed_by_the_row_that_has_no_action(tmp_path, form):
    source = made(tmp_path / 'source', size=0)
    for path in source.iterdir():
        with h5py.File(path, 'a') as file:
            for demo in file['data'].values():
                length = len(demo['actions'])
                del demo['actions']
                demo['actions'] = np.ones((length, 7), np.float32)
    assert_same(converted(form, source, tmp_path / 'new'), source)


@pytest.mark.parametrize('form', TO)
def test_observations_after_actions_are_written_before_the_next_ones(tmp_path, form):
    source = made(tmp_path / 'source')
    new = converted(form, source, tmp_path / 'new', '--libero_alignment=after')
    got, expected = read_back(new)[1], read_back(source, libero_alignment='after')[1]
    for (one, frames), (two, pictures) in zip(got, expected, strict=True):
        assert (one.actions == two.actions).all() and (one.vectors['object'] == two.vectors['object']).all()
        assert (frames['agentview'] == pictures['agentview'][:len(two.rows)]).all()
        assert one.total_reward == pytest.approx(two.total_reward, abs=1e-6)


@pytest.mark.parametrize('form', TO)
def test_returns_without_rewards_are_written_at_the_last_step_and_reported(tmp_path, form, caplog):
    source = made(tmp_path / 'source', size=0, rewards=np.zeros(0))
    for path in source.iterdir():
        with h5py.File(path, 'a') as file:
            for demo in file['data'].values():
                del demo['rewards']
    (tmp_path / 'returns.csv').write_text('episode,return\n' + ''.join(
        f'{number}.hdf5/demo_{demo},{10 * number + demo}\n' for number in range(2) for demo in range(2)))
    new = converted(form, source, tmp_path / 'new', f'--outcomes={tmp_path / "returns.csv"}')
    assert [recording.total_reward for recording, _ in read_back(new)[1]] == [0, 1, 10, 11]
    assert stored_rewards(new)[3][:5] == [0, 0, 0, 0, 11]
    assert 'each return is written as the reward of the last step, as returns are by --outco' in caplog.text


@pytest.mark.parametrize('form', TO)
def test_failures_named_by_a_flag_stay_failures(tmp_path, form):
    rng = np.random.default_rng(0)
    for folder, length in (('good', 5), ('bad', 6)):
        (tmp_path / folder).mkdir()
        episode = moving(rng, length, 0, 0)
        del episode['rewards']
        write_robomimic(tmp_path / folder / f'{folder}.hdf5', [episode], sentence='lift')
    new = converted(form, tmp_path / 'good', tmp_path / 'new', f'--libero_failures={tmp_path / "bad"}')
    assert [(each.total_reward, each.length) for each, _ in read_back(new)[1]] == [(1, 5), (0, 6)]
    if form == 'lerobot':
        assert [raw.success for raw in stored(new)] == [True, False]


def test_scores_are_no_marks_of_success(tmp_path):
    new = converted('lerobot', made(tmp_path / 'source', size=0), tmp_path / 'new')
    assert 'next.success' not in (new / 'meta/info.json').read_text()


def test_some_keys_alone_can_be_written(tmp_path):
    source = made(tmp_path / 'source')
    new = converted('rlds', source, tmp_path / 'new', '--libero_obs=agentview,object')
    assert_same(new, source, libero_obs='agentview,object')


def test_a_killed_conversion_of_own_data_is_resumed(tmp_path, monkeypatch):
    source, original, calls = made(tmp_path / 'source'), convert.to_robomimic._write_file, []

    def killed(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        original(*arguments)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(convert.to_robomimic, '_write_file', killed)
        converted('hdf5', source, tmp_path / 'new')
    assert not (tmp_path / 'new').exists() and (tmp_path / 'new.partial/0_move_right.hdf5').exists()
    assert_same(converted('hdf5', source, tmp_path / 'new'), source)
