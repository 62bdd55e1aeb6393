"""What a format reads before any convention is applied: episodes as they are stored."""
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from envs.recorded.source import Damaged


class Column(NamedTuple):
    """One array of a step, as stored.

    Attributes:
        kind: 'camera' or 'vector'.
        shape: (height, width, 3) of a frame, (D,) of a vector.
        encoding: how frames are stored, such as 'raw', 'jpeg', 'png', 'av1'; '' of a vector. Failures that
            are encoded in another way than successes would reveal the outcome.
    """

    kind: str
    shape: tuple[int, ...]
    encoding: str = ''


class RawEpisode(NamedTuple):
    """T stored steps of one episode, without frames.

    Attributes:
        name: unique in its file, such as 'demo_3' or 'episode 12'.
        task: as the data name it, a sentence or an identifier; '' if they do not.
        origin: path of the file that the episode was converted from, where the data say so; otherwise ''.
        actions: [T, A] float32.
        vectors: {column: [T, D] float32}, those that were asked for.
        rewards: [T] float32, or None where the data have none.
        success: whether the data mark it as a success or a failure, or None where they do not.
        final_vectors: {column: [D] float32} of the observation after the last step; None if not stored.
    """

    name: str
    task: str
    origin: str
    actions: np.ndarray
    vectors: dict[str, np.ndarray]
    rewards: np.ndarray | None
    success: bool | None
    final_vectors: dict[str, np.ndarray] | None = None


class RawFile(NamedTuple):
    """The episodes of one file, or of what a format counts as one, as they are stored.

    Attributes:
        path: of the file or folder.
        format: name and version for a reader, such as 'LeRobot v2.1'.
        episodes: in the file's order; those with an error are in `skipped`, if that was allowed.
        columns: {name: `Column`} of every camera and vector of an observation.
        action: name of the column of actions.
        read: function of (name of a camera, positions in `episodes`) that yields the stored frames of these
            episodes in turn, [n, height, width, 3] uint8, n small. An episode with `final_vectors` has T + 1.
            `Damaged` follows those of an episode that can be read, if some cannot.
        facts: JSON values that stored frames depend on beside `path`: files with their sizes and times.
        skipped: {name of an episode: why it was left out}.
    """

    path: Path
    format: str
    episodes: list[RawEpisode]
    columns: dict[str, Column]
    action: str
    read: Callable[[str, list[int]], Iterator[np.ndarray | Damaged]]
    facts: list[Any]
    skipped: dict[str, str]
