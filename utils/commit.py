"""The commit of this project that a file was written with."""
import subprocess
from pathlib import Path

_ROOT = Path(__file__).parents[1]


def commit():
    """The hash of the commit; None where the project is no checkout of git."""
    try:
        done = subprocess.run(['git', '-C', str(_ROOT), 'rev-parse', '--show-toplevel', 'HEAD'],
                              capture_output=True, text=True, check=False)
    except OSError:         # git is not installed
        return None
    lines = done.stdout.split()
    is_ours = done.returncode == 0 and len(lines) == 2 and Path(lines[0]).resolve() == _ROOT.resolve()
    return lines[1] if is_ours else None
