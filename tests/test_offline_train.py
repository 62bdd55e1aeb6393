"""Runs on recorded episodes, end to end: their files and their reports."""
import json
import re
from collections import Counter

import numpy as np
import pyarrow.parquet as pq
import pytest

import train
from envs.recorded.libero.paths import SAMPLE
from tests.outcome import scalars, variables
from tests.recorded_runs import LENGTHS, TINY, progress, train_run, user
from utils.labels.table import PROVENANCE

COUNTS = ['epoch', 'cycle', 'updates', 'passes']
TESTS = ['test/loss', 'test/return_rmse', 'test/return_correlation', 'test/success_auc', 'test/swap_auc',
         'test/prefix_auc', 'test/value_order_success', 'test/value_order_failure',
         'test/progress_correlation', 'test/progress_correlation_failure']
COLUMNS = [*COUNTS, 'reward/loss', 'reward/variance', *TESTS, 'time/total_s', 'time/train_s', 'time/test_s']
UNKNOWN = ['test/progress_correlation', 'test/progress_correlation_failure']    # there is no file of it


@pytest.fixture(scope='module')
def place(tmp_path_factory):
    with user(tmp_path_factory.mktemp('user')) as folder:
        yield folder


@pytest.fixture(scope='module')
def plain(place):
    """The directory of a run without further flags."""
    return train_run(place, 'plain')


def log(directory):
    return (directory / 'log.txt').read_text()


def test_progress_has_its_columns_in_order_and_a_row_of_finite_numbers_for_each_cycle(plain):
    rows = progress(plain)
    assert [list(row) for row in rows] == [COLUMNS] * 2
    for row in rows:
        assert [name for name, text in row.items() if not text] == UNKNOWN
        assert np.isfinite([float(text) for text in row.values() if text]).all()


def test_counts_increase_and_a_pass_is_as_many_steps_as_the_successes_have(plain):
    found = re.search(r'training episodes: .* ([0-9]+) steps', log(plain))
    num_steps = int(found[1]) / 2        # failures have as many
    counts = [[float(row[name]) for name in COUNTS] for row in progress(plain)]
    assert counts == [[1, cycle, 3 * cycle, pytest.approx(3 * cycle * 8 / num_steps)] for cycle in (1, 2)]


def test_a_run_writes_its_files_and_nothing_else(plain):
    names = sorted(path.name for path in plain.iterdir())
    [events] = [name for name in names if name.startswith('events.out.tfevents')]
    assert names == ['args.json', 'checkpoints', events, 'log.txt', 'progress.csv', 'rewards.parquet',
                     'rewards.png']
    assert sorted(path.name for path in (plain / 'checkpoints').glob('ckpt-*')) == [
        'ckpt-000001', 'ckpt-000002']
    assert (plain / 'rewards.png').read_bytes().startswith(b'\x89PNG')


def test_the_table_has_every_stored_step_of_training_and_held_out_episodes(plain):
    table = pq.read_table(plain / 'rewards.parquet')
    columns = table.to_pydict()
    assert table.column_names == ['task', 'file', 'episode', 'step', 'reward', 'cumulative_reward', 'valid',
                                  'split', 'recorded_return', 'weight']
    episodes = set(zip(*(columns[name] for name in ('file', 'episode', 'split', 'recorded_return')),
                       strict=True))
    assert len(columns['step']) == 4 * sum(LENGTHS)
    assert Counter(split for _, _, split, _ in episodes) == {'train': 8, 'held_out': 4}
    assert Counter(total for _, _, _, total in episodes) == {1.0: 6, 0.0: 6}
    assert columns['valid'].count(False) == 12      # of each episode the step without s or s'
    notes = json.loads(table.schema.metadata[PROVENANCE])
    assert (notes['run'], notes['checkpoint'], notes['training_episodes']) == ('plain', 'ckpt-000002', 8)


def test_nothing_is_written_outside_of_the_run_and_the_cache(plain, place):
    assert not (place / 'home').exists()
    assert sorted(path.suffix for path in (place / 'cache').iterdir()) == [
        *['.crc32'] * 4, *['.lock'] * 4, *['.npy'] * 4]


def test_args_json_has_the_flags_and_the_suite(plain):
    record = json.loads((plain / 'args.json').read_text())
    assert record['flags']['offline_reward_only'] is True and 'gamma' not in record['flags']
    assert record['environment'] == {'id': 'libero_spatial', 'kwargs': {}}


def test_curves_are_those_of_progress_over_updates(plain):
    found = [(step, value) for step, tag, value in scalars(plain) if tag == 'test/loss']
    assert found == [(int(row['updates']), pytest.approx(float(row['test/loss']))) for row in progress(plain)]


def test_graph_has_no_policy_variable(plain):
    own = {name for name in variables(plain) if not name.startswith(('reward/', 'reward_average/',
                                                                      'normalizer/'))}
    assert own == {'beta1_power', 'beta2_power', 'reward_average_moves'}


def test_log_reports_the_training_data_and_ends_with_the_report_and_the_path_of_progress(plain):
    lines = log(plain).splitlines()
    assert lines[0] == f'run directory: {plain}'
    assert lines[1].startswith('12 episodes of 2 of the 10 tasks of libero_spatial, 6 of them failures')
    assert lines[2] == '8 episodes are learned from, 4 are held out'
    assert [line for line in lines if line.startswith('training episodes: 4 successes, 4 failures, ')]
    assert 'evaluated on 2 successes and 2 failures' in lines and 'warning' not in log(plain)
    end = lines.index(f'finished: {plain}/progress.csv')
    assert lines[end + 1:end + 3] == [f'picture:  {plain}/rewards.png', f'rewards:  {plain}/rewards.parquet']
    assert f'label:    python label.py {plain} --data_path=SRC --out=DST' in lines


def test_without_a_path_the_sample_is_named_at_the_start(place, capfd):
    directory = place / 'sample'
    train.main([*TINY, '--cycles=1', '--passes=0.01', f'--cache_dir={place}/cache',
                f'--run_dir={directory}'])
    lines = capfd.readouterr().out.splitlines()
    assert lines[1:4] == [
        f'No LIBERO data given by --libero_path, and {place}/home/.libero/config.yaml does not exist',
        f'USING THE SAMPLE in {SAMPLE}: a few episodes of two tasks, simulated with the LIBERO simulator by '
        'a scripted policy, not the human demonstrations. Good for a first try, not for results',
        "The sample's own failures are used too, as no --libero_failures are given"]
    assert all(line in log(directory).splitlines() for line in lines[1:4])
    assert all(progress(directory)[0][name] for name in UNKNOWN)
