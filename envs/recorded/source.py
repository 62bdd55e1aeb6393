"""`EpisodeSource`, the interface of recorded episodes that every format implements."""
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from utils.recording import Recording


class Damaged(NamedTuple):
    """Stands for the frames of an episode that cannot be read, after those that could be.

    Attributes:
        episode: its name.
        count: number of frames that are missing.
        reason: why the episode is unusable.
    """

    episode: str
    count: int
    reason: str


class StoredFrames(NamedTuple):
    """All frames of a file by one camera, not yet decoded.

    Attributes:
        path: of the file.
        camera: key of the camera in an observation, such as `agentview`.
        count: N, number of frames of all usable episodes of the file, in their order.
        size: (height, width) as stored, pixels.
        facts: JSON values that decoded frames depend on besides the file itself, such as their orientation.
        read: function that yields them in order, [n, height, width, 3] uint8, upright and not mirrored, each
            a new array; `Damaged` in place of those of an episode that cannot be read.
        encoding: how they are stored, such as 'jpeg'; '' for uncompressed or without loss.
        read_one: as `read`, of the episode at a position in the file's usable episodes; None if unavailable.
    """

    path: Path
    camera: str
    count: int
    size: tuple[int, int]
    facts: list
    read: Callable[[], Iterator[np.ndarray | Damaged]]
    encoding: str = ''
    read_one: Callable[[int], Iterator[np.ndarray | Damaged]] | None = None


class RecordedFile(NamedTuple):
    """The usable episodes of one file, or of the unit that a format treats as a file.

    Attributes:
        path: of the file.
        flag: name of the flag that selected it; files of `libero_failures` must contain failures only.
        episodes: in the file's order, `Recording`s without frames and context; their `rows` index the frames
            of `cameras`.
        cameras: {key: `StoredFrames`} of the requested cameras.
        fingerprint: JSON values that differ where the episodes do, independent of the file's location.
        conventions: how the file stores its episodes, in a few words for a report.
        skipped: {name of an episode: reason for leaving it out}.
        mixed: whether the data name each outcome, so that there may be failures among the successes.
        has_returns: whether returns are of the data; otherwise they follow from the flag that names the file.
        orientation: how frames were assumed to be stored, a value of --libero_orientation; '' if that cannot
            be checked, as of other robots.
    """

    path: Path
    flag: str
    episodes: list[Recording]
    cameras: dict[str, StoredFrames]
    fingerprint: dict
    conventions: str
    skipped: dict[str, str]
    mixed: bool = False
    has_returns: bool = True
    orientation: str = ''


class EpisodeSource(Protocol):
    """Recorded episodes selected by the flags, in one canonical form for all formats.

    Frames are upright, not mirrored, uint8; an observation precedes its action. The return is that of all
    steps, including a step that is left out because its observation before or after is missing.

    A format is a folder of `envs.recorded` with a module `reader`. It has `serves(env)`, whether it reads the
    episodes of a value of --env; `recognizes(path)`, a function of a `Path` or None to bool; and
    `open_source(args)` to an `EpisodeSource`, and `describe(path)` to texts, which raise `UserError`.

    Attributes:
        tasks: names of all tasks of the data, in their order, including those without episodes.
        files: successes first.
        notices: lines to report to the user.
        facts: {'id', 'kwargs'} of the data for the record of a run.
    """

    tasks: tuple[str, ...]
    files: list[RecordedFile]
    notices: list[str]
    facts: dict
