"""Ring buffers, written in order and read in pieces."""
import numpy as np
import pytest

from algorithm.replay_buffer.rings import Rings
from utils.types import Field


def make_rings(num_slots, num_written):
    """Rings of the steps' numbers, 4 bytes each, into which `num_written` steps were written in pairs."""
    rings = Rings({'number': Field((), np.int32)}, num_slots)
    for step in range(0, num_written, 2):
        rings.write(step, {'number': np.arange(step, step + 2, dtype=np.int32)})
    return rings


@pytest.mark.parametrize('first, stop, max_bytes, expected', [
    (0, 4, 100, [[0, 1, 2, 3]]),
    (5, 5, 100, []),
    (3, 8, 100, [[3, 4], [5, 6, 7]]),               # slot 5 is the first again
    (3, 8, 8, [[3, 4], [5, 6], [7]]),
    (3, 8, 4, [[3], [4], [5], [6], [7]]),
    (3, 8, 1, [[3], [4], [5], [6], [7]]),
    (3, 8, 11, [[3, 4], [5, 6], [7]])])
def test_pieces_are_all_steps_in_order_in_views_of_bounded_size(first, stop, max_bytes, expected):
    rings = make_rings(5, max(4, stop))
    pieces = list(rings.pieces(first, stop, max_bytes))
    assert [piece['number'].tolist() for _, piece in pieces] == expected
    assert [number for number, _ in pieces] == [piece[0] for piece in expected]
    assert all(np.shares_memory(piece['number'], rings.arrays['number']) for _, piece in pieces)
