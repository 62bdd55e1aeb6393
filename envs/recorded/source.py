"""`EpisodeSource`, the interface of recorded episodes: all that a format has to provide."""
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from utils.recording import Recording


class StoredFrames(NamedTuple):
    """All frames of a file by one camera, not yet decoded.

    Attributes:
        path: of the file.
        camera: key of the camera in an observation, such as `agentview`.
        count: N, number of frames of all usable episodes of the file, in their order.
        size: (height, width) as stored, pixels.
        facts: JSON values that decoded frames depend on beside the file itself, such as their orientation.
        read: function that yields them in turn, [n, height, width, 3] uint8, upright and not mirrored.
    """

    path: Path
    camera: str
    count: int
    size: tuple[int, int]
    facts: list
    read: Callable[[], Iterator[np.ndarray]]


class RecordedFile(NamedTuple):
    """The usable episodes of one file, or of what a format counts as one.

    Attributes:
        path: of the file.
        flag: name of the flag that led to it; a failure is expected of `libero_failures`.
        episodes: in the file's order, `Recording`s without frames and context; their `rows` count the frames
            of `cameras`.
        cameras: {key: `StoredFrames`} of the cameras that were asked for.
        fingerprint: JSON values that differ where the episodes do, wherever the file lies.
        conventions: how the file stores its episodes, in a few words for a reader.
        skipped: {name of an episode: why it was left out}.
    """

    path: Path
    flag: str
    episodes: list[Recording]
    cameras: dict[str, StoredFrames]
    fingerprint: dict
    conventions: str
    skipped: dict[str, str]


class EpisodeSource(Protocol):
    """Recorded episodes as some flags name them, in one canonical form whatever the format.

    Frames are upright, not mirrored, uint8; an observation comes before its action; the return is whole, even
    where a step is left out that lacks an observation on one side.

    A format is a folder of `envs.recorded` with a module `reader`. It has `recognizes(path)`, a function of a
    `Path` or None to bool, and `open_source(args)` to an `EpisodeSource`, which raises `UserError`.

    Attributes:
        tasks: names of all tasks that a model may learn of, in their order, those without episodes included.
        files: successes first.
        notices: lines that a user should see.
        facts: {'id', 'kwargs'}, what the record of a run keeps of the data.
    """

    tasks: tuple[str, ...]
    files: list[RecordedFile]
    notices: list[str]
    facts: dict
