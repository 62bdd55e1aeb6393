"""Checkpoint directories: written atomically, and verified before they are read."""
import logging
import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from utils.checkpoints.cleaning import free_name, is_own_directory, remove_directories
from utils.checkpoints.manifests import MANIFEST, read_manifest, shared_names, write_manifest
from utils.checkpoints.shared_files import SharedFiles
from utils.checkpoints.state_files import read_state
from utils.errors import UserError, file_errors
from utils.foreign.files import DamagedError, UnreadableError
from utils.whole_files import damage, sync

LOG = logging.getLogger('rrd')
NAME = re.compile(r'ckpt-\d+(-\d+)*')
PARTIAL, DAMAGED = '.partial', 'damaged-'


class Found(NamedTuple):
    """A verified checkpoint.

    Attributes:
        path: its directory.
        state: its state, as `read_state` returns it.
        shared: {name: fingerprint} of the shared files that it refers to.
        damaged: {path: reason} of newer checkpoints that are damaged.
    """

    path: Path
    state: dict
    shared: dict
    damaged: dict


def place_name(*place):
    """Name of the checkpoint at a place in a run: finished cycles, then iterations, then roll-outs.

    Trailing zeros are left out: `ckpt-000120`, and `ckpt-000120-000057` in the cycle after it.
    """
    parts = list(place)
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return 'ckpt-' + '-'.join(f'{part:06d}' for part in parts)


class CheckpointFiles:
    """The checkpoints of one run.

    A checkpoint is a directory with a manifest. The manifest has the size and the checksum of each of its
    files and of each shared file that it refers to. An unfinished checkpoint has a different name.

    Args:
        directory: created by the first `write` if it does not exist.
        keep: number of checkpoints to keep, at least 1.

    Attributes:
        shared: the `SharedFiles` of the checkpoints.
    """

    def __init__(self, directory, keep=1):
        self._directory, self._keep = directory, keep
        self.shared = SharedFiles(directory / 'replay')

    def names(self):
        """Names of the finished checkpoints, oldest first."""
        if not self._directory.is_dir():
            return []
        names = [path.name for path in self._directory.iterdir()
                 if NAME.fullmatch(path.name) and path.is_dir()]
        return sorted(names, key=lambda name: [int(part) for part in name.split('-')[1:]])

    def find(self, name='', with_shared=True):
        """The newest undamaged checkpoint, or the one called `name`, as `Found`; None if there is none.

        Args:
            name: name of the checkpoint, or '' for the newest.
            with_shared: whether the shared files are verified as well.

        Raises:
            UserError: there is none of that name, or all are damaged or cannot be read.
        """
        with file_errors(f'cannot read {self._directory}'):
            return self._find(name, with_shared)

    def _find(self, name, with_shared):
        names = self.names()
        if name and name not in names:
            raise UserError(f'{self._directory} has no checkpoint {name}; expected '
                            f'{" or ".join(names[-4:]) or "one, but there is none"}')
        damaged = {}
        for path in (self._directory / each for each in ([name] if name else reversed(names))):
            wrong, shared = self._examine(path, with_shared)
            try:
                if not wrong:
                    return Found(path, read_state(path), shared, damaged)
            except DamagedError as error:       # its manifest is right, as of a file that was made so
                wrong = str(error)
            damaged[path] = wrong
        if damaged:
            raise UserError(f'no checkpoint in {self._directory} is sound: {"; ".join(damaged.values())}')
        return None

    def _examine(self, path, with_shared):
        """(reason why it is damaged or '', fingerprints of the shared files) of the checkpoint at `path`."""
        try:
            manifest = read_manifest(path)
        except UnreadableError as error:
            return f'{path / MANIFEST}: {error.cause}', {}
        files = {path / name: record for name, record in manifest['files'].items()}
        if with_shared:
            files |= {self.shared.directory / name: record for name, record in manifest['shared'].items()}
        wrong = (damage(file, record) for file, record in files.items())
        return next(filter(None, wrong), ''), manifest['shared']

    def adopt(self, found):
        """Prepares the directory to resume from `found`, the result of `find()`.

        Damaged checkpoints are renamed; files that are no longer needed are deleted.

        Raises:
            UserError: the directory cannot be written to.
        """
        self.shared.known = dict(found.shared) if found else {}
        with file_errors(f'cannot write into {self._directory}'):
            for path, wrong in (found.damaged if found else {}).items():
                aside = free_name(path.with_name(DAMAGED + path.name))
                path.rename(aside)
                LOG.warning('warning: %s is damaged (%s); set aside as %s', path, wrong, aside.name)
        self._clean()

    def write(self, name, fill):
        """Writes a checkpoint, and removes all except the `keep` newest.

        Args:
            name: name of the checkpoint, from `place_name`.
            fill: function that writes into a directory; it adds or refers to the `shared` files.

        Returns:
            Bytes of the checkpoint without shared files, and bytes of the shared files.

        Raises:
            OSError: it could not be written; the other checkpoints are unchanged.
        """
        path = self._directory / name
        partial = free_name(path, PARTIAL)
        try:
            partial.mkdir(parents=True)
            sync(self._directory.parent)
            self.shared.referred = {}
            fill(partial)
            shared = dict(sorted(self.shared.referred.items()))
            own = write_manifest(partial, shared)
            for file in (*partial.iterdir(), partial):
                sync(file)
            os.rename(partial, path)
            sync(self._directory)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        self._clean()
        return tuple(sum(record['bytes'] for record in records.values()) for records in (own, shared))

    def _clean(self):
        """Removes old checkpoints, unfinished ones, and shared files that no checkpoint needs.

        Links, and files with other names, are left. A failure is only logged: the checkpoints are valid.
        """
        try:
            own = [name for name in self.names() if is_own_directory(self._directory / name)]
            written = self._shared_by([*self.names(), *self._directory.glob(f'{DAMAGED}*')])
            for path in (self._directory / name for name in own[:-self._keep]):
                path.rename(free_name(path, PARTIAL))
            remove_directories(path for path in self._directory.glob(f'*{PARTIAL}')
                               if NAME.fullmatch(path.name.removesuffix(PARTIAL)))
            self.shared.keep_only(self._shared_by(self.names()), written)
            sync(self._directory)
        except OSError as error:
            LOG.warning('warning: %s cannot be cleaned: %s', self._directory, error.strerror)
        except UnreadableError as error:
            LOG.warning('warning: %s cannot be cleaned: %s', self._directory, error)

    def _shared_by(self, names):
        """{name} of the shared files that the checkpoints of these names refer to."""
        paths = (self._directory / name for name in names)
        return {shared for path in paths if path.is_dir() for shared in shared_names(path)}
