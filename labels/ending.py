"""The last lines of `label.py`: what was labelled, in what time, and the command that uses it."""
import shlex
from collections import Counter

from labels.copies.returns import spread_line
from utils.labels.episode import TRAIN


def last_lines(target, labels, seconds):
    """[text] for the end of a command.

    Args:
        target: the `Target` that was written.
        labels: [`EpisodeLabels`].
        seconds: that the command took.
    """
    splits = Counter(each.split for each in labels)
    counts = ', '.join(f'{count} {split}' for split, count in splits.items())
    note = '; the rewards of training episodes are in-sample' if splits[TRAIN] else ''
    return [f'{counted(len(labels), "episode")} ({counts}), '
            f'{counted(sum(len(each.rewards) for each in labels), "stored step")}{note}', spread_line(labels),
            f'written: {target.path} ({duration(seconds)})', f'next:    {_next(target)}']


def counted(number, noun):
    """Text of a number of things, such as '1 episode'."""
    return f'{number} {noun}{"" if number == 1 else "s"}'


def duration(seconds):
    """Text of a time, such as '2 h 5 min', '3 min 20 s' or '4 s'."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f'{hours} h {minutes} min'
    return f'{minutes} min {rest} s' if minutes else f'{rest} s'


def _next(target):
    """The command that uses a target."""
    path, trainer = shlex.quote(str(target.path)), target.flags['for']
    if trainer == 'lerobot-rabc':
        return (f'lerobot-train --dataset.root={shlex.quote(str(target.path.parent))} '
                '--sample_weighting.type=rabc --sample_weighting.kappa=KAPPA ...')
    if trainer == 'rlinf-returns':
        return f'the tag {target.flags["tag"]} in the configuration of RLinf'
    if trainer == 'robomimic':
        return f'python -m robomimic.scripts.train --config FILE.json --dataset {path}/FILE.hdf5'
    if trainer == 'openvla-filter':
        return f'--data_root_dir {path} of the training script of OpenVLA'
    if trainer == 'lerobot-reward':
        return f'lerobot-train --dataset.root={path} ...'
    if 'chunk' in target.flags:
        return f'docs/labels.md, "From PyTorch": a Dataset of the rows of {path}'
    return f'python -m envs.recorded {path}'
