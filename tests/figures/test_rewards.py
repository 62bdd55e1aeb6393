"""The figure of learned and true rewards."""
import numpy as np
import pytest

from figures.rewards import chosen, describe, draw_rewards
from tests.figures.drawn import misplaced

CORRELATION = {'reward/true_correlation': 0.123, 'reward/true_spearman': -0.456}
EPISODES = [(np.full(30, 1.0), np.full(30, 2.0)), (np.arange(30.0), np.arange(30.0)[::-1])]


@pytest.fixture
def figure():
    return draw_rewards(EPISODES, [{}, CORRELATION], 'RRD on Hopper')


def panel(figure, label):
    found, = [axes for axes in figure.axes if axes.get_xlabel() == label]
    return found


def test_episodes_of_the_lowest_a_middle_and_the_highest_return_are_shown():
    assert chosen([5, 1, 9, 3, 7]) == [1, 0, 2]
    assert (chosen([2, 1]), chosen([4])) == ([1, 0], [0])


def test_titles_show_correlations_and_returns_of_each_episode(figure):
    assert [axes.get_title(loc='left') for axes in figure.axes[:2]] == [
        'episode 1: Pearson -, Spearman -; return 60.00, predicted 30.00',
        'episode 2: Pearson 0.12, Spearman -0.46; return 435, predicted 435']


def test_lines_are_true_and_predicted_rewards_and_their_running_means(figure):
    true, true_mean, predicted, predicted_mean = (line.get_ydata() for line in figure.axes[1].lines)
    np.testing.assert_array_equal(true, np.arange(30)[::-1])
    np.testing.assert_array_equal(predicted, np.arange(30))
    np.testing.assert_allclose(predicted_mean[15], np.arange(5, 25).mean())       # 20 steps around step 15
    np.testing.assert_allclose(true_mean[15], 29 - np.arange(5, 25).mean())


def test_every_return_is_shown_against_the_sum_of_its_predictions(figure):
    axes = panel(figure, 'true return')
    np.testing.assert_array_equal(axes.lines[0].get_data(), [[60, 435], [30, 435]])
    assert axes.get_title() == f'2 episodes, RMSE {np.sqrt((30 ** 2 + 0) / 2):.2f}'


def test_returns_and_sums_of_predictions_have_the_same_axes(figure):
    axes = panel(figure, 'true return')
    assert axes.get_xlim() == axes.get_ylim() and axes.get_aspect() == 1


def test_every_step_is_counted(figure):
    axes = panel(figure, 'true reward')
    assert axes.get_title() == '60 steps'
    assert axes.collections[0].get_array().sum() == 60


def test_a_single_step_of_a_kind_is_not_too_pale_to_see(figure):
    dots = panel(figure, 'true reward').collections[0]
    red, *_ = dots.cmap(dots.norm(1))
    assert red < 0.9


def test_every_episode_is_described():
    assert describe(EPISODES, [{}, CORRELATION])[1] == (
        'episode 2: Pearson 0.12, Spearman -0.46; return 435, predicted 435')



@pytest.mark.parametrize('scale', [1e-3, 1.0, 300.0])
def test_no_text_overlaps_another_or_the_page_border(scale):
    rng = np.random.default_rng(0)
    episodes = [(scale * rng.random(1000), scale * rng.random(1000) + i * scale) for i in range(5)]
    title = 'RRD-L(RD) + SAC, dense rewards, HumanoidStandup-v2, seed 0, ckpt-000120-000057-000003'
    assert misplaced(draw_rewards(episodes, [CORRELATION] * 5, title)) == []


def test_a_single_episode_of_equal_rewards_can_be_drawn():
    figure = draw_rewards(EPISODES[:1], [{}], 'x')
    assert panel(figure, 'true return').get_title() == '1 episode, RMSE 30.00'
