"""The objects of a run, and the columns that every run of a kind logs."""
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

COUNTS = ('epoch', 'cycle', 'episodes', 'timesteps', 'updates')
OFFLINE_COUNTS = ('epoch', 'cycle', 'updates', 'passes')
TIMES = ('time/total_s', 'time/train_s', 'time/test_s')
RETURNS = ('test/return_mean', 'test/return_std', 'test/return_min', 'test/return_max', 'test/length_mean',
           'train/return_mean', 'train/length_mean')


class Experiment(NamedTuple):
    """The objects of a run.

    Attributes:
        learner: has `learn(cycle)` and `counts()`, and `steps`, where the run is on the axis of its curves.
        tester: has `cycle_summary(steps)`, `improved`, `exhausted` and `conclude(directory)`.
        log: the `Logger`.
        console: the `Console`.
        checkpoint: the `Checkpoint`.
        best: the `Checkpoint` of the cycle that was judged best, or None where none is kept.
        directory: where everything is written.
        closing: ends the progress bar and closes files and environments, as a context manager.
    """

    learner: Any
    tester: Any
    log: Any
    console: Any
    checkpoint: Any
    best: Any
    directory: Path
    closing: ExitStack
