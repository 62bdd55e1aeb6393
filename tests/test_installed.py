"""Programs started by a Python without the packages of this project."""
import subprocess
import sys
from pathlib import Path

import pytest

from utils.errors import run
from utils.packages import MODULES

ROOT = Path(__file__).parent.parent
PROGRAMS = {'train.py': 'train', 'plot.py': 'plot', 'sweep.py': 'sweep', 'convert.py': 'convert',
            'export.py': 'export', 'tester': 'tester.__main__', 'envs.libero': 'envs.libero'}


@pytest.mark.parametrize('module', PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_without_packages_gives_one_line(module):
    # -S: without site-packages, as outside of the virtual environment
    done = subprocess.run([sys.executable, '-S', '-c', f'import {module}'], cwd=ROOT, text=True,
                          capture_output=True)
    assert (done.returncode, done.stdout) == (2, '')
    assert done.stderr == (f'error: numpy is not installed for {sys.executable}; run `make demo` once, and '
                           'then `. .venv/bin/activate` in each shell\n')


def test_a_package_that_only_some_runs_need_gives_one_line_when_it_is_missing(capsys):
    def main():
        raise ModuleNotFoundError("No module named 'ale_py'", name='ale_py')

    with pytest.raises(SystemExit, match='2'):
        run(main)
    assert capsys.readouterr().err.startswith('error: ale-py is not installed for ')


@pytest.mark.parametrize('error', [
    ModuleNotFoundError("No module named 'utils.nothing'", name='utils.nothing'),
    ImportError("cannot import name 'x' from 'numpy'", name='numpy')])
def test_other_errors_of_imports_keep_their_traceback(error):
    def main():
        raise error

    with pytest.raises(ImportError) as caught:
        run(main)
    assert caught.value is error


def test_the_packages_are_those_of_the_requirements():
    lines = (ROOT / 'requirements.txt').read_text().splitlines()
    names = [line.split('#')[0].split('>')[0].split('[')[0].strip() for line in lines]
    assert set(MODULES.values()) == {name for name in names if name}
