"""The table of roll-outs by disturbance, and the flags of roll-outs."""
from pathlib import Path

import numpy as np
import pytest

from tester.__main__ import check_rollouts
from tester.recorded.metrics import Prediction
from tester.simulated import outcome_table
from utils.errors import UserError
from utils.flags.flag import Args
from utils.recording import Recording


def prediction(folder, name, total, rewards):
    recording = Recording(Path(folder, 't_demo.hdf5'), name, 't', np.zeros(1), {}, np.arange(3), {},
                          np.zeros((2, 7)), total, progress=np.array([0, 0.1, 0.5]))
    return Prediction(recording, np.array(rewards), None, ())


def test_a_row_has_the_outcomes_and_the_mean_predicted_returns_of_a_kind():
    predictions = [prediction('s', 'demo_0', 1.0, [0.5, 0.5]), prediction('s', 'demo_1', 1.0, [0.25, 0.25]),
                   prediction('s_failures', 'demo_0', 0.0, [0.5, -0.25])]
    kinds = {('s', 't', 'demo_0'): 'none', ('s', 't', 'demo_1'): 'noise',
             ('s_failures', 't', 'demo_0'): 'noise'}
    assert outcome_table(predictions, kinds).rows == [
        ['noise', '2', '1', '0.500', '0.250', '1.000', '-1.000'],
        ['none', '1', '1', '1.000', '-', '1.000', '-']]


@pytest.mark.parametrize('name', ['episodes', 'jobs', 'seed'])
def test_flags_of_roll_outs_are_refused_where_nothing_is_played(name):
    with pytest.raises(UserError, match=f'--{name}=3 needs --sim on recorded episodes'):
        check_rollouts({name: 3}, Args({'sim': False}))
    check_rollouts({name: 3}, Args({'sim': True}))
