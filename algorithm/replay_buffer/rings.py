"""Preallocated ring buffers with one row per step."""
import numpy as np

from utils.errors import UserError
from utils.host import memory_bytes


class Rings:
    """Step n, counted from the first ever written and never renumbered, is stored in slot n % num_slots.

    The operating system allocates the memory of an array as it is first written.

    Args:
        fields: {name: `Field`} of the values stored for a step.
        buffer_size: the value of --buffer_size.
        num_steps: how many are ever written, or None where that is unknown; a slot each is enough.

    Attributes:
        num_slots: the smaller of the two.
        arrays: {name: [num_slots, *shape]}.

    Raises:
        UserError: full arrays would exceed the machine's memory.
    """

    def __init__(self, fields, buffer_size, num_steps=None):
        self.num_slots = num_slots = min(buffer_size, buffer_size if num_steps is None else num_steps)
        _refuse_more_than_memory(buffer_size, num_slots, fields.values())
        self.arrays = {name: np.empty((num_slots, *f.shape), f.dtype) for name, f in fields.items()}

    @property
    def nbytes(self):
        """Bytes of memory once all slots have been written."""
        return sum(array.nbytes for array in self.arrays.values())

    def write(self, step, values):
        """Writes {name: [n, *shape]}, one row per step, starting at `step`; n is at most `num_slots`."""
        slot = step % self.num_slots
        for name, rows in values.items():
            whole = min(len(rows), self.num_slots - slot)
            array = self.arrays[name]
            np.copyto(array[slot:slot + whole], rows[:whole])       # 'same_kind': floats do not become pixels
            np.copyto(array[:len(rows) - whole], rows[whole:])

    def pieces(self, first, stop, max_bytes):
        """Steps `first` to `stop`, exclusive, as views of at most `max_bytes` that do not wrap around.

        Yields:
            (number of the piece's first step, {name: view [n, *shape]}), n at least 1.
        """
        longest = max(1, max_bytes // max(1, self.nbytes // self.num_slots))
        while first < stop:
            slot = first % self.num_slots
            length = min(stop - first, longest, self.num_slots - slot)
            yield first, {name: array[slot:slot + length] for name, array in self.arrays.items()}
            first += length


def _refuse_more_than_memory(buffer_size, num_slots, fields):
    """Raises a UserError when `num_slots` of each of `fields` exceed this machine's memory."""
    present = memory_bytes()
    needed = num_slots * sum(int(np.prod(field.shape)) * np.dtype(field.dtype).itemsize for field in fields)
    if present is not None and needed > present:
        steps = '' if num_slots == buffer_size else f' for the {num_slots} steps of the run'
        raise UserError(f'--buffer_size={buffer_size} needs {needed / 2 ** 30:.1f} GiB of memory{steps}; '
                        f'this machine has {present / 2 ** 30:.1f} GiB')
