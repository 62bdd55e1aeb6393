"""Data sets of disturbed and of repeated demonstrations, made in a fake scene."""
import os
from collections import Counter
from contextlib import suppress

import h5py
import numpy as np
import pytest

from envs.libero_sim import parts, perturbing, producing, replaying
from envs.libero_sim.demonstrations import read_sources
from envs.recorded.libero.hdf5 import read_file
from envs.recorded.side_files import Progress
from tests.envs.libero_sim.fake_scene import TASK, FakeScene, write_demonstrations
from utils.errors import UserError
from utils.foreign.tables import read_rows

VERSIONS = {'mujoco': '3.8.1'}
NAME = f'{TASK}_demo.hdf5'
UNREACHED = -0.5    # m, a place that the arm does not come to


@pytest.fixture
def data(tmp_path):
    write_demonstrations(tmp_path / 'in' / 'libero_spatial')
    return tmp_path / 'in'


def perturbed(data, out, *words, make_scene=FakeScene, installed=VERSIONS):
    args = producing.parse_words('perturb', [f'--libero_path={data}', f'--out={out}', '--size=16', *words])
    producing.produce('perturb', args, perturbing.KIND, perturbing.summary, True, make_scene,
                      lambda: installed)
    return out


def replayed(data, out, *words):
    args = producing.parse_words('replay', [f'--libero_path={data}', f'--out={out}', '--size=16', *words])
    producing.produce('replay', args, replaying.KIND, replaying.summary, False, FakeScene, lambda: VERSIONS)
    return out


def content(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob('*') if path.is_file()}


def break_from(data, name):
    """Makes a demonstration of a file fail: its block is out of reach."""
    with h5py.File(data / 'libero_spatial' / NAME, 'r+') as file:
        file[f'data/{name}/states'][:, 2] = UNREACHED


def test_exactly_per_demo_episodes_are_recorded_whatever_comes_of_them(data, tmp_path):
    out = perturbed(data, tmp_path / 'out', '--per_demo=7')
    rows = read_rows(out / 'episodes.csv')
    assert Counter(row['demonstration'] for row in rows) == {'demo_0': 7, 'demo_1': 7, 'demo_2': 7}
    assert {row['success'] for row in rows} == {'0', '1'}
    for folder, success in (('libero_spatial', 1), ('libero_spatial_failures', 0)):
        with h5py.File(out / folder / NAME) as file:
            assert len(file['data']) == sum(int(row['success']) == success for row in rows)
            assert all(demo['rewards'][()].sum() == success for demo in file['data'].values())


def test_the_reader_of_recorded_episodes_accepts_both_folders(data, tmp_path):
    out = perturbed(data, tmp_path / 'out', '--per_demo=7')
    for folder in ('libero_spatial', 'libero_spatial_failures'):
        file = read_file(out / folder / NAME, ('agentview', 'wrist', 'proprio'))
        assert file.alignment == 'after' and file.orientation == 'opengl' and not file.skipped
        progress = Progress(out / folder / f'progress_{TASK}.npz')
        assert len(progress.of(file.demos[0])) == len(file.demos[0].rows)
        assert progress.mode_of(file.demos[0]) in set(perturbing.KINDS)


def test_an_episode_names_its_disturbance_and_can_be_made_again_from_it(data, tmp_path):
    out = perturbed(data, tmp_path / 'out', '--per_demo=7')
    source = read_sources(str(data))[0].demonstrations
    with h5py.File(out / 'libero_spatial_failures' / NAME) as file:
        for demo in file['data'].values():
            own = next(each for each in source if each.name == demo.attrs['source_demo'])
            others = [each.actions for each in source if each is not own]
            actions, step = perturbing.KINDS[demo.attrs['disturbance']](
                own.actions, np.random.default_rng(demo.attrs['disturbance_seed']), others)
            assert step == demo.attrs['disturbance_step']
            np.testing.assert_array_equal(demo['actions'], actions[:len(demo['actions'])])


def test_a_replay_that_diverges_is_named_and_recorded_on_request_only(data, tmp_path, caplog):
    break_from(data, 'demo_1')
    with caplog.at_level('INFO'):
        without = read_rows(perturbed(data, tmp_path / 'a', '--per_demo=1') / 'episodes.csv')
    assert '2 of 3 demonstrations succeed when replayed undisturbed' in caplog.text
    assert f'diverged: libero_spatial/{TASK} demo_1' in caplog.text
    assert len(without) == 3
    rows = read_rows(perturbed(data, tmp_path / 'b', '--per_demo=1', '--keep_diverged=True') / 'episodes.csv')
    added = [row for row in rows if row['disturbance'] == 'none']
    assert len(rows) == 4 and [row['demonstration'] for row in added] == ['demo_1']
    assert added[0]['folder'] == 'libero_spatial_failures'


def test_an_interrupted_call_is_resumed_to_the_same_bytes(data, tmp_path):
    scenes = []

    class Failing(FakeScene):
        def start(self, state, model_file=''):
            scenes.append(self)
            if len(scenes) == 6:
                raise KeyboardInterrupt
            return super().start(state, model_file)

    whole = content(perturbed(data, tmp_path / 'whole'))
    with suppress(KeyboardInterrupt):
        perturbed(data, tmp_path / 'out', make_scene=Failing)
    assert not (tmp_path / 'out').exists()
    assert len(list((tmp_path / 'out.partial' / 'episodes').rglob('*.hdf5'))) == 1
    assert all(scene.is_closed for scene in scenes)
    assert content(perturbed(data, tmp_path / 'out')) == whole


def test_the_order_of_the_work_changes_no_byte(data, tmp_path, monkeypatch):
    whole = content(perturbed(data, tmp_path / 'whole'))
    backward = parts.make_parts
    monkeypatch.setattr(parts, 'make_parts', lambda job, items, numbers, *rest: [
        backward(job, items, [number], *rest) for number in reversed(numbers)])
    assert content(perturbed(data, tmp_path / 'out')) == whole


def test_another_seed_makes_other_episodes(data, tmp_path):
    first, other = (content(perturbed(data, tmp_path / f'{seed}', f'--seed={seed}')) for seed in (0, 1))
    assert first['episodes.csv'] != other['episodes.csv']


def test_a_full_disk_is_one_line_and_finished_episodes_stay(data, tmp_path, monkeypatch):
    sync, calls = os.replace, []

    def full(source, target):
        if str(target).endswith('demo_1.hdf5'):
            calls.append(target)
            raise OSError(28, 'No space left on device')
        sync(source, target)

    monkeypatch.setattr(os, 'replace', full)
    with pytest.raises(UserError, match=r'^cannot write .*demo_1\.hdf5: No space left on device$'):
        perturbed(data, tmp_path / 'out')
    assert [path.name for path in (tmp_path / 'out.partial' / 'episodes').rglob('*.hdf5*')] == ['demo_0.hdf5']


def test_another_mujoco_than_recorded_is_a_warning(tmp_path, caplog):
    write_demonstrations(tmp_path / 'in', mujoco_version='2.3.2')
    perturbed(tmp_path / 'in', tmp_path / 'out', '--per_demo=1')
    assert 'recorded with MuJoCo 2.3.2, replayed with 3.8.1' in caplog.text


def test_a_repeated_demonstration_has_observations_before_the_actions_and_no_noops(data, tmp_path):
    out = replayed(data, tmp_path / 'out')
    file = read_file(out / 'libero_spatial' / NAME, ('agentview', 'wrist', 'proprio'))
    assert file.alignment == 'before' and file.cameras['agentview_rgb'] == (16, 16)
    with h5py.File(out / 'libero_spatial' / NAME) as data_file:
        demo = data_file['data/demo_0']
        np.testing.assert_array_equal(demo['obs/ee_pos'][:, 0], demo['states'][:, 1])
        assert len(demo['actions']) < len(read_sources(str(data))[0].demonstrations[0].actions)
        assert demo['rewards'][()].tolist() == [0] * (len(demo['rewards']) - 1) + [1]


def test_noops_are_kept_on_request(data, tmp_path):
    out = replayed(data, tmp_path / 'out', '--noops=keep')
    with h5py.File(out / 'libero_spatial' / NAME) as file:
        np.testing.assert_array_equal(file['data/demo_0/actions'],
                                      read_sources(str(data))[0].demonstrations[0].actions)


def test_demonstrations_that_succeed_no_longer_are_dropped_by_name(data, tmp_path, caplog):
    break_from(data, 'demo_1')
    with caplog.at_level('INFO'):
        out = replayed(data, tmp_path / 'out')
    with h5py.File(out / 'libero_spatial' / NAME) as file:
        assert list(file['data']) == ['demo_0', 'demo_2']
    assert f'dropped: libero_spatial/{TASK} demo_1' in caplog.text
    assert not (out / 'libero_spatial_failures').exists()
