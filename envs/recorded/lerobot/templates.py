"""Paths from the templates in `meta/info.json`: an untrusted text must not lead out of the data set."""
import re
import string
from pathlib import PurePosixPath

from utils.foreign.files import ContentError


def path_in(folder, template, values, label):
    """The path that a template names; `str.format` never sees the template, as it reaches into objects.

    Args:
        folder: of the data set.
        template: such as 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet'.
        values: {field: int or str}; no other field is allowed.
        label: of the template in an error.

    Raises:
        ContentError: the template is invalid, has an unknown field, or leaves the folder.
    """
    filled = ''.join(_pieces(template, values, label))
    path = PurePosixPath(filled)
    # lexically: the files of a downloaded set may be links into the cache of the downloader
    if path.is_absolute() or not path.parts or '..' in path.parts or re.search(r'[\\\0\n\r]|^\w*:', filled):
        raise ContentError(f'{label}: expected a path inside the data set, got {filled[:200]!r}')
    return folder / path


def _pieces(template, values, label):
    """Yields the parts of a filled template."""
    if not isinstance(template, str) or len(template) > 1000:
        raise ContentError(f'{label}: expected a template of a path, got {template!r:.60}')
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        raise ContentError(f'{label}: expected a template of a path, got {template[:200]!r} ({error})'
                           ) from error
    for text, field, style, conversion in parts:
        yield text
        if field is not None:
            yield _filled(field, style, conversion, values, label)


def _filled(field, style, conversion, values, label):
    if field not in values or conversion or not re.fullmatch(r'|0[1-9]d', style):
        shown = f'{field}{"!" + conversion if conversion else ""}{":" + style if style else ""}'
        raise ContentError(f'{label}: expected fields of {", ".join(sorted(values))}, such as '
                           f'{sorted(values)[0]}:03d; got {shown[:200]}')
    text = str(values[field])
    return text.zfill(int(style[1])) if style else text
