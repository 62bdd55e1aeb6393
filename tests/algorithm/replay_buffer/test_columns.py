"""The growing table against a plain list."""
import numpy as np
import pytest

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


def test_nearly_full_table_is_rarely_copied():
    columns, moves, array = Columns({'x': ((), np.int64)}, capacity=100), 0, None
    for x in range(2000):
        columns.append({'x': x})
        columns.drop(int(len(columns) > 98))
        moves += columns['x'].base is not array
        array = columns['x'].base
    assert moves < 40


def make_columns(*rows):
    columns = Columns({'x': ((), np.int64), 'pair': ((2,), np.float32)}, capacity=1)
    for x in rows:
        columns.append({'x': x, 'pair': [x, -x]})
    return columns


def test_columns_of_one_table_extend_another():
    source, target = make_columns(1, 2, 3), make_columns(7)
    source.drop(1)
    target.extend(source.columns())
    assert target['x'].tolist() == [7, 2, 3]
    assert target['pair'].tolist() == [[7, -7], [2, -2], [3, -3]]


@pytest.mark.parametrize('skip, expected', [(0, [1, 2, 3]), (2, [3]), (3, []), (9, [])])
def test_the_oldest_rows_may_be_left_out_on_either_side(skip, expected):
    source = make_columns(1, 2, 3)
    one, other = make_columns(), make_columns()
    one.extend(source.columns(), skip)
    other.extend(source.columns(skip))
    assert one['x'].tolist() == other['x'].tolist() == expected
