"""Labels for tests of copies, and what the tests compare."""
import h5py
import numpy as np

from labels.copies.options import CopyOptions
from utils.labels.episode import NEW, EpisodeLabels

PROVENANCE = {'run': 'rrd-x-seed0', 'commit': 'abc', 'trained_on': ['demo_0']}
OPTIONS = CopyOptions()
DEMOS = {'demo_0': 6, 'demo_1': 3}        # steps of the episodes of each file of `suite`


def labels_of(path, lengths, scale=1.0):
    """{(path, name): `EpisodeLabels`} of {name: S}; rewards differ in each step, the first has none."""
    found = {}
    for number, (name, length) in enumerate(lengths.items()):
        rewards = scale * (0.1 + np.arange(length) + 10 * number).astype(np.float32)
        rewards[0] = 0
        found[path, name] = EpisodeLabels(path, name, 'task', rewards, np.arange(length) > 0, NEW)
    return found


def killed(*_):
    """Stands for a function during which the process is killed."""
    raise KeyboardInterrupt


def files_of(folder):
    """{relative path: bytes} of all files."""
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob('*')) if path.is_file()}


def array(path, name):
    """An array of an HDF5 file."""
    with h5py.File(path) as file:
        return file[name][()]


def labelled(suite, scale=1.0):
    """Labels of all files of a suite."""
    return {key: own for number, path in enumerate(sorted(suite.glob('*_demo.hdf5')))
            for key, own in labels_of(path, DEMOS, scale + number).items()}
