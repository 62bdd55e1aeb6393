"""The growing table against a plain list."""
import numpy as np

from algorithm.replay_buffer.columns import Columns


def test_columns_match_a_list_of_rows():
    rng = np.random.default_rng(0)
    columns, rows = Columns({'x': ((), np.int64), 'pair': ((2,), np.float32)}, capacity=1), []
    for x in range(500):
        columns.append({'x': x, 'pair': [x, -x]})
        rows.append(x)
        dropped = int(rng.integers(0, min(4, len(rows) + 1)))
        columns.drop(dropped)
        rows = rows[dropped:]
        assert len(columns) == len(rows)
        assert columns['x'].tolist() == rows
        assert columns['pair'].tolist() == [[x, -x] for x in rows]


def test_table_of_steady_size_stays_small():
    columns = Columns({'x': ((), np.int64)}, capacity=4)
    for x in range(10_000):
        columns.append({'x': x})
        columns.drop(int(len(columns) > 1000))
    assert columns.nbytes <= 8 * 2.01 * 1000


def test_nearly_full_table_is_seldom_moved():
    columns, moves, array = Columns({'x': ((), np.int64)}, capacity=100), 0, None
    for x in range(2000):
        columns.append({'x': x})
        columns.drop(int(len(columns) > 98))
        moves += columns['x'].base is not array
        array = columns['x'].base
    assert moves < 40
