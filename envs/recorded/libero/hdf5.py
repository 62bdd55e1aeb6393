"""One file of recorded episodes in LIBERO's HDF5 layout; nothing in it is run."""
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from envs.recorded.libero.alignment import alignment_of
from envs.recorded.libero.checks import UNREADABLE, BadDataError, frames, member
from envs.recorded.libero.demo import CAMERAS, Demo, read_demo
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
        cameras: {name in the file: (height, width)}, those that were not asked for included.
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
        orientation: 'opengl', 'upright', 'rotated', or 'auto': what the attribute macros_image_convention
            says, and where it is missing 'opengl', which is robosuite's default and so what LIBERO writes.
        noops: 'drop' leaves steps out that OpenVLA leaves out: neither arm nor gripper is told to move.
        skip_bad: notes episodes that cannot be used, be it all, instead of refusing the file.

    Raises:
        UserError: the file, or an episode, cannot be used.
    """
    path = Path(path)
    try:
        with h5py.File(path, 'r') as file:
            data = member(file, 'data', '', h5py.Group)
            demos, misfits = _groups(data, skip_bad)
            if alignment == 'auto':
                alignment = alignment_of(path, demos)
            episodes, skipped, shapes = _episodes(demos, keys, alignment, noops, skip_bad)
            return DemoFile(path, _instruction(data), alignment, _orientation(data, orientation), shapes,
                            episodes, misfits | skipped)
    except BadDataError as error:
        raise UserError(_one_line(f'{path}: {error}')) from error
    except UNREADABLE as error:
        raise UserError(_one_line(f'{path} cannot be read as HDF5: {error}')) from error


def read_frames(file: DemoFile, camera: str) -> Iterator[np.ndarray]:
    """The frames of all episodes of a file in turn, [n, height, width, 3] uint8, upright, n at most `CHUNK`.

    Raises:
        UserError: they cannot be read.
    """
    told = f'{file.path}'
    try:
        with h5py.File(file.path, 'r') as opened:
            for demo in file.demos:
                name = f'{demo.name}/obs/{CAMERAS[camera]}'
                told = f'{file.path}: data/{name}'
                dataset = frames(member(opened, 'data', '', h5py.Group), name, 'data', demo.num_stored)
                for first in range(0, demo.num_stored, CHUNK):
                    yield _upright(dataset[first:first + CHUNK], file.orientation)
    except BadDataError as error:       # it has changed since it was checked
        raise UserError(_one_line(f'{file.path}: {error}')) from error
    except UNREADABLE as error:
        raise UserError(_one_line(f'{told} cannot be read: {error}')) from error


def _one_line(text):
    return ' '.join(text.split())


def _upright(stored, orientation):
    if orientation == 'upright':
        return stored
    return stored[:, ::-1, ::-1] if orientation == 'rotated' else stored[:, ::-1]


def _groups(data, skip_bad):
    """([(name, open group)] in the order of their numbers, {name: why it is left out})."""
    groups, misfits = [], {}
    for name in data.keys():
        try:
            if not re.fullmatch(r'demo_[0-9]{1,9}', name):
                raise BadDataError(f'data: expected episodes named demo_<number>, got {name}')
            groups.append((name, member(data, name, 'data', h5py.Group)))
        except BadDataError as error:
            if not skip_bad:
                raise
            misfits[name] = str(error)
    if not groups and not misfits:
        raise BadDataError('data: expected episodes named demo_<number>, got nothing')
    return sorted(groups, key=lambda group: (int(group[0].removeprefix('demo_')), group[0])), misfits


def _episodes(demos, keys, alignment, noops, skip_bad):
    """([`Demo`], {name: why it is left out}, {camera: (height, width)})."""
    episodes, skipped, shapes, row = [], {}, {}, 0
    for name, group in demos:
        try:
            own = _shapes(group, keys, f'data/{name}')
            episode = read_demo(name, group, keys, alignment, noops, row)
            _check_sizes({camera: own[camera] for camera in _asked(keys)}, shapes, name)
        except (BadDataError, *UNREADABLE) as error:
            if not skip_bad:
                raise
            skipped[name] = _one_line(str(error))
            continue
        shapes = {**own, **shapes}
        episodes.append(episode)
        row += episode.num_stored
    return episodes, skipped, shapes


def _asked(keys):
    """Names in the file of the cameras among `keys`."""
    return [CAMERAS[key] for key in keys if key in CAMERAS]


def _shapes(group, keys, told):
    """{camera: (height, width)} of the frames that a demo has; those asked for must be there and sound."""
    shapes, asked = {}, _asked(keys)
    names = [name for name in member(group, 'obs', told, h5py.Group).keys() if name.endswith('_rgb')]
    for name in dict.fromkeys([*names, *asked]):
        try:
            shapes[name] = frames(group, f'obs/{name}', told, None).shape[1:3]
        except BadDataError:
            if name in asked:
                raise
    return shapes


def _check_sizes(own, shapes, name):
    for camera, shape in own.items():
        expected = shapes.get(camera, shape)
        if shape != expected:
            raise BadDataError(f'data/{name}/obs/{camera}: expected frames of {expected[0]} x {expected[1]} '
                               f'pixels, as in the episodes before, got {shape[0]} x {shape[1]}')


def _instruction(data):
    try:
        sentence = json.loads(data.attrs['problem_info'])['language_instruction']
        text = ''.join(sentence) if isinstance(sentence, str | list) else ''
    except (*UNREADABLE, ValueError, TypeError):
        return ''       # the file's name tells the task
    return ' '.join(text.replace('"', '').split())


def _orientation(data, asked):
    if asked != 'auto':
        return asked
    told = data.attrs.get('macros_image_convention', 'opengl')
    told = told.decode() if isinstance(told, bytes) else str(told)
    if told not in _ORIENTATIONS:
        raise BadDataError(f'data: macros_image_convention is {told!r}; expected opengl or opencv, or '
                           '--libero_orientation')
    return _ORIENTATIONS[told]
