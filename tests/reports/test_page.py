"""report.html: one file, with its text escaped and its pictures inside."""
import base64
import re
import shutil
import subprocess

import pytest
from matplotlib.figure import Figure

from reports.page import Picture, Section, write_page
from utils.errors import UserError
from utils.logs.tables import Table

BROWSER = shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome')


def written(path, title='A run', summary=(), sections=()):
    write_page(path, title, summary, sections)
    return path.read_text(encoding='utf-8')


@pytest.fixture
def whole_page(tmp_path):
    """The path of a page with every kind of part."""
    sections = [Section('Numbers', ('one <two>',), (Table(['name', 'value'], [['a & b', '1.000']], title='t'),
                                                    Picture(Figure((1, 1)), 'an empty "figure"')))]
    written(tmp_path / 'report.html', 'R < D', ['above & below'], sections)
    return tmp_path / 'report.html'


def test_text_of_a_file_is_never_read_as_html(whole_page):
    html = whole_page.read_text(encoding='utf-8')
    assert 'R &lt; D' in html and 'one &lt;two&gt;' in html and 'a &amp; b' in html
    assert 'alt="an empty &#34;figure&#34;"' in html


def test_a_page_needs_no_other_file(whole_page):
    html = whole_page.read_text(encoding='utf-8')
    assert re.findall('(?:src|href)="(?!data:|#)', html) == []
    assert 'url(' not in html and '<script' not in html


def test_a_picture_is_inside_as_png(whole_page):
    encoded = re.search('src="data:image/png;base64,([^"]+)"', whole_page.read_text(encoding='utf-8'))[1]
    assert base64.b64decode(encoded)[:8] == b'\x89PNG\r\n\x1a\n'


def test_a_column_of_names_is_aligned_to_the_left(tmp_path):
    html = written(tmp_path / 'a.html', sections=[Section('s', (), (Table(['n', 'v'], [['a', '1']]),))])
    assert '<td class="left">a</td>' in html and '<td>1</td>' in html


def test_a_page_that_cannot_be_written_is_an_error_in_one_line(tmp_path):
    with pytest.raises(UserError, match='cannot write .*missing/report.html'):
        write_page(tmp_path / 'missing/report.html', 'a', [], [])


@pytest.mark.skipif(BROWSER is None, reason='no Chromium is installed')
def test_a_browser_shows_the_page_without_errors(whole_page, tmp_path):
    shown = subprocess.run([BROWSER, '--headless', '--no-sandbox', '--disable-gpu', '--enable-logging=stderr',
                            f'--user-data-dir={tmp_path / "profile"}', '--dump-dom', whole_page.as_uri()],
                           capture_output=True, text=True, timeout=120, check=True)
    assert 'R &lt; D' in shown.stdout and 'CONSOLE' not in shown.stderr
