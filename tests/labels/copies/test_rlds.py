"""Labelled copies of data sets in RLDS."""
import json
import shutil

import pytest

from envs.recorded.rlds.example import floats, parse
from envs.recorded.rlds.read import read_set
from labels.copies import rlds_set
from labels.copies.labelled import is_labelled, provenance_of
from labels.copies.options import CopyOptions
from labels.copies.rlds import write_copy
from tests.envs.recorded.rlds.sets import WANTED, records_of, step_of, write_boxes
from tests.labels.copies.made import OPTIONS, PROVENANCE, files_of, killed, labels_of
from utils.errors import UserError

LENGTHS = {'train episode 0': 5, 'train episode 1': 3, 'train episode 2': 4, 'train episode 3': 6}
SHARD = 'boxes-train.tfrecord-{:05d}-of-{:05d}'


@pytest.fixture(scope='module')
def written(tmp_path_factory):
    return write_boxes(tmp_path_factory.mktemp('copied') / 'boxes' / '1.0.0', LENGTHS.values(), per_shard=1)


@pytest.fixture
def boxes(tmp_path, written):
    """A data set of four episodes, in a shard each."""
    folder = shutil.copytree(written, tmp_path / 'boxes/1.0.0')
    (folder / 'notes.txt').write_text('about boxes')
    return folder


def read_json(path):
    return json.loads(path.read_text())


def rewards_of(folder, key='steps/reward'):
    """{shard: float32 rewards of its only record}."""
    return {path.name: floats(parse(records_of(path)[0])[key]).tolist()
            for path in sorted(folder.glob('*.tfrecord*'))}


def test_rewards_are_those_of_the_labels_and_the_recorded_ones_beside(boxes, tmp_path):
    labels = labels_of(boxes, LENGTHS)
    write_copy(boxes, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    assert list(rewards_of(tmp_path / 'new').values()) == [own.rewards.tolist() for own in labels.values()]
    assert rewards_of(tmp_path / 'new', 'steps/recorded_reward') == rewards_of(boxes)
    described = step_of(read_json(tmp_path / 'new/features.json'))
    old = step_of(read_json(boxes / 'features.json'))['reward']
    assert described['recorded_reward'] == old and described['reward']['tensor'] == old['tensor']


def test_every_other_feature_and_file_is_byte_for_byte_that_of_the_source(boxes, tmp_path):
    before = files_of(boxes)
    write_copy(boxes, tmp_path / 'new', labels_of(boxes, LENGTHS), PROVENANCE, OPTIONS)
    for path in boxes.glob('*.tfrecord*'):
        old, new = (parse(records_of(folder / path.name)[0]) for folder in (boxes, tmp_path / 'new'))
        assert list(new) == [*old, 'steps/recorded_reward']
        assert all(bytes(new[key].data) == bytes(old[key].data) for key in old if key != 'steps/reward')
    assert files_of(boxes) == before
    assert (tmp_path / 'new/notes.txt').read_bytes() == before['notes.txt']
    assert files_of(tmp_path / 'new').keys() == before.keys() | {'reward_provenance.json'}


def test_the_description_changes_in_the_bytes_of_the_split_alone(boxes, tmp_path):
    write_copy(boxes, tmp_path / 'new', labels_of(boxes, LENGTHS), PROVENANCE, OPTIONS)
    old, new = (read_json(folder / 'dataset_info.json') for folder in (boxes, tmp_path / 'new'))
    sizes = [sum(map(len, records_of(path))) for path in (tmp_path / 'new').glob('*.tfrecord*')]
    assert new['splits'][0].pop('numBytes') == str(sum(sizes))
    assert int(old['splits'][0].pop('numBytes')) < sum(sizes) and old == new


def test_the_project_reads_the_sum_of_the_labels_as_the_return(boxes, tmp_path):
    labels = labels_of(boxes, LENGTHS)
    write_copy(boxes, tmp_path / 'new', labels, {}, OPTIONS)
    for episode, own in zip(read_set(tmp_path / 'new', WANTED).episodes, labels.values(), strict=True):
        assert episode.rewards.sum() == pytest.approx(own.predicted_return)


@pytest.mark.parametrize('levels', [1, 2])
def test_folders_around_a_version_are_kept_and_sets_without_labels_are_left_out(boxes, tmp_path, levels):
    write_boxes(boxes.parent.parent / 'other' / '1.0.0')
    source = boxes.parents[levels - 1]
    target = tmp_path.parent / f'{tmp_path.name}-new'
    write_copy(source, target, labels_of(boxes, LENGTHS), PROVENANCE, OPTIONS)
    copy = target / boxes.relative_to(source)
    assert provenance_of(copy).items() >= PROVENANCE.items() and len(rewards_of(copy)) == 4
    assert [path.name for path in target.iterdir()] == [boxes.relative_to(source).parts[0]]


def test_an_episode_without_labels_keeps_its_place_without_rewards(boxes, tmp_path):
    write_copy(boxes, tmp_path / 'new', labels_of(boxes, {'train episode 0': 5}), PROVENANCE, OPTIONS)
    assert rewards_of(tmp_path / 'new')[SHARD.format(1, 4)] == [0, 0, 0]
    assert rewards_of(tmp_path / 'new', 'steps/recorded_reward')[SHARD.format(1, 4)] == [0, 0, 1]


def test_a_filtered_copy_has_the_episodes_above_alone_and_numbers_its_shards_anew(boxes, tmp_path):
    labels = labels_of(boxes, LENGTHS)
    above = labels[boxes, 'train episode 1'].predicted_return
    del labels[boxes, 'train episode 3']
    write_copy(boxes, tmp_path / 'new', labels, PROVENANCE, CopyOptions(above=above, only_above=True))
    expected = labels[boxes, 'train episode 2'].rewards.tolist()
    assert rewards_of(tmp_path / 'new') == {SHARD.format(0, 1): expected}
    assert read_json(tmp_path / 'new/dataset_info.json')['splits'][0]['shardLengths'] == ['1']
    assert len(read_set(tmp_path / 'new', WANTED).episodes) == 1


def test_a_filtered_copy_of_no_episode_is_refused(boxes, tmp_path):
    with pytest.raises(UserError, match='expected an episode with a predicted return above --above=1000, got '
                                        'returns from 10.4 to 165'):
        write_copy(boxes, tmp_path / 'new', labels_of(boxes, LENGTHS), PROVENANCE,
                   CopyOptions(above=1000.0, only_above=True))
    assert not (tmp_path / 'new.partial').exists()      # another --above is taken at once


def test_a_killed_copy_is_resumed_and_equals_an_uninterrupted_one(boxes, tmp_path, monkeypatch):
    labels, reports = labels_of(boxes, LENGTHS), []
    write_copy(boxes, tmp_path / 'whole', labels, PROVENANCE, OPTIONS)
    original, shards = rlds_set.write_parts, []

    def once(file, *rest):
        shards.append(file.name)
        killed() if len(shards) == 3 else original(file, *rest)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(rlds_set, 'write_parts', once)
        write_copy(boxes, tmp_path / 'new', labels, PROVENANCE, OPTIONS)
    assert not (tmp_path / 'new').exists() and len(list((tmp_path / 'new.partial').glob('*tfrecord*'))) == 2
    options = CopyOptions(report=lambda: reports.append(1))
    write_copy(boxes, tmp_path / 'new', labels, {'another': 'date'}, options)
    assert files_of(tmp_path / 'new') == files_of(tmp_path / 'whole') and len(reports) == 4


def test_labels_of_another_number_of_steps_are_refused(boxes, tmp_path):
    with pytest.raises(UserError, match='train episode 2: expected labels of 4 steps, as stored, got 9'):
        write_copy(boxes, tmp_path / 'new', labels_of(boxes, {**LENGTHS, 'train episode 2': 9}), {}, OPTIONS)
    assert not (tmp_path / 'new').exists()


def test_labels_of_an_episode_that_is_not_there_are_refused(boxes, tmp_path):
    with pytest.raises(UserError, match='expected train episode 4, which has labels; it is not there'):
        write_copy(boxes, tmp_path / 'new', labels_of(boxes, {'train episode 4': 9}), {}, OPTIONS)


def test_a_labelled_copy_is_recognized_and_keeps_the_recorded_rewards_when_relabelled(boxes, tmp_path):
    once, twice = tmp_path / 'once', tmp_path / 'twice'
    write_copy(boxes, once, labels_of(boxes, LENGTHS), PROVENANCE, OPTIONS)
    labels = labels_of(once, LENGTHS, 3.0)
    assert is_labelled(once) and provenance_of(once)['run'] == PROVENANCE['run'] and not is_labelled(boxes)
    write_copy(once, twice, labels, {'run': 'second'}, OPTIONS)
    assert list(rewards_of(twice).values()) == [own.rewards.tolist() for own in labels.values()]
    assert rewards_of(twice, 'steps/recorded_reward') == rewards_of(boxes)
    assert read_json(twice / 'reward_provenance.json')['run'] == 'second'


def test_a_damaged_record_is_one_line_that_names_shard_and_episode(boxes, tmp_path):
    path = boxes / SHARD.format(2, 4)
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    with pytest.raises(UserError) as caught:
        write_copy(boxes, tmp_path / 'new', labels_of(boxes, LENGTHS), {}, OPTIONS)
    assert str(caught.value) == (f'{path}: train episode 2: the checksum of its data does not match; the '
                                 'record is damaged')


def test_tensorflow_datasets_reads_the_copy(boxes, tmp_path):
    tfds = pytest.importorskip('tensorflow_datasets')
    labels = labels_of(boxes, LENGTHS)
    write_copy(boxes, tmp_path / 'all', labels, PROVENANCE, OPTIONS)
    write_copy(boxes, tmp_path / 'good', labels, PROVENANCE, CopyOptions(above=20.0, only_above=True))
    for folder in ('all', 'good'):
        expected = [own for own in labels.values() if folder == 'all' or own.predicted_return > 20]
        built = tfds.builder_from_directory(str(tmp_path / folder))
        assert built.info.splits['train'].num_examples == len(expected)
        found = list(built.as_dataset(split='train', shuffle_files=False))
        for episode, own in zip(found, expected, strict=True):
            steps = list(episode['steps'].as_numpy_iterator())
            assert [step['reward'] for step in steps] == own.rewards.tolist()
            assert [step['recorded_reward'] for step in steps] == [0] * (len(steps) - 1) + [1]
