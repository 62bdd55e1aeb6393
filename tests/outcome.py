"""The contents of a run's files that two equal runs share."""
import csv
import json

import numpy as np
import tensorflow as tf

from utils.checkpoints.files import CheckpointFiles


def rows(directory):
    """[{column: text}] of progress.csv, without the times."""
    with open(directory / 'progress.csv', newline='') as file:
        return [{name: text for name, text in row.items() if not name.startswith('time/')}
                for row in csv.DictReader(file)]


def all_scalars(directory):
    """[(step, tag, value)] of all TensorBoard files, in the order of writing, as TensorBoard reads them.

    A session start drops every scalar before it from its step on; a torn record ends a file.
    """
    found = []
    for path in sorted(directory.glob('events.out.tfevents.*')):
        try:
            for event in tf.compat.v1.train.summary_iterator(str(path)):
                if event.session_log.status == event.session_log.START:
                    found = [scalar for scalar in found if scalar[0] < event.step]
                found += [(event.step, value.tag, value.simple_value) for value in event.summary.value]
        except tf.errors.DataLossError:
            pass
    return found


def scalars(directory):
    """`all_scalars` without the times."""
    return [scalar for scalar in all_scalars(directory) if not scalar[1].startswith('time/')]


def newest(directory):
    """The newest checkpoint of a run, as `Found`."""
    return CheckpointFiles(directory / 'checkpoints').find()


def variables(directory):
    """{name: array} of the newest checkpoint."""
    reader = tf.train.load_checkpoint(str(newest(directory).path / 'variables'))
    return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}


def arrays(directory):
    """{name: array} of the newest checkpoint's parts."""
    with np.load(newest(directory).path / 'arrays.npz') as data:
        return dict(data)


def plain_state(directory):
    """The newest state.json without times, and without the division of the replay store into files."""
    state = json.loads((newest(directory).path / 'state.json').read_text())
    del state['parts']['log']['clock']
    if 'store' in (state['replay'] or {}):
        del state['replay']['store']['segments']
    return state


def replay(directory):
    """{name: array} of the newest replay files; the store's put together, and cut to what it holds."""
    found, pieces = newest(directory), {}
    for name in sorted(found.shared):
        kind = 'steps' if name.startswith('steps-') else name
        with np.load(directory / 'checkpoints' / 'replay' / name) as data:
            for key, array in data.items():
                pieces.setdefault(f'{kind}/{key}', []).append(array)
    store = found.state['replay']['store']
    held = {'steps/step/': store['num_added'] - store['first_step'],
            'steps/episode/': store['episodes_added'] - store['first_episode']}
    whole = {name: np.concatenate(parts) for name, parts in pieces.items()}
    for start, length in held.items():
        whole |= {name: array[-length:] for name, array in whole.items() if name.startswith(start)}
    return whole


def assert_same(first, second):
    """The runs in these directories ended alike: numbers, returns, events, and their last checkpoints."""
    assert (first / 'rews.npz').read_bytes() == (second / 'rews.npz').read_bytes()
    _assert_same(first, second, (variables, arrays, replay))


def assert_same_reward(first, second):
    """As `assert_same`, of runs on recorded episodes, which have no roll-outs and store no steps."""
    assert (first / 'rewards.png').read_bytes() == (second / 'rewards.png').read_bytes()
    _assert_same(first, second, (variables,))


def _assert_same(first, second, all_contents):
    assert rows(first) == rows(second)
    assert scalars(first) == scalars(second)
    assert newest(first).path.name == newest(second).path.name
    assert plain_state(first) == plain_state(second)
    for contents in all_contents:
        ours, theirs = contents(first), contents(second)
        assert ours.keys() == theirs.keys() and ours
        for name, array in ours.items():
            np.testing.assert_array_equal(array, theirs[name], err_msg=name)
