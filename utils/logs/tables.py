"""Plain text tables, the same on a terminal and in a pipe."""
import io
from typing import NamedTuple

from rich.box import Box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

_RULE = Box('    \n    \n -  \n    \n    \n    \n    \n    \n')      # a line below each column's name
_WIDTH = 10000      # characters, more than any table needs: narrower columns would break words


class Table(NamedTuple):
    """A table, not yet laid out.

    Attributes:
        header: names of the columns; a line break may divide one.
        rows: list of rows, a text for each column.
        left: indices of the columns that are aligned to the left; the others hold numbers.
        title: what it shows; may be empty.
    """

    header: list[str]
    rows: list[list[str]]
    left: tuple[int, ...] = (0,)
    title: str = ''

    @property
    def text(self):
        """As plain text, without the title."""
        return text_table(self.header, self.rows, self.left)


def text_table(header, rows, left=(0,), leading=0):
    """A table as wide as its cells, without a trailing line break.

    Args:
        header: names of the columns.
        rows: list of rows, a text for each column; a text may have several lines.
        left: indices of the columns that are aligned to the left; the others hold numbers.
        leading: blank lines between rows.
    """
    table = RichTable(box=_RULE, show_edge=False, leading=leading)
    for index, name in enumerate(header):
        table.add_column(Text(name), justify='left' if index in left else 'right', no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    console = Console(file=io.StringIO(), width=_WIDTH, color_system=None, force_jupyter=False)
    console.print(table)
    return '\n'.join(line.rstrip() for line in console.file.getvalue().splitlines())
