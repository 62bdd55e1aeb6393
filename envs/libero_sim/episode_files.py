"""Episodes in LIBERO's HDF5 layout: one file for each demonstration, merged into one for each task."""
import numpy as np

from envs.recorded.libero.hdf5 import ALIGNMENT
from utils.foreign.hdf5 import hdf5_file
from utils.new_hdf5 import new_file

AFTER, BEFORE = 'after', 'before'       # when observations are taken, relative to the actions
_STEPS, _BLOCK_BYTES = 16, 2 ** 18      # of a compressed block of the fixed camera: most of it is still
_LEVEL = 4
_WRIST = 'eye_in_hand_rgb'
_MODES = {'mode': 'disturbance', 'seed': 'disturbance_seed'}     # {key of the truth: attribute}
_BESIDE = 'robot_states'                # stands beside `obs` in a recording


def write_episodes(path, episodes, alignment, facts):
    """Writes the episodes of one demonstration: groups `0`, `1`, ..., each with `demo` and `truth`.

    Args:
        path: of the new file.
        episodes: [(`Played`, {name: attribute})].
        alignment: `AFTER` or `BEFORE`.
        facts: {name: attribute} of the file.

    Raises:
        UserError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with new_file(path) as file:
        for name, value in facts.items():
            file.attrs[name] = value
        for number, (played, attributes) in enumerate(episodes):
            group = file.create_group(f'{number}')
            _write(group.create_group('demo'), played, attributes, alignment)
            truth, part = group.create_group('truth'), _part(alignment)
            truth['success'] = played.goal[part]
            if played.progress is not None:
                truth['progress'] = played.progress[part]


def _part(alignment):
    return slice(1, None) if alignment == AFTER else slice(-1)


def _write(group, played, attributes, alignment):
    """One episode, as `create_dataset.py` of LIBERO writes it."""
    length = len(played.actions)
    is_last = np.arange(length) == length - 1
    group['actions'], group['states'] = played.actions, played.states
    group['rewards'] = (is_last & played.success).astype(np.uint8)
    group['dones'] = is_last.astype(np.uint8)
    observed = {key: values[_part(alignment)] for key, values in played.observations.items()}
    group[_BESIDE] = observed.pop(_BESIDE)
    obs = group.create_group('obs')
    for key, values in observed.items():
        if values.ndim == 4:
            obs.create_dataset(key, data=values, chunks=_block(key, values.shape), compression='gzip',
                               compression_opts=_LEVEL)
        else:
            obs[key] = values
    group.attrs['num_samples'], group.attrs['init_state'] = length, played.states[0]
    for name, value in attributes.items():
        group.attrs[name] = value


def _block(key, shape):
    """Shape of a compressed block of frames."""
    length, height, width, _ = shape
    steps = 1 if key == _WRIST else min(_STEPS, length)
    return steps, max(1, min(height, _BLOCK_BYTES // (steps * width * 3))), width, 3


def merge(path, attributes, alignment, picked):
    """Writes the file of a task, whole.

    Args:
        path: of the new file.
        attributes: {name: value} of its group `data`.
        alignment: of the observations.
        picked: [(name in the new file, path of a file of `write_episodes`, number of an episode in it)].

    Raises:
        UserError: the file cannot be written.
    """
    total = 0
    with new_file(path) as file:
        data = file.create_group('data')
        for name, part, number in picked:
            with hdf5_file(part) as own:
                own.copy(f'{number}/demo', data, name)
            total += int(data[name].attrs['num_samples'])
        for key, value in attributes.items():
            data.attrs[key] = value
        data.attrs['macros_image_convention'] = 'opengl'        # first row at the bottom
        data.attrs[ALIGNMENT] = alignment
        data.attrs['num_demos'], data.attrs['total'] = len(picked), total


def truth_of(picked):
    """{name: array} of the side file with the true progress; {} where it is unknown.

    Args:
        picked: as for `merge`.
    """
    truth = {}
    for name, part, number in picked:
        with hdf5_file(part) as own:
            truth |= {f'{name}/{key}': own[f'{number}/truth'][key][()] for key in own[f'{number}/truth']}
            stored = own[f'{number}/demo'].attrs
            truth |= {f'{name}/{key}': stored[attribute] for key, attribute in _MODES.items()
                      if attribute in stored}
    return truth if any(key.endswith('/progress') for key in truth) else {}
