"""What a conversion writes, whatever the data and the format are."""
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np


class Rows(Protocol):
    """One episode to write: S rows of an observation, the action after it, and that action's reward.

    Attributes:
        sentence: the task in words.
        origin: where it comes from.
        actions: [S, A] float32.
        rewards: [S] float32; their sum is the return.
        vectors: {key: [S, D] float32}.
        cameras: keys of the cameras.
        success: whether it is a success; None if that is unknown.
    """

    sentence: str
    origin: str
    actions: np.ndarray
    rewards: np.ndarray
    vectors: dict[str, np.ndarray]
    cameras: tuple[str, ...]
    success: bool | None

    def pictures(self, camera) -> Iterator[np.ndarray]:
        """Yields the S frames of a camera, [n, height, width, 3] uint8, as they are written."""


class Content(NamedTuple):
    """What a data set holds.

    Attributes:
        episodes: [`Rows`].
        sizes: {camera: (height, width)}.
        facts: JSON value that differs where other episodes would be written.
        notices: lines to report to the user.
    """

    episodes: list[Rows]
    sizes: dict[str, tuple[int, int]]
    facts: Any
    notices: list[str]


class Job(NamedTuple):
    """One data set to write; every writer takes it, and raises a `UserError` if it cannot be written.

    Attributes:
        target: path of the new folder.
        content: the `Content`.
        flags: of `convert.py`.
        report: function without arguments, called once for each episode that is written.
    """

    target: Path
    content: Content
    flags: Any
    report: Callable[[], None]
