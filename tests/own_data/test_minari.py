"""A data set of Minari is all that a run needs."""
import numpy as np

import train
from tests.own_data.files import moving
from tests.own_data.minari import write_minari
from tests.recorded_runs import progress


def test_a_run_learns_from_a_data_set_of_minari(tmp_path):
    rng = np.random.default_rng(0)
    write_minari(tmp_path / 'one-v0', [moving(rng, 9 + number) for number in range(5)])
    train.main(['--env=recorded', f'--data_path={tmp_path / "one-v0"}', f'--run_dir={tmp_path / "run"}',
                '--rrd_batch_size=8', '--rrd_sample_size=4', '--passes=0.01', '--min_updates=2', '--cycles=1',
                '--inter_op_threads=1', '--intra_op_threads=1'])
    assert [row['updates'] for row in progress(tmp_path / 'run')] == ['2']
