"""Learning curves: which panels and lines, and their numbers."""
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex

from figures.curves import draw_curves, in_order
from figures.runs import read_runs
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


def test_a_line_is_the_mean_over_seeds_in_millions_of_steps_while_all_of_them_go_on(runs):
    rrd, rest, ircr = panel(draw_curves(runs), 'Hopper-v2').lines
    np.testing.assert_allclose(points(rrd), [[0.01, 2], [0.02, 3]])
    np.testing.assert_allclose(points(rest), [[0.02, 3], [0.03, 3], [0.04, 6]])
    assert (rrd.get_linestyle(), rest.get_linestyle()) == ('-', ':')
    np.testing.assert_allclose(points(ircr), [[0.01, 0], [0.02, 0], [0.03, 0], [0.04, 1]])


@pytest.mark.parametrize('kind, low, high', [
    ('std', [2 - 2 ** 0.5, 3 - 2 ** 0.5, 3, 6], [2 + 2 ** 0.5, 3 + 2 ** 0.5, 3, 6]),
    ('minmax', [1, 2, 3, 6], [3, 4, 3, 6]), ('ci', [1, 2, 3, 6], [3, 4, 3, 6])])
def test_the_band_has_the_edges_of_its_kind(runs, kind, low, high):
    """Two seeds: a quarter of all draws is twice the lower, so that 95 % reach from one to the other."""
    corners = panel(draw_curves(runs, kind=kind), 'Hopper-v2').collections[0].get_paths()[0].vertices
    for i, x in enumerate([0.01, 0.02, 0.03, 0.04]):
        at = corners[np.isclose(corners[:, 0], x), 1]
        np.testing.assert_allclose([at.min(), at.max()], [low[i], high[i]])


def test_smoothing_is_named_on_the_axis(runs):
    figure = draw_curves(runs, smooth=2)
    assert panel(figure, 'Ant-v2').get_ylabel() == 'test return, mean of 2 tests'
    np.testing.assert_allclose(points(panel(figure, 'Ant-v2').lines[0]), [[0.01, 7], [0.02, 7.5]])


def test_axes_have_units(runs):
    axes = panel(draw_curves(runs), 'Ant-v2')
    assert (axes.get_xlabel(), axes.get_ylabel()) == ('environment steps (millions)', 'test return')


def test_updates_of_recorded_runs_are_in_thousands(tmp_path):
    make_run(tmp_path / 'a', '--env=libero_goal', returns=[0, 0], step=60, test__loss=[3, 1])
    table = tmp_path / 'a' / 'progress.csv'
    table.write_text(table.read_text().replace('timesteps', 'updates'))
    axes = draw_curves(read_runs([tmp_path], 'test/loss'), 'test/loss').axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ('updates (thousands)', 'test/loss')
    np.testing.assert_allclose(points(axes.lines[0]), [[0.06, 3], [0.12, 1]])


def test_an_algorithm_has_one_colour_in_every_panel_and_figure(runs):
    both, ircr_alone = draw_curves(runs), draw_curves([run for run in runs if run.label == 'IRCR + SAC'])
    ant, hopper = panel(both, 'Ant-v2'), panel(both, 'Hopper-v2')
    assert to_hex(ant.lines[0].get_color()) == to_hex(hopper.lines[0].get_color()) == '#0072b2'
    assert to_hex(hopper.lines[2].get_color()) == to_hex(ircr_alone.axes[0].lines[0].get_color()) == '#009e73'


def test_the_legend_tells_algorithms_and_seeds(runs):
    legend, = draw_curves(runs).legends
    assert [text.get_text() for text in legend.get_texts()] == [
        'RRD + SAC (1 to 2 seeds)', 'IRCR + SAC (1 seed)']
    assert legend.get_title().get_text() == 'band: one standard deviation'
    legend, = draw_curves([run for run in runs if run.env == 'Hopper-v2' and run.kind == 'rrd']).legends
    assert [text.get_text() for text in legend.get_texts()] == ['RRD + SAC']
    assert legend.get_title().get_text() == '2 seeds; band: one standard deviation'


def test_eight_environments_stand_in_two_rows_of_four(tmp_path):
    tasks = ('Ant', 'HalfCheetah', 'Walker2d', 'Humanoid', 'Reacher', 'Swimmer', 'Hopper', 'HumanoidStandup')
    for task in tasks:
        make_run(tmp_path / task, f'--env={task}-v2', returns=[1, 2])
    figure = draw_curves(read_runs([tmp_path]))
    assert [axes.get_title() for axes in figure.axes] == [f'{task}-v2' for task in tasks]
    assert figure.axes[0].get_gridspec().get_geometry() == (2, 4)


def test_no_text_lies_on_another_or_off_the_page(runs):
    figure = draw_curves(runs)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    texts = [text for axes in figure.axes for text in (
        axes.title, axes.xaxis.label, axes.yaxis.label,
        *(tick.label1 for axis in (axes.xaxis, axes.yaxis) for tick in axis._update_ticks()))]      # as drawn
    boxes = [text.get_window_extent(renderer) for text in texts if text.get_text()]
    boxes.append(figure.legends[0].get_window_extent(renderer))
    overlaps = [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b)]
    assert overlaps == []
    outside = [box for box in boxes if not (box.min >= figure.bbox.min).all() or not (
        box.max <= figure.bbox.max).all()]
    assert outside == []
