"""Replacements of train.py, with the actions of a test."""
import json
import time

from sweeps import process

_PROGRAM = '''
import json, os, pathlib, signal, sys, time
directory = pathlib.Path(next(word for word in sys.argv if word.startswith('--run_dir='))[10:])
print('lost', flush=True)
calls = directory.with_suffix('.calls')
number = len(calls.read_text().splitlines()) if calls.exists() else 0
with open(calls, 'a') as file:
    file.write(json.dumps([*sys.argv[1:], sorted(path.name for path in directory.glob('*'))]) + '\\n')
directory.mkdir(exist_ok=True)
(directory / 'args.json').touch()
exec(ACTS[min(number, len(ACTS) - 1)])
'''

# an act that saves when it is asked to end
SAVING = ('signal.signal(signal.SIGTERM, lambda *_: ((directory / "saved").touch(), sys.exit(143))); '
          '(directory / "ready").touch(); time.sleep(60)')


def install(monkeypatch, path, *acts):
    """Writes a program at `path` and replaces train.py by it.

    Args:
        monkeypatch: of the test.
        path: of the program.
        acts: what each of its processes for one run does, as Python; the last one is for all that come after.
    """
    path.write_text(f'ACTS = {list(acts)!r}\n{_PROGRAM}')
    monkeypatch.setattr(process, 'PROGRAM', path)


def calls(directory):
    """[words and names of the files in the directory before] of each process of the run."""
    path = directory.with_suffix('.calls')
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def until(condition, limit_s=20):
    """Waits until the condition holds."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, 'it did not come'
        time.sleep(0.02)
