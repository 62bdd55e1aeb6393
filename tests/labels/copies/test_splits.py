"""Whether the model has learned from an episode, as copies of each layout name it."""
import h5py

from labels.copies.labelled import provenance_of
from labels.copies.options import CopyOptions
from labels.copies.writer import write_copy
from tests.envs.recorded.lerobot.sets import LENGTHS, write_v21
from tests.envs.recorded.libero.files import write_suite_file
from tests.envs.recorded.rlds.sets import write_boxes
from tests.labels.copies.made import labels_of
from utils.labels.episode import HELD_OUT, NEW, TRAIN


def split_labels(path, lengths, splits=(TRAIN, HELD_OUT, NEW)):
    """Labels of episodes with these splits, in turn."""
    pairs = zip(labels_of(path, lengths).items(), splits, strict=False)
    return {key: own._replace(split=split) for (key, own), split in pairs}


def test_each_labelled_episode_of_an_hdf5_file_has_its_split_alone(tmp_path):
    path = tmp_path / 'a_demo.hdf5'
    write_suite_file(path, demos=3)
    write_copy(path, tmp_path / 'once.hdf5', split_labels(path, dict.fromkeys(('demo_0', 'demo_1'), 6)), {})
    labels = split_labels(tmp_path / 'once.hdf5', dict.fromkeys(('demo_1', 'demo_2'), 6))
    write_copy(tmp_path / 'once.hdf5', tmp_path / 'twice.hdf5', labels, {})
    found = {}
    for name in ('once', 'twice'):
        with h5py.File(tmp_path / f'{name}.hdf5') as file:
            found[name] = [demo.attrs.get('reward_split') for demo in file['data'].values()]
    assert found == {'once': [TRAIN, HELD_OUT, None], 'twice': [None, TRAIN, HELD_OUT]}


def test_the_provenance_of_a_lerobot_copy_has_the_split_of_each_episode(tmp_path):
    write_v21(tmp_path / 'set')
    names = [f'episode {number}' for number in range(3)]
    write_copy(tmp_path / 'set', tmp_path / 'new',
               split_labels(tmp_path / 'set', dict(zip(names, LENGTHS, strict=True))), {'run': 'x'})
    assert provenance_of(tmp_path / 'new') == {
        'run': 'x', 'splits': dict(zip(names, (TRAIN, HELD_OUT, NEW), strict=True))}


def test_the_provenance_of_an_rlds_copy_has_the_splits_by_the_numbers_in_the_copy(tmp_path):
    boxes = write_boxes(tmp_path / 'set/1.0.0', (5, 3, 4), per_shard=2)
    lengths = {f'train episode {number}': length for number, length in enumerate((5, 3, 4))}
    labels = split_labels(boxes, lengths)
    write_copy(boxes, tmp_path / 'all', labels, {})
    above = labels[boxes, 'train episode 0'].predicted_return
    write_copy(boxes, tmp_path / 'some', labels, {}, CopyOptions(above=above, only_above=True))
    assert provenance_of(tmp_path / 'all')['splits'] == {
        'train episode 0': TRAIN, 'train episode 1': HELD_OUT, 'train episode 2': NEW}
    assert provenance_of(tmp_path / 'some')['splits'] == {'train episode 0': HELD_OUT, 'train episode 1': NEW}


def test_files_of_one_name_in_two_folders_keep_their_own_splits(tmp_path):
    labels = {}
    for folder, split in (('x', TRAIN), ('y', HELD_OUT)):
        (tmp_path / 'set' / folder).mkdir(parents=True)
        path = tmp_path / 'set' / folder / 'a_demo.hdf5'
        write_suite_file(path, demos=1)
        labels |= split_labels(path, {'demo_0': 6}, [split])
    write_copy(tmp_path / 'set', tmp_path / 'new', labels, {})
    found = []
    for folder in ('x', 'y'):
        with h5py.File(tmp_path / 'new' / folder / 'a_demo.hdf5') as file:
            found.append(file['data/demo_0'].attrs['reward_split'])
    assert found == [TRAIN, HELD_OUT]


def test_an_episode_of_one_step_has_a_label_in_rlds_and_lerobot(tmp_path):
    boxes = write_boxes(tmp_path / 'boxes/1.0.0', (1, 3))
    write_v21(tmp_path / 'set', lengths=(1, 2))
    for source, names in ((boxes, ('train episode 0', 'train episode 1')),
                          (tmp_path / 'set', ('episode 0', 'episode 1'))):
        lengths = dict(zip(names, (1, 3 if source is boxes else 2), strict=True))
        write_copy(source, tmp_path / f'{source.name} copy', split_labels(source, lengths), {})
        assert provenance_of(tmp_path / f'{source.name} copy')['splits'] == dict(
            zip(names, (TRAIN, HELD_OUT), strict=True))
