"""Labels for tests of copies, and what the tests compare."""
import numpy as np

from labels.copies.options import CopyOptions
from labels.episode import NEW, EpisodeLabels

PROVENANCE = {'run': 'rrd-x-seed0', 'commit': 'abc', 'trained_on': ['demo_0']}
OPTIONS = CopyOptions()


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
