"""Foreign JSON."""
import pytest

from utils.foreign.files import UnreadableError
from utils.foreign.json_files import MAX_DEPTH, read_json


def cause(path):
    with pytest.raises(UnreadableError) as caught:
        read_json(path)
    return caught.value.cause


def test_values_are_read(tmp_path):
    (tmp_path / 'a').write_text('{"x": [1, null, "é"]}', encoding='utf-8')
    assert read_json(tmp_path / 'a') == {'x': [1, None, 'é']}


@pytest.mark.parametrize('depth', [MAX_DEPTH + 1, 990, 10 ** 6])
@pytest.mark.parametrize('start, end', [('[', ']'), ('{"a":', '}')])
def test_deep_values_are_refused(tmp_path, depth, start, end):
    (tmp_path / 'a').write_text(start * depth + '1' + end * depth)
    assert cause(tmp_path / 'a') == 'it is nested too deeply'


@pytest.mark.parametrize('start, end', [('[', ']'), ('{"a":', '}')])
def test_values_of_the_greatest_depth_are_read(tmp_path, start, end):
    (tmp_path / 'a').write_text(start * MAX_DEPTH + '1' + end * MAX_DEPTH)
    assert len(read_json(tmp_path / 'a')) == 1


@pytest.mark.parametrize('content, expected', [
    (b'', 'Expecting value'), (b'{', 'Expecting property name'), (b'"\xff"', "'utf-8' codec can't decode"),
    (b'1' * 5000, 'Exceeds the limit')])
def test_other_content_is_refused(tmp_path, content, expected):
    (tmp_path / 'a').write_bytes(content)
    assert cause(tmp_path / 'a').startswith(expected)
