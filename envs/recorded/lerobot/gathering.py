"""Frames of many episodes, one after the other; damage to one episode leaves the others readable."""
import numpy as np

from envs.recorded.lerobot.faults import one_line
from envs.recorded.source import Damaged
from utils.foreign.files import ContentError

CHUNK = 64          # frames yielded at a time


def gathered(parts, read, again, shape, folder):
    """Yields the frames of episodes in turn, [n, height, width, 3] uint8, n up to `CHUNK`.

    A batch may span episodes. For an episode whose frames cannot be read `Damaged` follows those that can be;
    reading resumes at the next episode.

    Args:
        parts: [`PictureRows` or `VideoRows`] of the episodes.
        read: function of some parts; yields each of their frames [height, width, 3] in turn, and None after
            the last one of each part. It may raise `ContentError`.
        again: as `read`, of one part that it failed for: independent of the parts after it. None if `read`
            always is.
        shape: (height, width, 3).
        folder: of the data set; reasons name files below it.
    """
    batch, count = np.empty((CHUNK, *shape), np.uint8), 0
    for item in _resumed(parts, read, again, folder):
        is_frame = not isinstance(item, Damaged)
        if is_frame:
            batch[count] = item
            count += 1
        if count == CHUNK or count and not is_frame:
            yield batch[:count]
            batch, count = np.empty((CHUNK, *shape), np.uint8), 0
        if not is_frame:
            yield item
    if count:
        yield batch[:count]


def _resumed(parts, read, again, folder):
    """Yields every frame, and `Damaged` in place of those that cannot be read."""
    place, yielded, alone = 0, 0, False
    while place < len(parts):
        own, done, fault = parts[place:place + 1] if alone else parts[place:], 0, 'expected more frames'
        end = place + len(own)
        try:
            for frame in (again if alone else read)(own):
                if frame is None:
                    place, yielded, done = place + 1, 0, 0
                    continue
                done += 1
                if done > yielded:      # the first ones were yielded before the fault
                    yielded = done
                    yield frame
        except ContentError as error:
            fault = one_line(error).removeprefix(f'{folder}/')
        if place == end:
            alone = False
        elif again is not None and not alone:
            alone = True
        else:
            yield Damaged(parts[place].name, parts[place].length - yielded, fault)
            place, yielded, alone = place + 1, 0, False
