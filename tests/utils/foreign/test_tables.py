"""Foreign CSV."""
import pytest

from utils.foreign.files import UnreadableError
from utils.foreign.tables import read_frame, read_rows


def cause(read, path):
    with pytest.raises(UnreadableError) as caught:
        read(path)
    return caught.value.cause


def test_whole_rows_are_read(tmp_path):
    (tmp_path / 'a.csv').write_text('x,y\n1,2\n3,4\n5')
    assert read_rows(tmp_path / 'a.csv') == [{'x': '1', 'y': '2'}, {'x': '3', 'y': '4'}]
    assert read_frame(tmp_path / 'a.csv').to_numpy().tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize('content', [b'', b'x,y', b'\n'])
def test_without_a_header_there_are_no_columns(tmp_path, content):
    (tmp_path / 'a.csv').write_bytes(content)
    assert read_rows(tmp_path / 'a.csv') == []
    assert len(read_frame(tmp_path / 'a.csv').columns) == 0


@pytest.mark.parametrize('content', ['x' + ',x' * 10 ** 6 + '\n', 'x\n' + ',' * 10 ** 6 + '\n'],
                         ids=['header', 'row'])
@pytest.mark.parametrize('read', [read_rows, read_frame])
def test_a_million_columns_are_refused(tmp_path, content, read):
    (tmp_path / 'a.csv').write_text(content)
    assert cause(read, tmp_path / 'a.csv').startswith('it has 1000001 columns')


@pytest.mark.parametrize('read', [read_rows, read_frame])
def test_more_cells_than_the_memory_should_hold_are_refused(tmp_path, read):
    (tmp_path / 'a.csv').write_text('x' + ',x' * 9998 + '\n' * 10 ** 4)
    assert '9999 columns in 10000 lines; expected at most' in cause(read, tmp_path / 'a.csv')


@pytest.mark.parametrize('content, expected', [
    (b'x\n\xff\n', "'utf-8' codec"), (b'x\n"' + b'a' * 200_000 + b'"\n', 'field larger than field limit')])
def test_other_content_is_refused(tmp_path, content, expected):
    (tmp_path / 'a.csv').write_bytes(content)
    assert cause(read_rows, tmp_path / 'a.csv').startswith(expected)
