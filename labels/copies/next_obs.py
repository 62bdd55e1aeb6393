"""`next_obs` of an episode in an HDF5 file: the observation of the next step, the last one twice."""
import h5py

from envs.recorded.hdf5_checks import member
from utils.foreign.files import ContentError

_ROWS = 64      # decoded at a time, where they cannot be copied encoded


def add_next_obs(demo, length, label):
    """Adds the group `next_obs` to an episode that has none.

    Args:
        demo: its open group.
        length: T, number of steps.
        label: its name in an error.

    Raises:
        ContentError: its observations are invalid.
    """
    if 'next_obs' in demo:
        return
    check_obs(demo, length, label)
    following = demo.create_group('next_obs')
    for name, dataset in demo['obs'].items():
        _write_shifted(dataset, following, name)


def check_obs(demo, length, label):
    """Makes sure that `next_obs` can be made, where it is missing; arguments as of `add_next_obs`.

    Raises:
        ContentError: its observations are invalid.
    """
    if 'next_obs' in demo:
        return
    obs = member(demo, 'obs', label, h5py.Group)
    for name in obs.keys():
        dataset = member(obs, name, f'{label}/obs', h5py.Dataset)
        if not dataset.ndim or len(dataset) != length:
            raise ContentError(f'{label}/obs/{name}: expected {length} steps, as actions have, got '
                               f'{len(dataset) if dataset.ndim else "a number"}')


def _write_shifted(dataset, group, name):
    """Writes the rows 1, 2, .., T - 1, T - 1 of a dataset in the way in which it is stored itself."""
    made = h5py.h5d.create(group.id, name.encode(), dataset.id.get_type(), dataset.id.get_space(),
                           dataset.id.get_create_plist().copy())
    copy, length = h5py.Dataset(made), len(dataset)
    if dataset.chunks and dataset.chunks[0] == 1 and dataset.dtype.kind in 'fiub':
        _copy_chunks(dataset, copy)
        return
    for first in range(1, length, _ROWS):
        rows = dataset[first:first + _ROWS]
        copy[first - 1:first - 1 + len(rows)] = rows
    if length:
        copy[length - 1] = dataset[length - 1]


def _copy_chunks(dataset, copy):
    """Copies chunks of single rows as they are encoded."""
    last, places = len(dataset) - 1, []
    dataset.id.chunk_iter(lambda chunk: places.append(chunk.chunk_offset))
    for row, *rest in places:
        mask, data = dataset.id.read_direct_chunk((row, *rest))
        for other in ([row - 1] if row else []) + ([row] if row == last else []):
            copy.id.write_direct_chunk((other, *rest), data, mask)
