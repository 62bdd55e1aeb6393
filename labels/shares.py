"""What processes that predict parts need, and how their progress is seen."""
from typing import NamedTuple

from labels.parts import missing_parts


class Job(NamedTuple):
    """What another process needs to predict parts of a data set.

    Attributes:
        directory: of the run, an absolute path.
        checkpoint: name of the checkpoint.
        flags: {name: value} by which the data set is read, with the threads of one process.
        folder: of the predictions, an absolute path.
        cwd: directory that relative paths among the flags start from.
        part_steps: least steps of a part.
        others: ((directory, checkpoint), ...) of runs whose rewards are averaged with those of the first.
    """

    directory: str
    checkpoint: str
    flags: dict
    folder: str
    cwd: str
    part_steps: int
    others: tuple = ()


class Watch:
    """Advances a progress bar by the parts that other processes have predicted.

    Args:
        folder: of the predictions.
        parts: [[`Item`]].
        bar: has `update(steps)`.
    """

    def __init__(self, folder, parts, bar):
        self._folder, self._parts, self._bar = folder, parts, bar
        self._missing = set(missing_parts(folder, parts))

    def __call__(self):
        """Looks at the folder."""
        now = set(missing_parts(self._folder, self._parts))
        for number in self._missing - now:
            self._bar.update(sum(item.recording.length for item in self._parts[number]))
        self._missing = now
