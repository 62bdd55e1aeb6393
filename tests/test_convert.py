"""Conversions between formats keep the episodes, refuse what they must, and are resumed."""
import h5py
import numpy as np
import pytest

import convert
from conversions import to_hdf5, to_rlds
from conversions.episodes import Episode, open_files
from envs.recorded.lerobot import part as lerobot_part
from tests.envs.recorded.libero.files import write_suite_file
from utils.errors import UserError
from utils.flags.flag import Args
from utils.flags.suites import tasks_of

SUITE, SIDE = 'libero_goal', 16
FLAGS = {'env': SUITE, 'libero_failures': '', 'outcomes': '', 'columns': '', 'libero_alignment': 'auto',
         'libero_orientation': 'auto', 'libero_noops': 'keep', 'libero_skip_bad': False, 'libero_obs': '',
         'data_path': ''}


def made(folder, alignment='after', tasks=2):
    """A folder of HDF5 files of two tasks, with grippers that are closed or open."""
    folder.mkdir(parents=True)
    for number, task in enumerate(tasks_of(SUITE)[:tasks]):
        path = folder / f'{task}_demo.hdf5'
        write_suite_file(path, lengths=[6, 9], size=SIDE, alignment=alignment, seed=number)
        with h5py.File(path, 'a') as file:
            for demo in file['data'].values():
                demo['actions'][:, 6] = np.where(np.arange(len(demo['actions'])) < 3, -1, 1)
                for camera in ('agentview_rgb', 'eye_in_hand_rgb'):
                    demo[f'obs/{camera}'][:] = pictures(len(demo['actions']), camera.startswith('eye'))
    return folder


def pictures(length, offset):
    """[T, SIDE, SIDE, 3] smooth frames, different in each corner and step."""
    t, y, x = np.meshgrid(np.arange(length), np.arange(SIDE), np.arange(SIDE), indexing='ij')
    return np.stack([12 * x, 12 * y, 20 * t + 50 * offset], axis=-1).astype(np.uint8)


def read_back(path):
    """[`Episode`] at a path, by task."""
    source = open_files(Args({**FLAGS, 'libero_path': str(path)}))[0]
    episodes = [Episode(recording, file, place) for file in source.files
                for place, recording in enumerate(file.episodes)]
    return sorted(episodes, key=lambda each: (each.recording.task, len(each.recording.actions)))


def assert_same(path, other, tolerance=0):
    got, expected = read_back(path), read_back(other)
    assert len(got) == len(expected) == 4
    for one, two in zip(got, expected, strict=True):
        assert one.recording.task == two.recording.task
        assert one.recording.total_reward == two.recording.total_reward
        np.testing.assert_allclose(one.recording.actions, two.recording.actions, rtol=0, atol=1e-6)
        assert (one.recording.vectors['proprio'] == two.recording.vectors['proprio']).all()
        for camera in ('agentview', 'wrist'):
            difference = np.abs(one.frames(camera).astype(int) - two.frames(camera))
            assert difference.mean() <= tolerance


@pytest.mark.parametrize('alignment', ['after', 'before'])
@pytest.mark.parametrize('words', [['--to=rlds', '--encoding=png'], ['--to=lerobot'], ['--to=hdf5']])
def test_hdf5_is_the_same_in_each_format_and_back(tmp_path, words, alignment):
    source = made(tmp_path / 'source', alignment)
    convert.main([*words, str(source), str(tmp_path / 'new')])
    assert_same(tmp_path / 'new', source)
    convert.main(['--to=hdf5', str(tmp_path / 'new'), str(tmp_path / 'back')])
    assert_same(tmp_path / 'back', source)
    for got, expected in zip(read_back(tmp_path / 'back'), read_back(tmp_path / 'new'), strict=True):
        np.testing.assert_allclose(got.actions, expected.actions, rtol=0, atol=1e-6)
    assert sorted(path.name for path in tmp_path.iterdir()) == ['back', 'new', 'source']


def test_the_last_recorded_action_is_kept_where_observations_precede_actions(tmp_path):
    source = made(tmp_path / 'source', 'before')
    convert.main(['--to=hdf5', str(source), str(tmp_path / 'new')])
    name = f'{tasks_of(SUITE)[0]}_demo.hdf5'
    with h5py.File(source / name) as old, h5py.File(tmp_path / 'new' / SUITE / name) as new:
        expected = old['data/demo_0/actions'][:].astype(np.float32)
        assert (new['data/demo_0/actions'][:] == expected).all()
        assert (new['data/demo_0/obs/agentview_rgb'][:] == old['data/demo_0/obs/agentview_rgb'][:]).all()


def test_an_alignment_that_a_file_names_must_be_a_known_one(tmp_path):
    source = made(tmp_path / 'source', tasks=1)
    with h5py.File(next(source.iterdir()), 'a') as file:
        file['data'].attrs[to_hdf5.ALIGNMENT] = 'during'
    with pytest.raises(UserError, match="is 'during'; expected after or before, or --libero_alignment"):
        convert.main(['--to=hdf5', str(source), str(tmp_path / 'new')])


def test_an_unrecorded_last_action_moves_nothing_and_is_reported(tmp_path, caplog):
    convert.main(['--to=hdf5', str(made(tmp_path / 'source')), str(tmp_path / 'new')])
    assert read_back(tmp_path / 'new')[0].actions[-1].tolist() == [0, 0, 0, 0, 0, 0, 1]
    assert '4 of 4 episodes end with an observation whose action is not recorded' in caplog.text


@pytest.mark.parametrize('form', ['rlds', 'lerobot'])
def test_failures_stay_failures_in_each_format(tmp_path, form):
    source, failed = made(tmp_path / 'source', tasks=1), tmp_path / 'failed'
    failed.mkdir()
    write_suite_file(failed / f'{tasks_of(SUITE)[0]}_demo.hdf5', size=SIDE, success=False, seed=7)
    convert.main([f'--to={form}', str(source), str(tmp_path / 'new'), f'--libero_failures={failed}'])
    convert.main(['--to=hdf5', str(tmp_path / 'new'), str(tmp_path / 'back')])
    for folder, expected in ((SUITE, [1, 1]), (f'{SUITE}_failures', [0, 0])):
        returns = [each.recording.total_reward for each in read_back(tmp_path / 'back' / folder)]
        assert returns == expected


def test_a_damaged_frame_stops_the_conversion_and_nothing_is_at_the_target(tmp_path):
    source = made(tmp_path / 'source', tasks=1)
    with h5py.File(next(source.iterdir()), 'a') as file:
        file['data/demo_1/obs/agentview_rgb'][-1] = 0
    with pytest.raises(UserError, match='demo_1/obs/agentview_rgb: the last frame is black'):
        convert.main(['--to=hdf5', str(source), str(tmp_path / 'new')])
    assert not (tmp_path / 'new').exists()
    convert.main(['--to=hdf5', '--libero_skip_bad=True', str(source), str(tmp_path / 'other')])
    with h5py.File(next((tmp_path / 'other').rglob('*.hdf5'))) as file:
        assert list(file['data']) == ['demo_0']


def test_a_task_of_no_suite_is_refused(tmp_path):
    write_suite_file(tmp_path / 'another_demo.hdf5')
    with pytest.raises(UserError, match='not of one suite; expected --env=SUITE'):
        convert.main(['--to=rlds', str(tmp_path), str(tmp_path.with_name('elsewhere'))])


def test_jpeg_in_rlds_is_near_the_frames(tmp_path):
    source = made(tmp_path / 'source')
    convert.main(['--to=rlds', str(source), str(tmp_path / 'new')])
    assert (tmp_path / 'new' / SUITE / '1.0.0/features.json').is_file()
    assert_same(tmp_path / 'new', source, tolerance=3)


@pytest.mark.parametrize('words, expected', [
    (['--to=rlds', '{source}', '{source}'], 'exists and is not overwritten'),
    (['--to=rlds', '{source}', '{source}/new'], 'is inside'),
    (['--to=zarr', '{source}', '{other}'], '--to=zarr: expected'),
    (['{source}', '{other}'], '--to: expected one of rlds, lerobot, hdf5'),
    (['--to=rlds', '{source}'], 'got 1 paths'),
    (['--to=rlds', '--encoding=av1', '{source}', '{other}'], '--encoding=av1: expected jpeg or png'),
    (['--to=rlds', '{other}', '{other}2'], 'it does not exist')])
def test_unusable_words_are_refused_and_nothing_is_written(tmp_path, words, expected):
    source = made(tmp_path / 'source', tasks=1)
    with pytest.raises(UserError, match=expected):
        convert.main([word.format(source=source, other=tmp_path / 'other') for word in words])
    assert [path.name for path in tmp_path.iterdir()] == ['source']


def contents(folder):
    """{path: bytes} of all files; of HDF5 none, as it holds times."""
    return {str(path.relative_to(folder)): path.suffix == '.hdf5' or path.read_bytes()
            for path in sorted(folder.rglob('*')) if path.is_file()}


KILLED = {'rlds': (to_rlds.write_set.__globals__, '_write_shard'),
          'lerobot': (lerobot_part.write_part.__globals__, '_write_episodes'),
          'hdf5': (to_hdf5.__dict__, '_write_file')}


@pytest.mark.parametrize('form', KILLED)
def test_a_killed_conversion_leaves_no_target_and_resumes_to_the_same_files(tmp_path, monkeypatch, form):
    source, (names, name) = made(tmp_path / 'source'), KILLED[form]
    words = [f'--to={form}', str(source)]
    convert.main([*words, str(tmp_path / 'whole')])
    original, calls = names[name], []

    def killed(*arguments):
        calls.append(name)
        if len(calls) == 2 or form != 'hdf5':
            raise KeyboardInterrupt
        return original(*arguments)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setitem(names, name, killed)
        convert.main([*words, str(tmp_path / 'new')])
    assert not (tmp_path / 'new').exists() and (tmp_path / 'new.partial').is_dir()
    convert.main([*words, str(tmp_path / 'new')])
    assert contents(tmp_path / 'new') == contents(tmp_path / 'whole')
    assert_same(tmp_path / 'new', tmp_path / 'whole')


def test_a_partial_conversion_of_other_flags_is_not_resumed(tmp_path, monkeypatch):
    source = made(tmp_path / 'source', tasks=1)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setitem(*KILLED['rlds'], lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        convert.main(['--to=rlds', str(source), str(tmp_path / 'new')])
    with pytest.raises(UserError, match='is unfinished, with other values of schema; remove it'):
        convert.main(['--to=rlds', '--encoding=png', str(source), str(tmp_path / 'new')])
