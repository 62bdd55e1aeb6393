"""A reward is learned from returns of a Gymnasium task that is known to nobody."""
import json

import numpy as np
import pytest

import common
import train
from envs.recorded.dataset import load
from tests.own_data.files import write_robomimic
from tests.own_data.hopper import ENV, record
from tests.own_data.minari import write_minari
from utils.runs.flags import recorded_args


def in_robomimics_layout(folder, episodes):
    write_robomimic(folder / 'hopper.hdf5', episodes, ENV)
    return folder / 'hopper.hdf5'


def in_minaris_layout(folder, episodes):
    write_minari(folder / 'random-v0', episodes, env_spec=json.dumps({'id': ENV}))
    return folder / 'random-v0'


@pytest.mark.slow
@pytest.mark.parametrize('write', [in_robomimics_layout, in_minaris_layout])
def test_held_out_step_rewards_are_predicted_from_returns_up_to_a_thousand(tmp_path, write):
    run, episodes = tmp_path / 'run', record(240)
    path = write(tmp_path, episodes)
    train.main(['--env=recorded', f'--data_path={path}', f'--run_dir={run}', '--cycles=3'])
    reward, true, predicted = common.load_reward(run), [], []
    held_out = load(recorded_args(run)).held_out
    for recording in held_out:
        before, after = ({key: values[part] for key, values in recording.vectors.items()}
                         for part in (slice(None, -1), slice(1, None)))
        predicted.append(reward(before, recording.actions, after, ENV))
        true.append(episodes[int(recording.name.split('_')[1])]['rewards'])
    assert len(held_out) == 48 and max(recording.total_reward for recording in held_out) > 900
    assert np.corrcoef(np.concatenate(predicted), np.concatenate(true))[0, 1] >= 0.8
