"""Room on the disk that labels take in an HDF5 file."""
import h5py

from envs.recorded.hdf5_checks import member

_FILE, _DATASET, _CHUNK = 2 ** 16, 2 ** 12, 2 ** 7      # bytes of metadata of each, at most as a rule


def room_for(file, lengths, provenance, next_obs):
    """Bytes that the rewards of the episodes of an open file take, with what the options ask for.

    Args:
        file: the open `h5py.File`.
        lengths: {name of an episode: T}.
        provenance: text that is added.
        next_obs: whether `next_obs` is added where it is missing.

    Raises:
        ContentError: an episode is invalid.
    """
    total = _FILE + 2 * len(provenance)
    for name, length in lengths.items():
        demo = member(file, f'data/{name}', '', h5py.Group)
        total += 3 * _DATASET + 8 * length
        if next_obs and 'next_obs' not in demo:
            obs = member(demo, 'obs', f'data/{name}', h5py.Group)
            total += sum(_size(member(obs, each, 'obs', h5py.Dataset)) for each in obs.keys())
    return total


def _size(dataset):
    """Bytes of a shifted copy of a dataset; chunks of many rows are encoded anew and may be larger."""
    stored = dataset.id.get_storage_size()
    if not dataset.chunks:
        return stored + _DATASET
    return _DATASET + _CHUNK * dataset.id.get_num_chunks() + stored * (1 if dataset.chunks[0] == 1 else 2)
