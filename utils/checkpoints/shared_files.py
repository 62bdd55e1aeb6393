"""Immutable files of arrays, which several checkpoints can refer to."""
import numpy as np

from utils.foreign.files import DamagedError, is_plain_name
from utils.foreign.npz import MAX_OWN_BYTES, read_arrays
from utils.whole_files import fingerprint, write_whole


class SharedFiles:
    """A directory of immutable files.

    Args:
        directory: created when the first file is added.

    Attributes:
        known: {name: fingerprint} of the files that are on disk.
        referred: {name: fingerprint} of the files that the checkpoint being written refers to.
        bytes_written: total size of the files written by this process.
    """

    def __init__(self, directory):
        self.directory, self.known, self.referred, self.bytes_written = directory, {}, {}, 0

    def add(self, name, arrays):
        """Writes {name: array} as the file `name`, unless it already exists, and refers to it."""
        if name not in self.known:
            self.directory.mkdir(exist_ok=True)
            path = self.directory / name
            write_whole(path, lambda file: np.savez(file, **arrays))
            self.known[name] = fingerprint(path)
            self.bytes_written += self.known[name]['bytes']
        self.refer(name)

    def refer(self, name):
        """Makes the checkpoint being written refer to the file `name`."""
        self.referred[name] = self.known[name]

    def load(self, name):
        """{name: array} of the file `name`.

        Raises:
            UnreadableError: it cannot be read, or `name` is a path.
        """
        if not is_plain_name(name):
            raise DamagedError(self.directory, f'expected the name of a file, got {name!r}')
        return read_arrays(self.directory / name, limit=MAX_OWN_BYTES)

    def keep_only(self, names):
        """Deletes every file except those in `names`."""
        self.known = {name: record for name, record in self.known.items() if name in names}
        if self.directory.is_dir():
            for path in self.directory.glob('*.npz*'):
                if path.name not in names and path.is_file():
                    path.unlink()
