"""Predictions of parts -> labels of episodes."""
import numpy as np

from labels.parts import read_part
from utils.labels.episode import UNKNOWN, episode_labels
from utils.labels.signatures import Seen


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
    """(function of a `Recording` to its split, [warning] if the run did not record its episodes).

    Args:
        found: the checkpoint of the run, a `Found`.
    """
    seen = found.state['parts']['tester'].get('seen')
    if seen is None:
        return (lambda recording: UNKNOWN), [
            f'warning: {found.path} is of a version that did not record its episodes: the split of each is '
            f'{UNKNOWN}']
    return Seen(seen['train'], seen['held_out']).split_of, []
