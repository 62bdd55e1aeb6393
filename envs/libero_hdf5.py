"""One file of recorded episodes in LIBERO's HDF5 layout; nothing in it is run."""
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from envs.libero_alignment import alignment_of
from envs.libero_checks import BadDataError, frames, member
from envs.libero_demo import CAMERAS, Demo, read_demo
from utils.errors import UserError

CHUNK = 64              # frames read at a time
_ORIENTATIONS = {'opengl': 'opengl', 'opencv': 'upright'}                 # robosuite's names


class DemoFile(NamedTuple):
    """All usable episodes of a file.

    Attributes:
        path: of the file.
        instruction: the sentence of the task, as the file has it; '' if it has none.
        alignment: 'after' or 'before': when the observation of a step was taken, against its action.
        orientation: how frames are stored: 'opengl' (first row at the bottom), 'upright', or 'rotated' (by
            180 degrees).
        cameras: {name in the file: (height, width)}.
        demos: in the order of their numbers.
        skipped: {name of an episode: why it was left out}.
    """

    path: Path
    instruction: str
    alignment: str
    orientation: str
    cameras: dict[str, tuple[int, int]]
    demos: list[Demo]
    skipped: dict[str, str]


def read_file(path, keys, alignment='auto', orientation='auto', noops='keep', skip_bad=False) -> DemoFile:
    """Reads everything of a file but its frames.

    Of every episode the one step without s (the first of a file recorded after the actions) or without s'
    (the last of one recorded before them) is left out.

    Args:
        path: of the file.
        keys: what is needed of an observation: 'agentview', 'wrist', 'proprio', 'feature:KEY'.
        alignment: 'after', 'before', or 'auto' to find out.
        orientation: 'opengl', 'upright', 'rotated', or 'auto': what the file says, and LIBERO's own,
            'opengl', where it says nothing.
        noops: 'drop' leaves steps out that OpenVLA leaves out: neither arm nor gripper is told to move.
        skip_bad: notes episodes that cannot be used, instead of refusing the file.

    Raises:
        UserError: the file, or an episode, cannot be used.
    """
    path = Path(path)
    try:
        with h5py.File(path, 'r') as file:
            data = member(file, 'data', '', h5py.Group)
            demos = [(name, member(data, name, 'data', h5py.Group)) for name in _names(data)]
            if alignment == 'auto':
                alignment = alignment_of(path, demos)
            episodes, skipped, shapes = _episodes(demos, keys, alignment, noops, skip_bad)
            return DemoFile(path, _instruction(data), alignment, _orientation(data, orientation), shapes,
                            episodes, skipped)
    except BadDataError as error:
        raise UserError(f'{path}: {error}') from error
    except (OSError, RuntimeError, KeyError) as error:      # what h5py says of a damaged file
        raise UserError(f'{path} cannot be read as HDF5: {error}'.replace('\n', ' ')) from error


def read_frames(file: DemoFile, camera: str) -> Iterator[np.ndarray]:
    """The frames of all episodes of a file in turn, [n, height, width, 3] uint8, upright, n at most `CHUNK`.

    Raises:
        UserError: they cannot be read.
    """
    try:
        with h5py.File(file.path, 'r') as opened:
            for demo in file.demos:
                dataset = opened[f'data/{demo.name}/obs/{CAMERAS[camera]}']
                for first in range(0, demo.num_stored, CHUNK):
                    yield _upright(dataset[first:first + CHUNK], file.orientation)
    except (OSError, RuntimeError, KeyError) as error:
        raise UserError(f'{file.path}: obs/{CAMERAS[camera]} cannot be read: {error}'.replace('\n', ' ')
                        ) from error


def _upright(stored, orientation):
    if orientation == 'upright':
        return stored
    return stored[:, ::-1, ::-1] if orientation == 'rotated' else stored[:, ::-1]


def _names(data):
    """Names of the episodes, in the order of their numbers."""
    names = list(data.keys())
    others = [name for name in names if not re.fullmatch(r'demo_\d+', name)]
    if others or not names:
        raise BadDataError(f'data: expected episodes named demo_<number>, got {(others or ["nothing"])[0]}')
    return sorted(names, key=lambda name: int(name.removeprefix('demo_')))


def _episodes(demos, keys, alignment, noops, skip_bad):
    """([`Demo`], {name: why it is left out}, {camera: (height, width)})."""
    episodes, skipped, shapes, row = [], {}, {}, 0
    for name, group in demos:
        try:
            own = _shapes(group, keys, f'data/{name}')
            episode = read_demo(name, group, keys, alignment, noops, row)
            _check_sizes(own, shapes, name)
        except (BadDataError, OSError) as error:
            if not skip_bad:
                raise
            skipped[name] = str(error)
            continue
        shapes |= own
        episodes.append(episode)
        row += episode.num_stored
    if not episodes and not skip_bad:
        raise BadDataError('data: expected at least one episode')
    return episodes, skipped, shapes


def _shapes(group, keys, told):
    """{camera: (height, width)} of the frames that a demo has; those asked for must be there."""
    obs = member(group, 'obs', told, h5py.Group)
    asked = {CAMERAS[key] for key in keys if key in CAMERAS}
    return {name: frames(group, f'obs/{name}', told, None).shape[1:3] for name in CAMERAS.values()
            if name in asked or name in obs.keys()}


def _check_sizes(own, shapes, name):
    for camera, shape in own.items():
        expected = shapes.get(camera, shape)
        if shape != expected:
            raise BadDataError(f'data/{name}/obs/{camera}: expected frames of {expected[0]} x {expected[1]} '
                               f'pixels, as in the episodes before, got {shape[0]} x {shape[1]}')


def _instruction(data):
    try:
        sentence = json.loads(data.attrs['problem_info'])['language_instruction']
    except (KeyError, ValueError, TypeError):
        return ''       # the file's name tells the task
    return ' '.join(''.join(sentence).replace('"', '').split()) if isinstance(sentence, str | list) else ''


def _orientation(data, asked):
    if asked != 'auto':
        return asked
    told = data.attrs.get('macros_image_convention', 'opengl')
    told = told.decode() if isinstance(told, bytes) else str(told)
    if told not in _ORIENTATIONS:
        raise BadDataError(f'data: macros_image_convention is {told!r}; expected opengl or opencv, or '
                           '--libero_orientation')
    return _ORIENTATIONS[told]
