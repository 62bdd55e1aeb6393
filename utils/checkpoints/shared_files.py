"""Files of arrays that never change, so that several checkpoints can refer to them."""
import numpy as np

from utils.whole_files import fingerprint, write_whole


class SharedFiles:
    """A directory of such files.

    Args:
        directory: made when the first file is added.

    Attributes:
        known: {name: fingerprint} of the files that are on disk.
        referred: those of them that the checkpoint being written needs.
        bytes_written: of all files written by this process.
    """

    def __init__(self, directory):
        self.directory, self.known, self.referred, self.bytes_written = directory, {}, {}, 0

    def add(self, name, arrays):
        """Writes {name: array} as the file `name`, unless it is there already, and refers to it."""
        if name not in self.known:
            self.directory.mkdir(exist_ok=True)
            path = self.directory / name
            write_whole(path, lambda file: np.savez(file, **arrays))
            self.known[name] = fingerprint(path)
            self.bytes_written += self.known[name]['bytes']
        self.refer(name)

    def refer(self, name):
        """Makes the checkpoint being written need the file `name`."""
        self.referred[name] = self.known[name]

    def load(self, name):
        """{name: array} of the file `name`."""
        with np.load(self.directory / name, allow_pickle=False) as arrays:
            return dict(arrays)

    def keep_only(self, names):
        """Deletes every file but those in `names`."""
        self.known = {name: record for name, record in self.known.items() if name in names}
        if self.directory.is_dir():
            for path in self.directory.glob('*.npz*'):
                if path.name not in names and path.is_file():
                    path.unlink()
