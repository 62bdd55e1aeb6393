"""Runs train.py until a function is called for the n-th time, and kills the process there by SIGKILL.

`python -m tests.killed MODULE:FUNCTION N --flag=value ...`
"""
import importlib
import os
import signal
import sys

import train
from utils.errors import run


def kill_at(place, count):
    """Replaces the function at `module:name.name` by one that kills the process at its `count`-th call."""
    module, names = place.split(':')
    owner = importlib.import_module(module)
    *path, last = names.split('.')
    for name in path:
        owner = getattr(owner, name)
    function, calls = getattr(owner, last), []

    def deadly(*args, **options):
        calls.append(1)
        if len(calls) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **options)

    setattr(owner, last, deadly)


if __name__ == '__main__':
    kill_at(sys.argv[1], int(sys.argv[2]))
    run(lambda: train.main(sys.argv[3:]))
