"""The figure and the table that a sweep ends with."""
import pytest

from figures.overview import draw_overview
from tests.figures.made_runs import make_run
from utils.errors import UserError


def test_every_run_of_a_directory_is_drawn_and_tabulated(tmp_path):
    for seed in range(2):
        make_run(tmp_path / f's{seed}', '--env=Hopper-v2', f'--seed={seed}', returns=[100.0 + seed])
    table = draw_overview(tmp_path, False, None)
    assert table == (tmp_path / 'table.md').read_text() and '| 100 ± 1 |' in table
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        'curves.png', 's0', 's1', 'table.csv', 'table.md']
    assert draw_overview(tmp_path, False, None) == table          # again, over existing files


def test_runs_on_recorded_episodes_are_compared_by_their_loss(tmp_path):
    path = make_run(tmp_path / 'a', '--env=libero_goal', test__loss=[0.5], returns=[0]) / 'progress.csv'
    path.write_text(path.read_text().replace('timesteps', 'updates'))
    assert draw_overview(tmp_path, True, None).splitlines()[0] == (
        '| environment | algorithm | final test/loss | IQM [95 % interval] | seeds | updates |')


def test_more_runs_than_distinguishable_lines_still_have_a_table(tmp_path):
    for k in range(13):
        make_run(tmp_path / f'{k}', '--env=Hopper-v2', f'--batch_size={k + 1}', returns=[1])
    with pytest.raises(UserError, match='^13 lines of one colour'):
        draw_overview(tmp_path, False, None)
    assert (tmp_path / 'table.md').read_text().count('\n') == 2 + 13


def test_runs_that_cannot_be_compared_leave_nothing(tmp_path):
    make_run(tmp_path / 'a', '--env=Hopper-v2', returns=[1])
    make_run(tmp_path / 'b', '--env=Hopper-v2', '--test_timesteps=5', returns=[1])
    with pytest.raises(UserError, match='^mixed units'):
        draw_overview(tmp_path, False, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ['a', 'b']
