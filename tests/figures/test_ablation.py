"""Returns against the values of a flag."""
import json

import numpy as np
import pytest

from figures.ablation import draw_ablation
from figures.runs import read_runs
from tests.figures.drawn import misplaced
from tests.figures.made_runs import make_run
from utils.errors import UserError

K = 'rrd_sample_size'


def made(path, name, *words, returns=(0, 4)):
    return make_run(path / name, '--env=Hopper-v2', *words, returns=[float(x) for x in returns])


@pytest.fixture
def runs(tmp_path):
    """K = 4 with two seeds and K = 64 with one, RRD-L(RD) with K = 4, and IRCR."""
    made(tmp_path, 'a', '--rrd_sample_size=4', returns=(0, 4))
    made(tmp_path, 'b', '--rrd_sample_size=4', '--seed=1', returns=(2, 8))
    made(tmp_path, 'c', '--rrd_sample_size=64', returns=(0, 20))
    made(tmp_path, 'd', '--rrd_sample_size=4', '--rrd_bias_correction=True', returns=(1, 1))
    made(tmp_path, 'e', '--alg=ircr', returns=(3, 5))
    return read_runs([tmp_path], over=K)


def bars(axes):
    """{colour: (x, y, half height or None)} of what has error bars."""
    found = {}
    for bar in axes.containers:
        line, _, (sticks,) = bar
        heights = [abs(np.subtract(*segment[:, 1])) / 2 if len(segment) else None
                   for segment in sticks.get_segments()]
        found[line.get_color()] = (*(list(values) for values in line.get_data()), heights)
    return found


def test_points_are_means_and_bars_deviations_of_final_and_of_mean_values(runs):
    end, mean = draw_ablation(runs, K, share=0.1).axes
    blue, orange = bars(end).values()
    assert blue == ([4, 64], [6, 20], [pytest.approx(8 ** 0.5), None])      # a single seed has no bar
    assert orange == ([4], [1], [None])
    blue, _ = bars(mean).values()
    assert blue == ([4, 64], [(2 + 5) / 2, 10], [pytest.approx(4.5 ** 0.5), None])


def test_runs_without_the_flag_are_a_horizontal_line(runs):
    end, mean = draw_ablation(runs, K, share=0.1).axes
    assert [axes.lines[-1].get_ydata() for axes in (end, mean)] == [[5, 5], [4, 4]]


def test_the_limits_of_k_are_named_on_a_scale_of_powers_of_two(runs):
    axes = draw_ablation(runs, K, share=0.1).axes[0]
    assert axes.get_xscale() == 'log'
    texts = [text.get_text() for text in axes.get_xticklabels()]
    assert list(zip(axes.get_xticks(), texts, strict=True)) == [
        (1, '1'), (4, '4'), (64, '64'), (1000, '1000')]
    assert axes.get_xlabel() == ('K (rrd_sample_size)\nK = 1: uniform redistribution\n'
                                 'K = 1000: exact decomposition')


@pytest.mark.parametrize('shortest, named', [(1000.0, True), (999.5, False)])
def test_exact_decomposition_is_named_only_where_no_training_episode_is_shorter(shortest, named, tmp_path):
    for k in (4, 64):
        make_run(tmp_path / f'{k}', '--env=Hopper-v2', f'--rrd_sample_size={k}', returns=[0, 1],
                 train__length_mean=[1000.0, shortest])
    axes = draw_ablation(read_runs([tmp_path], over=K), K, share=0.1).axes[0]
    assert ('exact decomposition' in axes.get_xlabel()) == named


def test_the_legend_counts_the_seeds_of_each_value(runs):
    legend, = draw_ablation(runs, K, share=0.1).legends
    assert [text.get_text() for text in legend.get_texts()] == [
        'RRD + SAC (1 to 2 seeds)', 'RRD-L(RD) + SAC (1 seed)', 'IRCR + SAC (1 seed)']


def test_environments_are_rows_with_their_measures_named(tmp_path):
    for env in ('Hopper-v2', 'Ant-v2'):
        for lr in (1e-4, 3e-4):
            make_run(tmp_path / f'{env}{lr}', f'--env={env}', f'--r_lr={lr}', returns=[1, 2])
    axes = draw_ablation(read_runs([tmp_path], over='r_lr'), 'r_lr', 0.1).axes
    assert [one.get_title() for one in axes] == ['Ant-v2', 'Ant-v2', 'Hopper-v2', 'Hopper-v2']
    assert tuple(one.get_ylabel() for one in axes[:2]) == ('test return\nat the end',
                                                         'test return\nmean over steps')
    assert axes[2].get_xlabel() == 'r_lr'
    assert [text.get_text() for text in axes[2].get_xticklabels()] == ['0.0001', '0.0003']


def test_values_that_are_not_numbers_stand_side_by_side(tmp_path):
    for basis, value in (('td3', 3), ('ddpg', 1), ('sac', 2)):
        make_run(tmp_path / basis, f'--basis_alg={basis}', '--env=Hopper-v2', returns=[value])
    runs = read_runs([tmp_path], over='basis_alg')
    axes = draw_ablation(runs, 'basis_alg', 0.1).axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()] == ['ddpg', 'sac', 'td3']
    assert [(x, y) for x, y, _ in bars(axes).values()] == [([0, 1, 2], [1, 2, 3])]


def test_every_panel_has_the_same_values_below_it_whatever_its_environment_has(tmp_path):
    for env, basis in (('Ant-v2', 'sac'), ('Ant-v2', 'td3'), ('Hopper-v2', 'td3')):
        make_run(tmp_path / f'{env}{basis}', f'--env={env}', f'--basis_alg={basis}', returns=[1])
    axes = draw_ablation(read_runs([tmp_path], over='basis_alg'), 'basis_alg', 0.1).axes
    assert len({one.get_xlim() for one in axes}) == 1
    low, high = axes[0].get_xlim()
    assert low < 0 and high > 1


@pytest.mark.parametrize('over, values', [
    (K, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000]), (K, [900, 999]), ('r_lr', [1e-5, 1e-4, 3e-4, 1e-3]),
    ('gamma', [0.9, 0.95, 0.98, 0.99, 0.995, 0.999]), ('buffer_size', range(100_000, 1_000_000, 100_000)),
    ('basis_alg', ['sac', 'td3', 'ddpg']), ('reward_from', ['log/' + 'x' * 300, 'log/' + 'y' * 300])])
def test_no_text_overlaps_another_or_the_page_border(over, values, tmp_path):
    for i, value in enumerate(values):
        for env in ('Ant-v2', 'HumanoidStandup-v2'):
            words = [f'--rrd_batch_size={4 * value}'] if over == K else []
            make_run(tmp_path / f'{env}{i}', f'--env={env}', f'--{over}={value}', *words, returns=[1e5])
    figure = draw_ablation(read_runs([tmp_path], over=over), over, 0.1)
    assert misplaced(figure) == []
    texts = [text.get_text() for text in figure.axes[-1].get_xticklabels()]
    assert len(set(texts)) == len({*values} | ({1, 1000} if over == K else set()))


def test_values_too_near_to_each_other_stand_side_by_side(tmp_path):
    for gamma in (0.9, 0.99, 0.999):
        made(tmp_path, f'{gamma}', f'--gamma={gamma}')
    axes = draw_ablation(read_runs([tmp_path], over='gamma'), 'gamma', 0.1).axes[0]
    assert [x for x, _, _ in bars(axes).values()] == [[0, 1, 2]]


@pytest.mark.parametrize('values', [(None, 3), ('x', 3), (True, 2)])
def test_values_of_several_types_stand_side_by_side(values, tmp_path):
    for i, value in enumerate(values):
        path = made(tmp_path, f'{i}', f'--seed={i}') / 'args.json'
        record = json.loads(path.read_text())
        record['flags']['r_lr'] = value
        path.write_text(json.dumps(record))
    axes = draw_ablation(read_runs([tmp_path], over='r_lr'), 'r_lr', 0.1).axes[0]
    assert {text.get_text() for text in axes.get_xticklabels()} == {*map(str, values)}


def test_the_flag_that_is_varied_is_in_no_label_and_no_colour(tmp_path):
    for flag in (False, True):
        made(tmp_path, f'{flag}', f'--rrd_bias_correction={flag}')
    runs = read_runs([tmp_path], over='rrd_bias_correction')
    assert [(run.label, run.kind) for run in runs] == [('RRD + SAC', 'rrd')] * 2
    assert [run.label for run in read_runs([tmp_path])] == ['RRD + SAC', 'RRD-L(RD) + SAC']


@pytest.mark.parametrize('over', ['alg', 'env', 'seed'])
def test_a_flag_that_identifies_runs_is_not_varied(over, tmp_path):
    made(tmp_path, 'a')
    with pytest.raises(UserError, match=f'^--over={over}: expected a flag of an algorithm$'):
        read_runs([tmp_path], over=over)


@pytest.mark.parametrize('over, text', [
    ('q_reg', r'^--over=q_reg: no run has this flag; these differ: alg, batch_size, .*rrd_sample_size$'),
    ('gamma', r'^--over=gamma: every run has gamma=0.99; expected two values or more$')])
def test_a_flag_that_is_not_varied_is_refused(over, text, runs):
    with pytest.raises(UserError, match=text):
        draw_ablation(runs, over, 0.1)
