"""Foreign CSV files."""
import csv
import io
from itertools import islice

from utils.foreign.files import DamagedError, read_bytes, reading

MAX_BYTES = 2 ** 28
MAX_COLUMNS = 10_000
MAX_CELLS = 2 ** 26


def read_lines(path):
    """The text of a CSV file without an incomplete last line, which a run may be writing.

    Raises:
        UnreadableError: it cannot be read, is not UTF-8, or has implausibly many columns or cells.
    """
    content = read_bytes(path, MAX_BYTES)
    with reading(path):
        text = content[:content.rfind(b'\n') + 1].decode('utf-8')
        first = islice(csv.reader(io.StringIO(text, newline='')), 100)      # later rows cannot add columns
        columns = max(map(len, first), default=0)
    lines = text.count('\n') + text.count('\r')
    if columns > MAX_COLUMNS or columns * lines > MAX_CELLS:
        raise DamagedError(path, f'it has {columns} columns in {lines} lines; expected at most {MAX_COLUMNS} '
                                 f'columns and {MAX_CELLS} cells')
    return text


def read_cells(path):
    """[[text]] of all lines of a CSV file, the header and an incomplete last line included.

    Raises:
        UnreadableError: it cannot be read, or is not a table in UTF-8.
    """
    content = read_bytes(path, MAX_BYTES)
    with reading(path):
        return list(csv.reader(io.StringIO(content.decode('utf-8-sig'), newline='')))


def read_rows(path):
    """[{column: text}] of the whole rows of a CSV file.

    Raises:
        UnreadableError: it cannot be read, or is not a table.
    """
    text = read_lines(path)
    with reading(path):
        return list(csv.DictReader(io.StringIO(text, newline='')))


def read_frame(path):
    """A DataFrame of the whole rows of a CSV file; empty, without columns, if it has no header.

    Raises:
        UnreadableError: it cannot be read, or is not a table.
    """
    import pandas as pd
    text = read_lines(path)
    if not text.strip():
        return pd.DataFrame()
    with reading(path):
        return pd.read_csv(io.StringIO(text), low_memory=False)
