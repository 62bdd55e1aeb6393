"""Programs whose standard streams are closed, or lack a character."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLOSES = """
import os, sys
for number in {closed}:
    os.close(number)
os.execv(sys.executable, [sys.executable, '-c', sys.argv[1]])
"""
USES_STREAMS = """
import sys
from tqdm import tqdm
from utils.errors import UserError, run
def main():
    with open({path!r}, 'w') as file:
        with tqdm(total=1, disable=None):
            tqdm.write('a line', file=sys.stdout)
        file.write(f'{{file.fileno() > 2}}')
    raise UserError('wrong')
run(main)
"""


@pytest.mark.parametrize('closed', [(2,), (1,), (0,), (0, 1, 2)])
def test_a_closed_stream_stops_nothing_and_gives_its_number_to_no_file(closed, tmp_path):
    path = tmp_path / 'file'
    words = ['-c', CLOSES.format(closed=closed), USES_STREAMS.format(path=str(path))]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True,
                          env=os.environ | {'PYTHONPATH': str(ROOT)})
    assert path.read_text() == 'True'
    assert (done.returncode, done.stdout, done.stderr) == (
        2, '' if 1 in closed else 'a line\n', '' if 2 in closed else 'error: wrong\n')


@pytest.mark.parametrize('kind, text', [('UserError', 'error: log/\\xe9\n'), ('Finished', 'log/\\xe9\n')])
def test_a_terminal_that_lacks_a_character_gets_an_escape(kind, text):
    program = f"""
from utils.errors import *
def main():
    raise {kind}('log/\\xe9')
run(main)
"""
    done = subprocess.run([sys.executable, '-c', program], cwd=ROOT, capture_output=True, text=True,
                          env=os.environ | {'LC_ALL': 'C', 'PYTHONIOENCODING': 'ascii'})
    assert done.stdout + done.stderr == text
