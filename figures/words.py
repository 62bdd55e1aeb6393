"""Columns of progress.csv in words, for the axes of figures."""
import textwrap

WORDS = {
    'test/return_mean': 'test return',
    'test/return_std': 'deviation of test returns',
    'test/return_min': 'lowest test return',
    'test/return_max': 'highest test return',
    'test/length_mean': 'length of test episodes',
    'train/return_mean': 'training return',
    'train/length_mean': 'length of training episodes',
    'reward/loss': 'loss of the reward model',
    'reward/variance': 'variance of the draw',
    'reward/true_correlation': 'correlation with the true reward',
    'reward/true_spearman': 'rank correlation with the true reward',
    'test/loss': 'loss on held-out episodes',
    'test/return_rmse': 'RMSE of the predicted return',
    'test/return_correlation': 'correlation with the recorded return',
    'test/success_auc': 'AUC, success against failure',
    'test/swap_auc': 'AUC, success against another task',
    'test/prefix_auc': 'AUC, success against its start',
    'test/value_order_success': 'order in time along successes',
    'test/value_order_failure': 'order in time along failures',
    'test/progress_correlation': 'rank correlation with progress along successes',
    'test/progress_correlation_failure': 'rank correlation with progress along failures',
}
_LETTERS = 26       # of a line beside a panel


def axis_name(column, more=''):
    """A column and further text on an axis, in lines; a column without words keeps its name."""
    return textwrap.fill(WORDS.get(column, column) + more, _LETTERS)
