"""The labelled copy of one HDF5 file: its bytes, and then what is added, so that no frame is decoded."""
import json
import re

import h5py
import numpy as np

from envs.recorded.hdf5_checks import member
from labels.copies.files import copy_into
from labels.copies.next_obs import add_next_obs, check_obs
from labels.copies.room import room_for
from labels.copies.target import KEY
from utils.errors import UserError, file_errors
from utils.foreign.files import ContentError, UnreadableError
from utils.foreign.hdf5 import UNREADABLE, hdf5_file
from utils.room import reserve
from utils.text import one_line
from utils.whole_files import write_whole

REWARDS, VALID, RECORDED = 'rewards', 'rewards_valid', 'recorded_rewards'
SPLIT = 'reward_split'      # attribute of an episode: whether the model has learned from it


def episodes_of(path, table, options):
    """Checks that the copy of a file can be written.

    Args:
        path: of the file.
        table: the `LabelTable`.
        options: the `CopyOptions`.

    Returns:
        [name] of its episodes in the order of their numbers; None if it has no labels and cannot be read.

    Raises:
        UserError: its labels or the options do not fit.
    """
    try:
        with hdf5_file(path) as file:
            return _checked(path, file, table, options)
    except ContentError as error:
        if table.of(path):
            raise UserError(one_line(f'{path}: {error}')) from error
    except UnreadableError as error:
        if table.of(path):
            raise UserError(f'{path} cannot be read as HDF5: {error.cause}') from error
    return None


def write_file(source, target, table, provenance, options, names):
    """Writes the copy of one file, whole or not at all.

    Args:
        source: path of the file.
        target: path of the copy.
        table: the `LabelTable`.
        provenance: {name: JSON value}.
        options: the `CopyOptions`.
        names: of its episodes, as of `episodes_of`.

    Raises:
        UserError: it cannot be written.
    """
    text = json.dumps(provenance)

    def write(file):
        copy_into(source, file)
        reserve(file, room)
        with h5py.File(file.name, 'r+') as copy:
            _extend(copy, source, table, options, names)
            copy.attrs[KEY] = text

    try:
        with hdf5_file(source) as content:
            lengths = {name: _num_steps(content[f'data/{name}']) or 0 for name in names}
            room = room_for(content, lengths, text, options.next_obs)
        with file_errors(f'cannot write {target}'):
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, write)
    except ContentError as error:
        raise UserError(one_line(f'{source}: {error}')) from error
    except UNREADABLE as error:         # h5py raises many types
        raise UserError(one_line(f'cannot write {target}: {error}')) from error


def _checked(path, file, table, options):
    data = member(file, 'data', '', h5py.Group)
    names = [name for name in map(str, data.keys()) if re.fullmatch('demo_[0-9]{1,9}', name)
             and isinstance(data.get(name, getlink=True), h5py.HardLink)
             and data.get(name, getclass=True) is h5py.Group]
    table.check_known(path, names)
    before = KEY in file.attrs
    for name in names:
        length = _num_steps(data[name])
        if length is not None:
            table.steps(path, name, length)
        before = before or bool({VALID, RECORDED} & set(data[name].keys()))
        if options.next_obs and length is not None:
            check_obs(data[name], length, f'data/{name}')
    if options.mask and not before and 'mask' in file \
            and options.mask in member(file, 'mask', '', h5py.Group):
        raise UserError(f'{path} has mask/{options.mask}; choose another name')
    return sorted(names, key=lambda name: (int(name.removeprefix('demo_')), name))


def _num_steps(demo):
    """T of the open group of an episode; None if it has no actions, so that nothing can be said about it."""
    actions = demo['actions'] if isinstance(demo.get('actions', getlink=True), h5py.HardLink) else None
    is_array = isinstance(actions, h5py.Dataset) and actions.ndim
    return len(actions) if is_array else None


def _extend(file, source, table, options, names):
    """Adds to the open copy of a file what the labels and the options ask for."""
    data, was_labelled = member(file, 'data', '', h5py.Group), KEY in file.attrs
    splits = table.splits(source)
    for name in names:
        demo = member(data, name, 'data', h5py.Group)
        length = _num_steps(demo)
        if length is not None:
            _write_rewards(demo, *table.steps(source, name, length), was_labelled)
            if SPLIT in demo.attrs:
                del demo.attrs[SPLIT]       # of earlier labels
            if name in splits:
                demo.attrs[SPLIT] = splits[name]
            if options.next_obs:
                add_next_obs(demo, length, f'data/{name}')
        options.report()
    if options.mask:
        masks = member(file, 'mask', '', h5py.Group) if 'mask' in file else file.create_group('mask')
        if options.mask in masks:
            del masks[options.mask]     # of earlier labels
        masks[options.mask] = np.array([name.encode() for name in names
                                        if table.is_above(source, name, options.above)], 'S')


def _write_rewards(demo, rewards, valid, was_labelled):
    """Puts [T] rewards into an episode; those that were recorded keep their values and type."""
    if REWARDS in demo and RECORDED not in demo and not was_labelled:
        demo.move(REWARDS, RECORDED)
    for name, values in ((REWARDS, rewards), (VALID, valid)):
        if name in demo:
            del demo[name]
        demo[name] = values             # anew: floats written into LIBERO's uint8 would become 0
