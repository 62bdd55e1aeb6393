"""A page of sections as one HTML file, with every picture inside; it needs no network and no script."""
import base64
import io
from pathlib import Path
from typing import NamedTuple

from utils.errors import file_errors
from utils.logs.tables import Table
from utils.whole_files import write_whole

NAME = 'report.html'
_TEMPLATE = 'page.html.jinja'


class Picture(NamedTuple):
    """A figure with what it shows.

    Attributes:
        figure: a matplotlib `Figure`.
        description: for readers who cannot see it.
    """

    figure: object
    description: str


class Section(NamedTuple):
    """A part of the page.

    Attributes:
        title: its heading.
        texts: paragraphs below it.
        parts: `Table`s and `Picture`s below these, in their order.
    """

    title: str
    texts: tuple[str, ...] = ()
    parts: tuple[Table | Picture, ...] = ()


def write_page(path, title, summary, sections):
    """Writes the page at `path`, whole or not at all; an earlier one is replaced.

    Args:
        path: of the .html file.
        title: heading of the page.
        summary: paragraphs below it.
        sections: [`Section`].

    Raises:
        UserError: it cannot be written.
    """
    html = _render(title, summary, sections)
    with file_errors(f'cannot write {path}'):
        write_whole(path, lambda file: file.write(html.encode()))


def _render(title, summary, sections):
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True,
                              loader=FileSystemLoader(Path(__file__).parent))
    return environment.get_template(_TEMPLATE).render(title=title, summary=summary, sections=[
        (section, [_shown(part) for part in section.parts]) for section in sections])


def _shown(part):
    """{'table': a `Table`}, or {'image': base64 of a PNG, 'description': text}."""
    if isinstance(part, Table):
        return {'table': part}
    file = io.BytesIO()
    part.figure.savefig(file, format='png', dpi=110, metadata={'Software': None})
    return {'image': base64.b64encode(file.getvalue()).decode(), 'description': part.description}
