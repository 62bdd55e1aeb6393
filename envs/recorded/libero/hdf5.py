"""One file of recorded episodes in LIBERO's HDF5 layout; no code in it is run."""
import json
import re
from pathlib import Path
from typing import NamedTuple

import h5py

from envs.recorded.hdf5_checks import frames, member
from envs.recorded.libero.alignment import agreeing, check_filled
from envs.recorded.libero.demo import CAMERAS, Demo, read_demo
from utils.errors import UserError
from utils.foreign.files import ContentError, UnreadableError
from utils.foreign.hdf5 import UNREADABLE, hdf5_file
from utils.text import one_line

ALIGNMENT = 'observations_relative_to_actions'     # attribute of files that convert.py writes
_ORIENTATIONS = {'opengl': 'opengl', 'opencv': 'upright'}                 # robosuite's names


class DemoFile(NamedTuple):
    """All usable episodes of a file.

    Attributes:
        path: of the file.
        instruction: the instruction of the task, as stored in the file; '' if there is none.
        alignment: 'after' or 'before': when the observation of a step was taken, relative to its action.
        orientation: how frames are stored: 'opengl' (first row at the bottom), 'upright', 'rotated' (by 180
            degrees), or 'mirrored' (upright, left and right exchanged).
        cameras: {name in the file: (height, width)}, including those that were not requested.
        demos: in the order of their numbers.
        skipped: {name of an episode: reason for leaving it out}.
    """

    path: Path
    instruction: str
    alignment: str
    orientation: str
    cameras: dict[str, tuple[int, int]]
    demos: list[Demo]
    skipped: dict[str, str]


def read_file(path, keys, alignment='auto', orientation='auto', noops='keep', skip_bad=False,
              needs_rewards=True) -> DemoFile:
    """Reads a file without its frames.

    One step of every episode is left out. If observations were recorded after the actions it is the first
    step, which has no s; otherwise the last, which has no s'.

    Args:
        path: of the file.
        keys: required parts of an observation: 'agentview', 'wrist', 'proprio', 'state', 'feature:KEY'.
        alignment: 'after', 'before', or 'auto' to detect it.
        orientation: a value of --libero_orientation; 'auto' is the attribute macros_image_convention. Where
            it is missing, 'opengl', which is robosuite's default and so the one that LIBERO writes.
        noops: 'drop' leaves out the steps that OpenVLA leaves out: the action moves neither arm nor gripper.
        skip_bad: records invalid episodes in `skipped`, even if all are, instead of raising.
        needs_rewards: whether an episode without rewards is invalid.

    Raises:
        UserError: the file, or an episode, is invalid.
    """
    path = Path(path)
    try:
        with hdf5_file(path) as file:
            data = member(file, 'data', '', h5py.Group)
            demos, misfits = _groups(data, skip_bad)
            if alignment == 'auto':
                alignment = _stated_alignment(data)
            if alignment == 'auto':
                alignment, demos, contrary = agreeing(path, demos, skip_bad)
                misfits |= contrary
            episodes, skipped, shapes = _episodes(demos, keys, alignment, noops, skip_bad, needs_rewards)
            return DemoFile(path, _instruction(data), alignment, _orientation(data, orientation), shapes,
                            episodes, misfits | skipped)
    except ContentError as error:
        raise UserError(one_line(f'{path}: {error}')) from error
    except UnreadableError as error:
        raise UserError(f'{path} cannot be read as HDF5: {error.cause}') from error


def _groups(data, skip_bad):
    """([(name, open group)] in the order of their numbers, {name: reason for leaving it out})."""
    groups, misfits = [], {}
    for name in map(str, data.keys()):      # h5py returns bytes for a name that is not UTF-8
        try:
            if not re.fullmatch(r'demo_[0-9]{1,9}', name):
                raise ContentError(f'data: expected episodes named demo_<number>, got {name}')
            group = member(data, name, 'data', h5py.Group)
            check_filled(name, group)
            groups.append((name, group))
        except ContentError as error:
            if not skip_bad:
                raise
            misfits[name] = one_line(str(error))
    if not groups and not misfits:
        raise ContentError('data: expected episodes named demo_<number>, got nothing')
    return sorted(groups, key=lambda group: (int(group[0].removeprefix('demo_')), group[0])), misfits


def _episodes(demos, keys, alignment, noops, skip_bad, needs_rewards):
    """([`Demo`], {name: reason for leaving it out}, {camera: (height, width)})."""
    episodes, skipped, shapes, row, widths = [], {}, {}, 0, {}
    for name, group in demos:
        try:
            own = _shapes(group, keys, f'data/{name}')
            episode = read_demo(name, group, keys, alignment, noops, row, needs_rewards)
            _check_sizes({camera: own[camera] for camera in _requested(keys)}, shapes, name)
            _check_widths(episode, widths)
        except (ContentError, *UNREADABLE) as error:
            if not skip_bad:
                raise
            skipped[name] = one_line(str(error))
            continue
        shapes = {**own, **shapes}
        episodes.append(episode)
        row += episode.num_stored
    return episodes, skipped, shapes


def _requested(keys):
    """Names in the file of the cameras among `keys`."""
    return [CAMERAS[key] for key in keys if key in CAMERAS]


def _shapes(group, keys, label):
    """{camera: (height, width)} of the frames of a demo; the requested ones must be present and valid."""
    shapes, requested = {}, _requested(keys)
    names = [name for name in map(str, member(group, 'obs', label, h5py.Group)) if name.endswith('_rgb')]
    for name in dict.fromkeys([*names, *requested]):
        try:
            shapes[name] = frames(group, f'obs/{name}', label, None).shape[1:3]
        except ContentError:
            if name in requested:
                raise
    return shapes


def _check_sizes(own, shapes, name):
    for camera, shape in own.items():
        expected = shapes.get(camera, shape)
        if shape != expected:
            raise ContentError(f'data/{name}/obs/{camera}: expected frames of {expected[0]} x {expected[1]} '
                               f'pixels, as in the episodes before, got {shape[0]} x {shape[1]}')


def _check_widths(episode, widths):
    for key, values in episode.vectors.items():
        expected = widths.setdefault(key, values.shape[1])
        if values.shape[1] != expected:
            raise ContentError(f'data/{episode.name}: expected {expected} numbers of {key} a step, as in the '
                               f'episodes before, got {values.shape[1]}')


def _instruction(data):
    try:
        sentence = json.loads(data.attrs['problem_info'])['language_instruction']
        text = ''.join(sentence) if isinstance(sentence, str | list) else ''
    except UNREADABLE:
        return ''       # the task is known from the file's name
    return one_line(text.replace('"', ''))


def _stated_alignment(data):
    """The alignment that a converted file names, as it has no states to detect it from; 'auto' if none."""
    stated = data.attrs.get(ALIGNMENT, 'auto')
    if stated not in ('after', 'before', 'auto'):
        raise ContentError(f'data: {ALIGNMENT} is {stated!r}; expected after or before, or '
                           '--libero_alignment')
    return stated


def _orientation(data, requested):
    if requested != 'auto':
        return requested
    convention = data.attrs.get('macros_image_convention', 'opengl')
    convention = convention.decode() if isinstance(convention, bytes) else str(convention)
    if convention not in _ORIENTATIONS:
        raise ContentError(f'data: macros_image_convention is {convention!r}; expected opengl or opencv, or '
                           '--libero_orientation')
    return _ORIENTATIONS[convention]
