"""Rows of a file that are in memory only while they are copied."""
import mmap

import numpy as np


class MappedRows:
    """Rows of a memory map whose pages are released as soon as the rows are copied.

    Otherwise all rows that were ever read would count as memory of the process, up to the size of the file.
    The operating system keeps the pages cached while it has free memory, which avoids reading them again.

    Args:
        array: [N, ...] `np.memmap` that is not written to.

    Attributes:
        shape: [N, ...].
        dtype: of a row's elements.
    """

    def __init__(self, array):
        self._rows, self._map = np.asarray(array), array.base
        self.shape, self.dtype = array.shape, array.dtype

    def __getitem__(self, numbers):
        """The rows of these numbers [...], as [..., *shape of a row]; a copy."""
        copied = self._rows.take(numbers, axis=0)
        self._map.madvise(mmap.MADV_DONTNEED)
        return copied
