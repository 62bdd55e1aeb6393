"""A reward is learned from returns of a Gymnasium task that is known to nobody."""
import h5py
import numpy as np
import pytest

import common
import train
from envs.recorded.dataset import load
from tests.own_data.files import write_robomimic
from tests.own_data.hopper import ENV, record
from utils.runs.flags import recorded_args


@pytest.mark.slow
def test_held_out_step_rewards_are_predicted_from_returns_up_to_a_thousand(tmp_path):
    path, run = tmp_path / 'hopper.hdf5', tmp_path / 'run'
    write_robomimic(path, record(240), ENV)
    train.main(['--env=recorded', f'--data_path={path}', f'--run_dir={run}', '--cycles=3'])
    reward, true, predicted = common.load_reward(run), [], []
    held_out = load(recorded_args(run)).held_out
    with h5py.File(path) as file:
        for recording in held_out:
            before, after = ({key: values[part] for key, values in recording.vectors.items()}
                             for part in (slice(None, -1), slice(1, None)))
            predicted.append(reward(before, recording.actions, after, ENV))
            true.append(file[f'data/{recording.name}/rewards'][:])
    assert len(held_out) == 48 and max(recording.total_reward for recording in held_out) > 900
    assert np.corrcoef(np.concatenate(predicted), np.concatenate(true))[0, 1] >= 0.8
