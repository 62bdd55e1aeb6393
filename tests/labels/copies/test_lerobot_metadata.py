"""Labelled copies of data sets of LeRobot: what is said about their columns."""
import json

import numpy as np
import pytest

from envs.recorded.lerobot.info import REWARD
from labels.copies.lerobot import write_copy
from tests.envs.recorded.lerobot.sets import LENGTHS, pq
from tests.labels.copies.lerobot_sets import (
    NAMES,
    made_v21,
    made_v30,
    read_json,
    statistics,
    tables_of,
)
from tests.labels.copies.made import OPTIONS, PROVENANCE, labels_of
from utils.errors import UserError


def test_info_gains_the_recorded_reward_alone(lerobot_set, tmp_path):
    write_copy(lerobot_set, tmp_path / 'new', labels_of(lerobot_set, NAMES), PROVENANCE, OPTIONS)
    old, new = (read_json(folder / 'meta/info.json') for folder in (lerobot_set, tmp_path / 'new'))
    assert new['features'].pop('recorded_reward') == old['features'][REWARD]
    assert new['features'][REWARD] == {'dtype': 'float32', 'shape': [1], 'names': None} and new == old


def test_provenance_is_in_each_data_file_and_long_entries_in_one_place(lerobot_set, tmp_path):
    provenance = {**PROVENANCE, 'trained_on': [f'episode {number}' for number in range(500)]}
    write_copy(lerobot_set, tmp_path / 'new', labels_of(lerobot_set, NAMES), provenance, OPTIONS)
    assert read_json(tmp_path / 'new/meta/reward_provenance.json').items() >= provenance.items()
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
def test_datasets_reads_the_copy_by_its_description(lerobot_set, tmp_path):
    datasets = pytest.importorskip('datasets')
    labels = labels_of(lerobot_set, NAMES)
    write_copy(lerobot_set, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
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
