"""Labelled copies of data sets of LeRobot: their data."""
import json
import os
from pathlib import Path

import numpy as np
import pytest

from envs.recorded.lerobot.info import REWARD
from envs.recorded.lerobot.read import read_set
from labels.copies import lerobot
from labels.copies.files import link_file
from labels.copies.labelled import is_labelled, provenance_of
from labels.copies.lerobot import write_copy
from labels.copies.options import CopyOptions
from tests.envs.recorded.lerobot.sets import CAMERA, LENGTHS, frames, pq, write_v21
from tests.labels.copies.lerobot_sets import (
    NAMES,
    column,
    made_v21,
    read_json,
    tables_of,
)
from tests.labels.copies.made import OPTIONS, PROVENANCE, files_of, killed, labels_of
from utils.errors import UserError

SHARED = Path(__file__).parents[3].parent / 'shared' / 'lerobot'


def test_rewards_are_in_the_row_of_their_action(lerobot_set, tmp_path):
    labels = labels_of(lerobot_set, NAMES)
    write_copy(lerobot_set, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    expected = np.concatenate([own.rewards for own in labels.values()])
    assert column(tmp_path / 'new', REWARD) == expected.tolist()
    assert column(tmp_path / 'new', 'recorded_reward') == column(lerobot_set, REWARD)
    kinds = {str(table.schema.field(REWARD).type) for table in tables_of(tmp_path / 'new').values()}
    assert kinds == {'float'}


def test_the_other_columns_row_groups_and_files_are_those_of_the_source(lerobot_set, tmp_path):
    before = files_of(lerobot_set)
    write_copy(lerobot_set, tmp_path / 'new', labels_of(lerobot_set, NAMES), PROVENANCE, OPTIONS)
    for path, old in tables_of(lerobot_set).items():
        new = tables_of(tmp_path / 'new')[path]
        assert new.column_names == [*old.column_names, 'recorded_reward']
        others = [name for name in old.column_names if name != REWARD]
        assert new.select(others).equals(old.select(others))
        one, two = (pq.ParquetFile(folder / path).metadata for folder in (lerobot_set, tmp_path / 'new'))
        assert [one.row_group(k).num_rows for k in range(one.num_row_groups)] == [
            two.row_group(k).num_rows for k in range(two.num_row_groups)]
        assert one.row_group(0).column(0).compression == two.row_group(0).column(0).compression
    assert files_of(lerobot_set) == before
    changed = {'meta/info.json', 'meta/stats.json', 'meta/episodes_stats.jsonl',
               'meta/episodes/chunk-000/file-000.parquet', 'meta/reward_provenance.json'}
    new = files_of(tmp_path / 'new')
    assert new.keys() == before.keys() | {'meta/reward_provenance.json'}
    assert all(new[name] == before[name] for name in before
               if name not in changed and not name.startswith('data/'))


def test_the_project_reads_the_sum_of_the_labels_as_the_return(lerobot_set, tmp_path):
    labels = labels_of(lerobot_set, NAMES)
    write_copy(lerobot_set, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    read = read_set(tmp_path / 'new', [CAMERA])
    assert [episode.rewards.sum() for episode in read.episodes] == pytest.approx(
        [own.predicted_return for own in labels.values()])
    for number, length in enumerate(LENGTHS):
        assert np.array_equal(np.concatenate(list(read.read(CAMERA, [number]))), frames(number, length))


def test_an_episode_without_labels_keeps_its_place_without_rewards(lerobot_set, tmp_path):
    labels = labels_of(lerobot_set, {'episode 0': LENGTHS[0]})
    write_copy(lerobot_set, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    assert column(tmp_path / 'new', REWARD)[LENGTHS[0]:] == [0] * sum(LENGTHS[1:])


def test_videos_are_linked(tmp_path):
    source = write_v21(tmp_path / 'old', 'video')
    write_copy(source, tmp_path / 'new', labels_of(source, NAMES), PROVENANCE, OPTIONS)
    videos = sorted(source.rglob('*.mp4'))
    assert len(videos) == 3
    for path in videos:
        assert (tmp_path / 'new' / path.relative_to(source)).samefile(path)


def test_a_link_into_the_store_of_a_downloader_is_followed(tmp_path):
    blob, link = tmp_path / 'blob', tmp_path / 'x.mp4'
    blob.write_bytes(b'frames')
    link.symlink_to(blob)
    link_file(link, tmp_path / 'new.mp4')
    assert (tmp_path / 'new.mp4').samefile(blob) and not (tmp_path / 'new.mp4').is_symlink()


def test_a_video_is_copied_where_it_cannot_be_linked(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(18, 'Invalid cross-device link')
    monkeypatch.setattr(os, 'link', refuse)
    (tmp_path / 'x.mp4').write_bytes(b'frames')
    link_file(tmp_path / 'x.mp4', tmp_path / 'deep/new.mp4')
    assert (tmp_path / 'deep/new.mp4').read_bytes() == b'frames'
    assert not (tmp_path / 'deep/new.mp4').samefile(tmp_path / 'x.mp4')


@pytest.mark.parametrize('step', ['_write_data', 'meta.write_lines', 'write_json'])
def test_a_killed_copy_is_resumed_and_equals_an_uninterrupted_one(tmp_path, monkeypatch, step):
    source, reports = made_v21(tmp_path / 'old'), []
    labels = labels_of(source, NAMES)
    write_copy(source, tmp_path / 'whole', labels, PROVENANCE, OPTIONS)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(f'{lerobot.__name__}.{step}', killed)
        write_copy(source, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    assert not (tmp_path / 'new').exists()
    options = CopyOptions(report=lambda: reports.append(1))
    write_copy(source, tmp_path / 'new', labels, {'another': 'date'}, options)
    assert files_of(tmp_path / 'new') == files_of(tmp_path / 'whole') and len(reports) == 3


def test_labels_that_do_not_fit_are_refused_and_nothing_is_written(lerobot_set, tmp_path):
    labels = labels_of(lerobot_set, {**NAMES, 'episode 1': 7})
    with pytest.raises(UserError, match='old: episode 1: expected labels of 2 steps, as stored, got 7'):
        write_copy(lerobot_set, tmp_path / 'new', labels, {}, OPTIONS)
    with pytest.raises(UserError, match='expected episode 3, which has labels; it is not there'):
        write_copy(lerobot_set, tmp_path / 'new', labels_of(lerobot_set, {'episode 3': 7}), {}, OPTIONS)
    with pytest.raises(UserError, match='elsewhere has labels, but it is not'):
        write_copy(lerobot_set, tmp_path / 'new', labels_of(tmp_path / 'elsewhere', NAMES), {}, OPTIONS)
    assert [path.name for path in tmp_path.iterdir()] == ['old']


def test_a_labelled_copy_is_recognized_and_keeps_the_recorded_rewards_when_relabelled(lerobot_set, tmp_path):
    once, twice = tmp_path / 'once', tmp_path / 'twice'
    write_copy(lerobot_set, once, labels_of(lerobot_set, NAMES), PROVENANCE, OPTIONS)
    labels = labels_of(once, NAMES, 3.0)
    assert is_labelled(once) and not is_labelled(lerobot_set)
    assert provenance_of(once)['run'] == PROVENANCE['run']
    write_copy(once, twice, labels, {'run': 'second'}, OPTIONS)
    expected = np.concatenate([own.rewards for own in labels.values()])
    assert column(twice, REWARD) == expected.tolist()
    assert column(twice, 'recorded_reward') == column(lerobot_set, REWARD)
    assert read_json(twice / 'meta/reward_provenance.json')['run'] == 'second'
    assert files_of(twice).keys() == files_of(once).keys()


@pytest.mark.skipif(not SHARED.is_dir(), reason=f'{SHARED} with the sets that LeRobot wrote is missing')
@pytest.mark.parametrize('name, cameras', [
    ('lerobot_v21', ['image']), ('lerobot_v21_video', ['observation.images.image']),
    ('lerobot_v30_video', ['observation.images.image'])])
def test_sets_that_lerobot_wrote_are_copied(tmp_path, name, cameras):
    source = SHARED / name
    old = read_set(source, cameras)
    labels = labels_of(source, {episode.name: len(episode.actions) for episode in old.episodes}, 1e-3)
    write_copy(source, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    new = read_set(tmp_path / 'new', cameras)
    for one, two, own in zip(old.episodes, new.episodes, labels.values(), strict=True):
        assert np.array_equal(two.rewards, own.rewards) and np.array_equal(one.actions, two.actions)
    before = tables_of(source)
    for path, table in tables_of(tmp_path / 'new').items():
        others = [each for each in before[path].column_names if each != REWARD]
        assert table.select(others).equals(before[path].select(others))
        described = json.loads(table.schema.metadata[b'huggingface'])['info']['features']
        assert list(described) == table.column_names
