"""Builds data/libero_sample: `python data/make_libero_sample.py SOURCE`, a folder of suites with sidecars."""
import sys
from pathlib import Path

import cv2
import h5py
import numpy as np

SIZE = 56       # height and width of a frame, pixels
CAMERAS = ('agentview_rgb', 'eye_in_hand_rgb')

_TABLE = 'pick_up_the_black_bowl_from_table_center_and_place_it_on_the_plate'
_BETWEEN = 'pick_up_the_black_bowl_between_the_plate_and_the_ramekin_and_place_it_on_the_plate'

# {folder: {task: numbers of the copied episodes}}
PICKS = {
    'libero_spatial': {_TABLE: (0, 1, 2, 3, 4), _BETWEEN: (0, 1, 2, 3, 4)},
    'libero_spatial_failures': {_TABLE: (0, 2, 3, 4, 5), _BETWEEN: (0, 1, 2, 3, 4)},    # one of each kind
}


def main(source, target):
    """Writes every file of `PICKS` from the folder `source` below the folder `target`."""
    for folder, picks in PICKS.items():
        (target / folder).mkdir(parents=True, exist_ok=True)
        for task, numbers in picks.items():
            episodes, progress = f'{task}_demo.hdf5', f'progress_{task}.npz'
            copy_episodes(source / folder / episodes, target / folder / episodes, numbers)
            copy_progress(source / folder / progress, target / folder / progress, numbers)


def copy_episodes(source, target, numbers):
    """Writes some episodes of an HDF5 file into another one, renumbered, with small frames.

    `model_file`, the simulator's model of the scene (1 MB an episode), is left out.
    """
    with h5py.File(source) as old, h5py.File(target, 'w') as new:
        data = new.create_group('data')
        data.attrs.update(old['data'].attrs)
        for new_number, number in enumerate(numbers):
            copy_episode(old[f'data/demo_{number}'], data.create_group(f'demo_{new_number}'))
        data.attrs['num_demos'] = len(numbers)
        data.attrs['total'] = int(sum(demo.attrs['num_samples'] for demo in data.values()))


def copy_episode(old, new):
    """Copies the arrays of one episode; numbers are rounded to float32 precision, which compresses better."""
    new.attrs['num_samples'] = old.attrs['num_samples']
    new.attrs['init_state'] = rounded(old.attrs['init_state'])
    for name in ('actions', 'states', 'robot_states', 'rewards', 'dones',
                 *(f'obs/{key}' for key in old['obs'] if key not in CAMERAS)):
        values = old[name][:]
        values = rounded(values) if values.dtype.kind == 'f' else values
        new.create_dataset(name, data=values, compression='gzip', compression_opts=9, shuffle=True)
    for camera in CAMERAS:
        frames = np.stack([cv2.resize(frame, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
                           for frame in old[f'obs/{camera}']])
        # chunks are long in time and small in space: static regions compress best
        new.create_dataset(f'obs/{camera}', data=frames, compression='gzip', compression_opts=9,
                           chunks=(len(frames), 4, SIZE // 2, 3))


def rounded(values):
    """`values` rounded to float32, as float64."""
    return np.asarray(values, np.float32).astype(np.float64)


def copy_progress(source, target, numbers):
    """Writes the sidecar of some episodes, numbered as in their HDF5 file."""
    with np.load(source, allow_pickle=False) as old:
        np.savez_compressed(target, **{
            f'demo_{new_number}/{name.split("/")[1]}': old[name]
            for new_number, number in enumerate(numbers)
            for name in old.files if name.startswith(f'demo_{number}/')})


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit('usage: python data/make_libero_sample.py SOURCE')
    main(Path(sys.argv[1]), Path(__file__).parent / 'libero_sample')
