"""The report of a run in an environment: its curves and its last test."""
from pathlib import Path

import numpy as np
import pytest

from reports.online import curve_sections, reward_section
from utils.errors import UserError

RUN = Path(__file__).parents[2] / 'results/mujoco/rrd-sac-Hopper-v2-seed0'


def test_curves_of_the_return_the_loss_and_the_correlation_are_shown():
    curves, _ = curve_sections(RUN)
    assert [part.description for part in curves.parts] == [
        'test return over training', 'loss of the reward model over training',
        'correlation with the true reward over training']


def test_the_last_test_is_the_last_row_of_progress_csv():
    header, *_, last = (RUN / 'progress.csv').read_text().splitlines()
    row = dict(zip(header.split(','), last.split(','), strict=True))
    table = dict(curve_sections(RUN)[1].parts[0].rows)
    assert table['environment steps'] == f'{int(row["timesteps"]):,}'
    assert table['test/return_mean'] == f'{float(row["test/return_mean"]):.3f}'


def test_a_run_without_a_test_is_an_error_in_one_line(tmp_path):
    (tmp_path / 'args.json').write_text((RUN / 'args.json').read_text())
    (tmp_path / 'progress.csv').write_text((RUN / 'progress.csv').read_text().splitlines()[0] + '\n')
    with pytest.raises(UserError, match='no run has test/return_mean yet'):
        curve_sections(tmp_path)


def test_learned_rewards_are_described_for_each_episode():
    section = reward_section([(np.arange(3.0), np.arange(3.0))], [{'reward/true_correlation': 1.0}], 'ckpt')
    assert section.texts[1].startswith('episode 1: Pearson 1.00')
