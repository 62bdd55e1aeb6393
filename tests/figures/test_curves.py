"""Learning curves: which panels and lines, and their numbers."""
import numpy as np
import pytest
from matplotlib.colors import to_hex

import plot
from figures.curves import draw_curves, in_order
from figures.runs import read_runs
from tests.figures.drawn import misplaced
from tests.figures.made_runs import make_run


@pytest.fixture
def runs(tmp_path):
    """RRD with two seeds, one of them shorter, and IRCR, on Hopper; RRD on Ant."""
    make_run(tmp_path / 'a', '--env=Hopper-v2', '--seed=0', returns=[1, 2, 3, 6])
    make_run(tmp_path / 'b', '--env=Hopper-v2', '--seed=1', returns=[3, 4])
    make_run(tmp_path / 'c', '--env=Hopper-v2', '--alg=ircr', returns=[0, 0, 0, 1])
    make_run(tmp_path / 'd', '--env=Ant-v2', returns=[7, 8])
    return read_runs([tmp_path])


def panel(figure, title):
    found, = [axes for axes in figure.axes if axes.get_title() == title]
    return found


def points(line):
    return np.transpose(line.get_data()).tolist()


def test_there_is_a_panel_for_each_environment_in_the_order_of_the_paper(runs):
    assert [axes.get_title() for axes in draw_curves(runs).axes] == ['Ant-v2', 'Hopper-v2']
    assert in_order(['Pendulum-v1', 'Hopper-v2', 'Ant-v2', 'CartPole-v1', 'HalfCheetah-v2']) == [
        'Ant-v2', 'HalfCheetah-v2', 'Hopper-v2', 'CartPole-v1', 'Pendulum-v1']


def test_a_line_is_the_mean_over_seeds_in_thousands_of_steps_while_all_have_values(runs):
    rrd, rest, ircr = panel(draw_curves(runs), 'Hopper-v2').lines
    np.testing.assert_allclose(points(rrd), [[10, 2], [20, 3]])
    np.testing.assert_allclose(points(rest), [[20, 3], [30, 3], [40, 6]])
    assert (rrd.get_linestyle(), rest.get_linestyle()) == ('-', ':')
    np.testing.assert_allclose(points(ircr), [[10, 0], [20, 0], [30, 0], [40, 1]])


def test_a_line_is_dotted_too_where_some_seeds_are_not_tested_yet(tmp_path):
    make_run(tmp_path / 'a', '--seed=0', returns=[1, 2, 3, 4], step=10_000)
    make_run(tmp_path / 'b', '--seed=1', returns=[4, 6], step=20_000)
    line, early = draw_curves(read_runs([tmp_path])).axes[0].lines
    np.testing.assert_allclose(points(line), [[20, 3], [30, 4], [40, 5]])
    np.testing.assert_allclose(points(early), [[10, 1], [20, 3]])
    assert early.get_linestyle() == ':'


def test_seeds_that_are_never_tested_together_have_a_dotted_line(tmp_path):
    make_run(tmp_path / 'a', '--seed=0', returns=[1], step=10_000)
    make_run(tmp_path / 'b', '--seed=1', returns=[4], step=20_000)
    line, rest = draw_curves(read_runs([tmp_path])).axes[0].lines
    assert points(line) == [] and points(rest) == [[10, 1], [20, 4]]


@pytest.mark.parametrize('words', [['--alg=rrd'], ['--alg=sac', '--env_type=normal']])
def test_a_single_test_is_visible(words, tmp_path):
    make_run(tmp_path / 'a', *words, returns=[1])
    assert draw_curves(read_runs([tmp_path])).axes[0].lines[0].get_marker()


@pytest.mark.parametrize('kind, low, high', [
    ('std', [2 - 2 ** 0.5, 3 - 2 ** 0.5, 3, 6], [2 + 2 ** 0.5, 3 + 2 ** 0.5, 3, 6]),
    ('minmax', [1, 2, 3, 6], [3, 4, 3, 6]), ('ci', [1, 2, 3, 6], [3, 4, 3, 6])])
def test_the_band_has_the_edges_of_its_kind(runs, kind, low, high):
    """Two seeds: a quarter of all draws is twice the lower, so that 95 % reach from one to the other."""
    corners = panel(draw_curves(runs, kind=kind), 'Hopper-v2').collections[0].get_paths()[0].vertices
    for i, x in enumerate([10, 20, 30, 40]):
        at = corners[np.isclose(corners[:, 0], x), 1]
        np.testing.assert_allclose([at.min(), at.max()], [low[i], high[i]])


def test_smoothing_is_named_on_the_axis(runs):
    figure = draw_curves(runs, smooth=2)
    assert panel(figure, 'Ant-v2').get_ylabel() == 'test return, mean of 2\ntests'
    np.testing.assert_allclose(points(panel(figure, 'Ant-v2').lines[0]), [[10, 7], [20, 7.5]])


def test_axes_have_units(runs):
    axes = panel(draw_curves(runs), 'Ant-v2')
    assert (axes.get_xlabel(), axes.get_ylabel()) == ('environment steps (thousands)', 'test return')


@pytest.mark.parametrize('step, unit', [(499, ''), (500, ' (thousands)'), (499_999, ' (thousands)'),
                                        (500_000, ' (millions)')])
def test_the_unit_of_steps_is_the_largest_that_a_run_reaches(step, unit, tmp_path):
    make_run(tmp_path / 'a', returns=[1, 2], step=step)
    make_run(tmp_path / 'b', '--alg=sac', returns=[1], step=step)
    assert draw_curves(read_runs([tmp_path])).axes[0].get_xlabel() == f'environment steps{unit}'


@pytest.mark.parametrize('top', [1, 0.3, 25, 70, 123_456])
def test_ticks_are_at_round_numbers(top, tmp_path):
    make_run(tmp_path / 'a', returns=[0, top], step=int(1000 * top))
    axes = draw_curves(read_runs([tmp_path])).axes[0]
    for ticks in (axes.get_xticks(), axes.get_yticks()):
        leading = float(f'{ticks[1] - ticks[0]:e}'.split('e')[0])
        assert min(abs(leading - number) for number in (1, 2, 5)) < 1e-6


def test_updates_of_recorded_runs_are_the_axis_of_their_columns_in_words(tmp_path):
    make_run(tmp_path / 'a', '--env=libero_goal', returns=[0, 0], step=600, test__loss=[3, 1])
    table = tmp_path / 'a' / 'progress.csv'
    table.write_text(table.read_text().replace('timesteps', 'updates'))
    axes = draw_curves(read_runs([tmp_path], 'test/loss'), 'test/loss').axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ('updates (thousands)', 'loss on held-out episodes')
    np.testing.assert_allclose(points(axes.lines[0]), [[0.6, 3], [1.2, 1]])


def test_an_algorithm_has_one_colour_in_every_panel_and_figure(runs):
    both, ircr_alone = draw_curves(runs), draw_curves([run for run in runs if run.label == 'IRCR + SAC'])
    ant, hopper = panel(both, 'Ant-v2'), panel(both, 'Hopper-v2')
    assert to_hex(ant.lines[0].get_color()) == to_hex(hopper.lines[0].get_color()) == '#0072b2'
    assert to_hex(hopper.lines[2].get_color()) == to_hex(ircr_alone.axes[0].lines[0].get_color()) == '#009e73'


def test_the_legend_names_algorithms_and_seeds(runs):
    legend, = draw_curves(runs).legends
    assert [text.get_text() for text in legend.get_texts()] == [
        'RRD + SAC (1 to 2 seeds)', 'IRCR + SAC (1 seed)']
    assert legend.get_title().get_text() == 'band: one standard deviation'
    legend, = draw_curves([run for run in runs if run.env == 'Hopper-v2' and run.kind == 'rrd']).legends
    assert [text.get_text() for text in legend.get_texts()] == ['RRD + SAC']
    assert legend.get_title().get_text() == '2 seeds; band: one standard deviation'


TASKS = ('Ant', 'HalfCheetah', 'Walker2d', 'Humanoid', 'Reacher', 'Swimmer', 'Hopper', 'HumanoidStandup')


@pytest.mark.parametrize('count, rows, columns', [(2, 1, 2), (4, 1, 4), (5, 2, 3), (6, 2, 3), (8, 2, 4)])
def test_panels_stand_in_even_rows_of_four_at_most(count, rows, columns, tmp_path):
    for task in TASKS[:count]:
        make_run(tmp_path / task, f'--env={task}-v2', returns=[1, 2])
    figure = draw_curves(read_runs([tmp_path]))
    assert [axes.get_title() for axes in figure.axes[:count]] == [f'{task}-v2' for task in TASKS[:count]]
    assert figure.axes[0].get_gridspec().get_geometry() == (rows, columns)


def test_no_text_overlaps_another_or_the_page_border(runs):
    assert misplaced(draw_curves(runs)) == []


@pytest.mark.parametrize('count, top', [(1, 3e-4), (5, -12.0), (8, 300_000.0)])
def test_neither_do_texts_of_many_panels_and_of_great_and_small_returns(count, top, tmp_path):
    for task in TASKS[:count]:
        make_run(tmp_path / task, f'--env={task}-v2', returns=[0, top], step=500_000)
    assert misplaced(draw_curves(read_runs([tmp_path]))) == []


def test_a_label_wider_than_the_figure_is_wrapped(tmp_path):
    for seed, flags in enumerate((['--gamma=0.9', '--batch_size=512', '--polyak=0.99', '--pi_lr=0.001'],
                                  ['--r_lr=0.0001', '--pi_lr=0.0001', '--rrd_sample_size=32'], [])):
        make_run(tmp_path / f'{seed}', '--env=Ant-v2', *flags, returns=[1, 2])
    figure = draw_curves(read_runs([tmp_path]))
    assert misplaced(figure) == []
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert all('\n' in text for text in texts) and ', gamma = 0.9, ' in texts[2].replace('\n', ' ')


def test_dollar_signs_are_no_formula(tmp_path):
    path = make_run(tmp_path / 'a', returns=[1]) / 'args.json'
    path.write_text(path.read_text().replace('"Ant-v2"', r'"$\\frac{$"'))
    assert draw_curves(read_runs([tmp_path])).axes[0].get_title() == r'$\frac{$'
    plot.main(['curves', str(tmp_path), f'--out={tmp_path / "x.svg"}'])
