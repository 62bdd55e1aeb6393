"""Predictions of parts -> labels of episodes."""
import numpy as np

from labels.parts import read_part
from utils.labels.episode import HELD_OUT, NEW, TRAIN, UNKNOWN, episode_labels
from utils.labels.signatures import Seen

_LEAST_NEW = (TRAIN, UNKNOWN, HELD_OUT, NEW)


def collect(folder, parts, split_of, has_returns=True):
    """([`EpisodeLabels`] of all parts, [text] about episodes whose frames were lost).

    Args:
        folder: of the predictions.
        parts: [[`Item`]].
        split_of: function of a `Recording` to its split.
        has_returns: whether returns in the data are those of the episodes.

    Raises:
        UserError: predictions cannot be read.
    """
    labels, lost = [], []
    for number, part in enumerate(parts):
        for item, rewards in zip(part, read_part(folder, number, part), strict=True):
            recording, is_lost = item.recording, np.isnan(rewards).any()
            own = episode_labels(recording, np.nan_to_num(rewards), split_of(recording),
                                 recording.total_reward if has_returns and item.file.has_returns else None)
            if is_lost:
                own = own._replace(valid=np.zeros_like(own.valid))
                lost.append(f'warning: {item.file.path} {recording.name}: frames cannot be read; all of its '
                            'rewards are 0 and invalid')
            labels.append(own)
    return labels, lost


def splitter(found):
    """(function of a `Recording` to its split, [warning] for each run that did not record its episodes).

    An episode that one of several runs has learned from is of the training set.

    Args:
        found: [`Found`], the checkpoint of each run.
    """
    seen, warnings = [], []
    for each in found:
        splits = each.state['parts']['tester'].get('seen')
        if splits is None:
            warnings.append(f'warning: {each.path} is of a version that did not record its episodes: the '
                            f'split of each is {UNKNOWN}')
        else:
            seen.append(Seen(splits['train'], splits['held_out']))
    unknown = [UNKNOWN] if warnings else []
    return (lambda recording: min(unknown + [each.split_of(recording) for each in seen],
                                  key=_LEAST_NEW.index)), warnings
