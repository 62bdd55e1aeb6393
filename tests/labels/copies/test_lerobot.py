"""Labelled copies of data sets of LeRobot."""
import json
import os
from pathlib import Path

import numpy as np
import pytest

from envs.recorded.lerobot.info import REWARD
from envs.recorded.lerobot.new_episode import Layout, NewEpisode
from envs.recorded.lerobot.read import read_set
from envs.recorded.lerobot.write import write_set
from labels.copies import lerobot
from labels.copies.files import link_file
from labels.copies.lerobot import write_copy
from labels.copies.options import CopyOptions
from tests.envs.recorded.lerobot.sets import CAMERA, LENGTHS, SIDE, frames, pq, write_v21
from tests.labels.copies.made import OPTIONS, PROVENANCE, files_of, killed, labels_of
from utils.errors import UserError

SHARED = Path(__file__).parents[3].parent / 'shared' / 'lerobot'
NAMES = {f'episode {number}': length for number, length in enumerate(LENGTHS)}


def statistics(values):
    values = np.asarray(values, np.float64)
    return {'min': [values.min()], 'max': [values.max()], 'mean': [values.mean()], 'std': [values.std()],
            'count': [len(values)]}


def made_v21(folder, camera='image'):
    write_v21(folder, camera)
    with open(folder / 'meta/episodes_stats.jsonl', 'w') as file:
        for number, length in enumerate(LENGTHS):
            stats = {'timestamp': statistics(range(length)), REWARD: statistics([0] * (length - 1) + [1])}
            file.write(json.dumps({'episode_index': number, 'stats': stats}) + '\n')
    return folder


def made_v30(folder, rewards=True, encoding='png'):
    """A set by the project's own writer, with all metadata of LeRobot."""
    episodes = []
    for number, length in enumerate(LENGTHS):
        own = np.float32([0] * (length - 1) + [1]) if rewards else None
        episodes.append(NewEpisode('open the door', np.ones((length, 3), np.float32),
                                   {'observation.state': np.ones((length, 2), np.float32)},
                                   {CAMERA: lambda n=number, t=length: iter([frames(n, t)])}, own))
    write_set(folder, episodes, Layout(10, {CAMERA: (SIDE, SIDE)}, encoding))
    return folder


@pytest.fixture(params=['v2.1', 'v3.0'])
def version(request):
    return request.param


@pytest.fixture
def source(tmp_path, version):
    return made_v21(tmp_path / 'old') if version == 'v2.1' else made_v30(tmp_path / 'old')


def tables_of(folder):
    """{relative path: `pyarrow.Table`} of the data files."""
    return {path.relative_to(folder).as_posix(): pq.read_table(path)
            for path in sorted((folder / 'data').rglob('*.parquet'))}


def column(folder, name):
    return [value for table in tables_of(folder).values() for value in table.column(name).to_pylist()]


def read_json(path):
    return json.loads(path.read_text())


def test_rewards_are_in_the_row_of_their_action(source, tmp_path):
    labels = labels_of(source, NAMES)
    write_copy(source, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    expected = np.concatenate([own.rewards for own in labels.values()])
    assert column(tmp_path / 'new', REWARD) == expected.tolist()
    assert column(tmp_path / 'new', 'recorded_reward') == column(source, REWARD)
    kinds = {str(table.schema.field(REWARD).type) for table in tables_of(tmp_path / 'new').values()}
    assert kinds == {'float'}


def test_the_other_columns_row_groups_and_files_are_those_of_the_source(source, tmp_path):
    before = files_of(source)
    write_copy(source, tmp_path / 'new', labels_of(source, NAMES), PROVENANCE, OPTIONS)
    for path, old in tables_of(source).items():
        new = tables_of(tmp_path / 'new')[path]
        assert new.column_names == [*old.column_names, 'recorded_reward']
        others = [name for name in old.column_names if name != REWARD]
        assert new.select(others).equals(old.select(others))
        one, two = (pq.ParquetFile(folder / path).metadata for folder in (source, tmp_path / 'new'))
        assert [one.row_group(k).num_rows for k in range(one.num_row_groups)] == [
            two.row_group(k).num_rows for k in range(two.num_row_groups)]
        assert one.row_group(0).column(0).compression == two.row_group(0).column(0).compression
    assert files_of(source) == before
    changed = {'meta/info.json', 'meta/stats.json', 'meta/episodes_stats.jsonl',
               'meta/episodes/chunk-000/file-000.parquet', 'meta/reward_provenance.json'}
    new = files_of(tmp_path / 'new')
    assert new.keys() == before.keys() | {'meta/reward_provenance.json'}
    assert all(new[name] == before[name] for name in before
               if name not in changed and not name.startswith('data/'))


def test_info_gains_the_recorded_reward_alone(source, tmp_path):
    write_copy(source, tmp_path / 'new', labels_of(source, NAMES), PROVENANCE, OPTIONS)
    old, new = (read_json(folder / 'meta/info.json') for folder in (source, tmp_path / 'new'))
    assert new['features'].pop('recorded_reward') == old['features'][REWARD]
    assert new['features'][REWARD] == {'dtype': 'float32', 'shape': [1], 'names': None} and new == old


def test_the_project_reads_the_sum_of_the_labels_as_the_return(source, tmp_path):
    labels = labels_of(source, NAMES)
    write_copy(source, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    read = read_set(tmp_path / 'new', [CAMERA])
    assert [episode.rewards.sum() for episode in read.episodes] == pytest.approx(
        [own.predicted_return for own in labels.values()])
    for number, length in enumerate(LENGTHS):
        assert np.array_equal(np.concatenate(list(read.read(CAMERA, [number]))), frames(number, length))


def test_provenance_is_in_each_data_file_and_long_entries_in_one_place(source, tmp_path):
    provenance = {**PROVENANCE, 'trained_on': [f'episode {number}' for number in range(500)]}
    write_copy(source, tmp_path / 'new', labels_of(source, NAMES), provenance, OPTIONS)
    assert read_json(tmp_path / 'new/meta/reward_provenance.json') == provenance
    for table in tables_of(tmp_path / 'new').values():
        assert json.loads(table.schema.metadata[b'reward_provenance']) == {
            'run': 'rrd-x-seed0', 'commit': 'abc', 'whole': 'meta/reward_provenance.json'}


def test_datasets_finds_the_new_columns_described(tmp_path):
    source = made_v30(tmp_path / 'old')
    write_copy(source, tmp_path / 'new', labels_of(source, NAMES), PROVENANCE, OPTIONS)
    (old,), (new,) = (tables_of(folder).values() for folder in (source, tmp_path / 'new'))
    before, after = (json.loads(table.schema.metadata[b'huggingface'])['info']['features']
                     for table in (old, new))
    assert after == {**before, 'recorded_reward': {'dtype': 'float32', '_type': 'Value'}}
    assert list(after) == new.column_names


@pytest.mark.data
def test_datasets_reads_the_copy_by_its_description(source, tmp_path):
    datasets = pytest.importorskip('datasets')
    labels = labels_of(source, NAMES)
    write_copy(source, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    found = datasets.load_dataset('parquet', data_dir=str(tmp_path / 'new/data'), split='train',
                                  cache_dir=str(tmp_path / 'cache'))
    assert np.array_equal(found[REWARD], np.concatenate([own.rewards for own in labels.values()]))
    assert found.features[REWARD].dtype == 'float32' and found['recorded_reward'][-1] == 1


def test_statistics_of_each_episode_of_v21_follow_the_rewards(tmp_path):
    source = made_v21(tmp_path / 'old')
    labels = labels_of(source, NAMES)
    write_copy(source, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    old, new = ([json.loads(line) for line in (folder / 'meta/episodes_stats.jsonl').read_text().splitlines()]
                for folder in (source, tmp_path / 'new'))
    for one, two, own in zip(old, new, labels.values(), strict=True):
        assert two['stats'].pop('recorded_reward') == one['stats'][REWARD]
        found = two['stats'].pop(REWARD)
        expected = statistics(own.rewards)
        assert found.keys() == expected.keys()
        assert all(found[name] == pytest.approx(expected[name]) for name in expected)
        del one['stats'][REWARD]
        assert one == two


def test_statistics_of_v30_follow_the_rewards(tmp_path):
    source = made_v30(tmp_path / 'old')
    labels = labels_of(source, NAMES)
    write_copy(source, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    place = 'meta/episodes/chunk-000/file-000.parquet'
    old, new = (pq.read_table(folder / place) for folder in (source, tmp_path / 'new'))
    rewards = [own.rewards for own in labels.values()]
    assert new.column(f'stats/{REWARD}/max').to_pylist() == [[values.max()] for values in rewards]
    assert new.column(f'stats/{REWARD}/count').to_pylist() == [[length] for length in LENGTHS]
    for name in old.column_names:
        if name.startswith(f'stats/{REWARD}/'):
            kept = name.replace(REWARD, 'recorded_reward')
            assert new.column(kept).equals(old.column(name)) and new.schema.field(name).equals(
                old.schema.field(name))
        else:
            assert new.column(name).equals(old.column(name))
    stats, before = (read_json(folder / 'meta/stats.json') for folder in (tmp_path / 'new', source))
    assert stats['recorded_reward'] == before[REWARD]
    assert stats[REWARD]['mean'] == pytest.approx([np.concatenate(rewards).mean()])
    assert stats[REWARD]['std'] == pytest.approx([np.concatenate(rewards).std()])
    assert stats[REWARD].keys() == before[REWARD].keys()


def test_a_set_without_rewards_gets_them_and_no_recorded_ones(tmp_path):
    source = made_v30(tmp_path / 'old', rewards=False)
    labels = labels_of(source, NAMES)
    write_copy(source, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    features = read_json(tmp_path / 'new/meta/info.json')['features']
    (table,) = tables_of(tmp_path / 'new').values()
    assert 'recorded_reward' not in features and 'recorded_reward' not in table.column_names
    assert features[REWARD]['shape'] == [1] and table.column_names[-1] == REWARD
    assert json.loads(table.schema.metadata[b'huggingface'])['info']['features'][REWARD] == {
        'dtype': 'float32', '_type': 'Value'}
    episodes = pq.read_table(tmp_path / 'new/meta/episodes/chunk-000/file-000.parquet')
    assert episodes.column(f'stats/{REWARD}/min').to_pylist() == [[own.rewards.min()]
                                                                  for own in labels.values()]


def test_an_episode_without_labels_keeps_its_place_without_rewards(source, tmp_path):
    write_copy(source, tmp_path / 'new', labels_of(source, {'episode 0': LENGTHS[0]}), PROVENANCE, OPTIONS)
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


def test_labels_that_do_not_fit_are_refused_and_nothing_is_written(source, tmp_path):
    with pytest.raises(UserError, match='old: episode 1: expected labels of 2 steps, as stored, got 7'):
        write_copy(source, tmp_path / 'new', labels_of(source, {**NAMES, 'episode 1': 7}), {}, OPTIONS)
    with pytest.raises(UserError, match='expected episode 3, which has labels; it is not there'):
        write_copy(source, tmp_path / 'new', labels_of(source, {'episode 3': 7}), {}, OPTIONS)
    with pytest.raises(UserError, match='elsewhere has labels, but it is not'):
        write_copy(source, tmp_path / 'new', labels_of(tmp_path / 'elsewhere', NAMES), {}, OPTIONS)
    assert [path.name for path in tmp_path.iterdir()] == ['old']


def test_a_labelled_source_is_refused_unless_new_labels_are_wanted(source, tmp_path):
    once, twice = tmp_path / 'once', tmp_path / 'twice'
    write_copy(source, once, labels_of(source, NAMES), PROVENANCE, OPTIONS)
    labels = labels_of(once, NAMES, 3.0)
    with pytest.raises(UserError, match='once was labelled before'):
        write_copy(once, twice, labels, {}, OPTIONS)
    write_copy(once, twice, labels, {'run': 'second'}, CopyOptions(relabel=True))
    expected = np.concatenate([own.rewards for own in labels.values()])
    assert column(twice, REWARD) == expected.tolist()
    assert column(twice, 'recorded_reward') == column(source, REWARD)
    assert read_json(twice / 'meta/reward_provenance.json') == {'run': 'second'}
    assert files_of(twice).keys() == files_of(once).keys()


def rewrite(path, change):
    """Writes a parquet file again after `change` of its table."""
    table = change(pq.read_table(path))
    pq.write_table(table, path)


@pytest.mark.parametrize('place, change, message', [
    ('data/chunk-000/file-000.parquet', lambda table: table.replace_schema_metadata({'huggingface': '{}'}),
     'file-000.parquet: metadata huggingface: expected info with features, got {}'),
    ('data/chunk-000/file-000.parquet', lambda table: table.replace_schema_metadata({'huggingface': '{'}),
     'file-000.parquet: metadata huggingface: expected JSON, got'),
    ('data/chunk-000/file-000.parquet', lambda table: table.drop_columns(['frame_index']),
     'file-000.parquet: column frame_index is missing'),
    ('meta/episodes/chunk-000/file-000.parquet',
     lambda table: table.append_column(f'stats/{REWARD}/mode', table.column(f'stats/{REWARD}/min')),
     "file-000.parquet: expected statistics among min, max, mean, std, q01, q10, q50, q90, q99, count, got "
     "'mode'")])
def test_damage_is_one_line_that_names_the_file(tmp_path, place, change, message):
    source = made_v30(tmp_path / 'old')
    rewrite(source / place, change)
    with pytest.raises(UserError) as caught:
        write_copy(source, tmp_path / 'new', labels_of(source, NAMES), {}, OPTIONS)
    assert str(caught.value).startswith(f'{source}') and message in str(caught.value)
    assert '\n' not in str(caught.value) and not (tmp_path / 'new').exists()


@pytest.mark.parametrize('line', [{'episode_index': 0, 'stats': []}, {'episode_index': 0, 'stats': {'a': 1}},
                                  {'stats': {}}])
def test_statistics_of_v21_that_are_none_are_refused(tmp_path, line):
    source = made_v21(tmp_path / 'old')
    (source / 'meta/episodes_stats.jsonl').write_text(json.dumps(line))
    with pytest.raises(UserError, match=r'episodes_stats.jsonl, line 1: '):
        write_copy(source, tmp_path / 'new', labels_of(source, NAMES), {}, OPTIONS)


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
