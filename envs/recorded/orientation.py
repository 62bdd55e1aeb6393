"""How frames are turned, and whether their content agrees."""
import numpy as np

OPENGL, UPRIGHT, ROTATED, MIRRORED = 'opengl', 'upright', 'rotated', 'mirrored'     # --libero_orientation
LEAST = 3                       # episodes that must agree before anything is reported
_NEEDED, _MOVED = 0.2, 10       # least correlation that counts; least change of a pixel, of 255
_CHANCE = 2.5                   # standard deviations by chance, below which a correlation does not count
_FLIPS = {UPRIGHT: (False, False), OPENGL: (True, False), MIRRORED: (False, True), ROTATED: (True, True)}
# in a canonical frame of LIBERO's fixed camera, columns grow with y, and rows with falling z
_SIGNS = {(1, -1): UPRIGHT, (1, 1): OPENGL, (-1, -1): MIRRORED, (-1, 1): ROTATED}


def upright(stored, orientation):
    """[N, H, W, 3] upright and not mirrored, of frames that are stored in an orientation.

    `OPENGL` frames that were turned by 180 degrees are `MIRRORED`: those of LIBERO in RLDS and LeRobot.
    """
    if orientation in (ROTATED, OPENGL):
        stored = stored[:, ::-1]
    return stored[:, :, ::-1] if orientation in (ROTATED, MIRRORED) else stored


def composed(assumed, found):
    """How frames are stored that, after they were turned upright as if stored `assumed`, look `found`."""
    flips = tuple(one != other for one, other in zip(_FLIPS[assumed], _FLIPS[found], strict=True))
    return next(name for name, own in _FLIPS.items() if own == flips)


def seen(frames, positions):
    """The orientation of an episode in `_SIGNS`, from what moves in it; None if it is not clear.

    Args:
        frames: [T, H, W, 3] uint8 of the fixed camera.
        positions: [T, 3] of the end effector.
    """
    change = np.abs(np.diff(frames.astype(np.int16), axis=0)).mean(axis=-1)         # [T - 1, H, W]
    weights = np.where(change > _MOVED, change, 0)
    total = weights.sum(axis=(1, 2))
    moving = total > 0
    if moving.sum() < 8:
        return None
    weights, total = weights[moving], total[moving]
    columns = (weights.sum(axis=1) @ np.arange(frames.shape[2])) / total
    rows = (weights.sum(axis=2) @ np.arange(frames.shape[1])) / total
    middle = ((positions[1:] + positions[:-1]) / 2)[moving]
    signs = tuple(_sign(*pair) for pair in ((columns, middle[:, 1]), (rows, middle[:, 2])))
    return _SIGNS.get(signs)


def majority(found):
    """(the most frequent orientation, its count) of a list with None; (None, 0) if too few agree."""
    clear = [each for each in found if each is not None]
    best = max(set(clear), key=clear.count, default=None)
    if clear.count(best) < LEAST or 2 * clear.count(best) <= len(clear):
        return None, 0
    return best, clear.count(best)


def _sign(values, reference):
    if np.ptp(values) == 0 or np.ptp(reference) == 0:
        return 0
    correlation = np.corrcoef(values, reference)[0, 1]
    needed = max(_NEEDED, _CHANCE / len(values) ** 0.5)
    return 0 if abs(correlation) < needed else int(np.sign(correlation))
