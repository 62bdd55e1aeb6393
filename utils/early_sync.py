"""Puts a file on disk while it is still being written."""
import os
from concurrent.futures import ThreadPoolExecutor

PIECE = 2 ** 22     # bytes that are worth a sync


class EarlySync:
    """A binary file whose content goes to disk in the background, so that a last sync has little left to do.

    A context manager; it waits for its thread, and leaves the file open.

    Args:
        file: open for writing.
    """

    def __init__(self, file):
        self._file, self._pending, self._sync = file, 0, None
        self._pool = ThreadPoolExecutor(1, 'sync')

    def write(self, content):
        """Writes bytes, or an array of bytes [n].

        Raises:
            OSError: they, or earlier ones, could not be written.
        """
        self._file.write(content)
        self._pending += len(content)
        if self._pending >= PIECE and (self._sync is None or self._sync.done()):
            self._check()
            self._file.flush()
            self._sync, self._pending = self._pool.submit(os.fsync, self._file.fileno()), 0

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self._pool.shutdown()
        if kind is None:
            self._check()

    def _check(self):
        if self._sync is not None:
            self._sync.result()
