"""What predicted returns are, as lines for the user."""
import numpy as np


def spread(labels):
    """Text of the range of the predicted returns of [`EpisodeLabels`]."""
    returns = [each.predicted_return for each in labels]
    return f'from {min(returns):.3g} to {max(returns):.3g}'


def spread_line(labels):
    """Line of the range and the median of the predicted returns of [`EpisodeLabels`]."""
    median = np.median([each.predicted_return for each in labels])
    return f'predicted returns: {spread(labels)}, median {median:.3g}'


def mask_warnings(labels, options):
    """[warning] if the list of episodes above a predicted return is empty in a file.

    Args:
        labels: [`EpisodeLabels`] of the files.
        options: the `CopyOptions`.
    """
    if not options.mask:
        return []
    files = {}
    for each in labels:
        files.setdefault(each.path, []).append(each)
    empty = {path: own for path, own in files.items()
             if not any(each.predicted_return > options.above for each in own)}
    if not empty:
        return []
    where = f'in {len(empty)} of {len(files)} files, such as {next(iter(empty))}'
    found = spread([each for own in empty.values() for each in own])
    return [f'warning: mask/{options.mask} is empty {where}: no predicted return there is above '
            f'--above={options.above:g}; they are {found}']
