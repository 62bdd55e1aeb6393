"""Foreign YAML."""
import pytest

from utils.foreign.files import UnreadableError
from utils.foreign.yaml_files import read_yaml


def test_plain_values_are_read(tmp_path):
    (tmp_path / 'a.yaml').write_text('datasets: /data\n')
    assert read_yaml(tmp_path / 'a.yaml') == {'datasets': '/data'}


@pytest.mark.parametrize('content, expected', [
    (b'[' * 500, 'it is nested too deeply'), (b'a: [', 'while parsing'), (b'\xff', "'utf-8' codec"),
    (b'a: 2024-99-99', 'month must be in 1..12'), (b'!!timestamp x', "'NoneType' object"),
    (b'!!int ""', 'string index out of range'),
    (b'!!python/object/apply:os.mkdir [x]', 'could not determine'),
    (b'#' * 70_000, 'it has 70000 bytes; expected at most 16384'), (b'a\0', 'unacceptable character')])
def test_other_content_is_refused(tmp_path, content, expected):
    (tmp_path / 'a.yaml').write_bytes(content)
    with pytest.raises(UnreadableError) as caught:
        read_yaml(tmp_path / 'a.yaml')
    assert caught.value.cause.startswith(expected)
