"""The labels of a data set, found by where an episode is stored."""
import hashlib
import os
from pathlib import Path

import numpy as np

from utils.errors import UserError


class LabelTable:
    """Labels by file and name of the episode; one file may be named by several paths.

    Args:
        labels: {(path, name): `EpisodeLabels`}, with paths and names as of a `Recording`.

    Raises:
        UserError: it is empty.
    """

    def __init__(self, labels):
        if not labels:
            raise UserError('expected labels of at least one episode, got none')
        self._named = {}        # {resolved path: (path, {name: `EpisodeLabels`})}
        for (path, name), own in labels.items():
            self._named.setdefault(Path(path).resolve(), (Path(path), {}))[1][name] = own

    @property
    def paths(self):
        """[path] of the files or folders that have labels, as they were named, sorted."""
        return sorted(path for path, _ in self._named.values())

    def of(self, path):
        """{name: `EpisodeLabels`} of the episodes in a file or folder."""
        return self._named.get(Path(path).resolve(), (path, {}))[1]

    def check_known(self, path, names):
        """Makes sure that a file has all episodes of which there are labels.

        Args:
            path: of the file or folder.
            names: of the episodes in it.

        Raises:
            UserError: one is missing.
        """
        missing = [name for name in self.of(path) if name not in names]
        if missing:
            raise UserError(f'{path}: expected {missing[0]}, which has labels; it is not there')

    def steps(self, path, name, length):
        """([S] float32 rewards, [S] bool valid) of an episode; zeros and False if it has no labels.

        Args:
            path: of the file or folder.
            name: of the episode.
            length: S, number of steps that are stored.

        Raises:
            UserError: its labels are of another number of steps.
        """
        own = self.of(path).get(name)
        if own is None:
            return np.zeros(length, np.float32), np.zeros(length, bool)
        if len(own.rewards) != length:
            raise UserError(f'{path}: {name}: expected labels of {length} steps, as stored, got '
                            f'{len(own.rewards)}')
        return own.rewards.astype(np.float32), own.valid.astype(bool)

    def splits(self, path):
        """{name: split} of the episodes in a file or folder: whether the model has learned from them."""
        return {name: own.split for name, own in self.of(path).items()}

    def is_above(self, path, name, above):
        """Whether the predicted return of an episode is greater than `above`; False without labels."""
        own = self.of(path).get(name)
        return own is not None and own.predicted_return > above

    def digest(self):
        """A text that differs where the labels do."""
        found = hashlib.sha256()
        for path, (_, named) in sorted(self._named.items()):
            for name, own in sorted(named.items()):
                found.update(os.fsencode(f'{path}\0{name}\0{len(own.rewards)}\0'))
                found.update(own.rewards.astype('<f4').tobytes() + own.valid.astype('?').tobytes())
        return found.hexdigest()


def relative(path, source):
    """The path of a part of a data set inside `source`.

    Raises:
        UserError: it is elsewhere.
    """
    for one, other in ((Path(os.path.abspath(path)), Path(os.path.abspath(source))),
                       (Path(path).resolve(), Path(source).resolve())):
        if one.is_relative_to(other):
            return one.relative_to(other)
    raise UserError(f'{path} has labels, but it is not inside {source}')
