"""Immutable files of arrays, which several checkpoints can refer to."""
import logging
import os
import re

import numpy as np

from utils.foreign.files import DamagedError, is_plain_name
from utils.foreign.npz import MAX_OWN_BYTES, read_arrays
from utils.whole_files import fingerprint, write_whole

LOG = logging.getLogger('rrd')
# of a process that was killed before a manifest had the name
_LEFT = re.compile(r'(steps|elite-episode)-[-\w]+\.npz(\.partial)?')


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
        self._cleans = True

    def add(self, name, arrays):
        """Writes {name: array} as the file `name`, unless it already exists, and refers to it."""
        if not self.is_whole(name):
            self.directory.mkdir(exist_ok=True)
            path = self.directory / name
            write_whole(path, lambda file: np.savez(file, **arrays))
            self.known[name] = fingerprint(path)
            self.bytes_written += self.known[name]['bytes']
        self.refer(name)

    def is_whole(self, name):
        """Whether the file `name` was written and still exists with its size; logs a file that was lost."""
        if name not in self.known:
            return False
        try:
            found = os.path.getsize(self.directory / name)
        except FileNotFoundError:
            found = None
        if found == self.known[name]['bytes']:
            return True
        LOG.warning('warning: %s %s; it is written again', self.directory / name,
                    'has vanished' if found is None else f'has {found} bytes')
        return False

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

    def keep_only(self, names, own):
        """Deletes the files of checkpoints except those in `names`; nothing where the directory is a link.

        Args:
            names: names of the files to keep.
            own: names of the files of all checkpoints; a file with another name may not be ours.
        """
        own = own | self.known.keys()
        self.known = {name: record for name, record in self.known.items() if name in names}
        if self.directory.is_symlink():
            if self._cleans:
                LOG.warning('warning: %s is a link: old files in it are not removed', self.directory)
            self._cleans = False
        elif self.directory.is_dir():
            for path in self.directory.iterdir():
                is_ours = path.name.removesuffix('.partial') in own or _LEFT.fullmatch(path.name)
                if is_ours and path.name not in names and path.is_file() and not path.is_symlink():
                    path.unlink()
