"""The directory of a run: its name, whether it can be made, and the record of how the run was started."""
import contextlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
from pathlib import Path

from utils import host
from utils.errors import UserError

_PACKAGES = ('numpy', 'tensorflow', 'gymnasium', 'mujoco')


def run_name(args):
    """`<tag, or algorithm>-<env>-seed<k>`, of letters, digits, `.`, `_` and `-` only.

    Without a tag the algorithm is told by all that tells two runs of the paper apart: `rrd-l` for
    RRD-L(RD), the basis algorithm, and `normal` for rewards at each step.
    """
    parts = [args.tag] if args.tag else _algorithm(args)
    return re.sub(r'[^A-Za-z0-9._-]', '_', '-'.join([*parts, args.env, f'seed{args.seed}']))


def _algorithm(args):
    parts = ['rrd-l' if args.alg == 'rrd' and args.rrd_bias_correction else args.alg]
    if 'basis_alg' in args:
        parts.append(args.basis_alg)
    if args.env_type == 'normal':
        parts.append('normal')
    return parts


def run_directory(args):
    """The directory that `args` ask for: `--run_dir`, or `log/` and the run's name."""
    return Path(args.run_dir).expanduser() if args.run_dir else Path('log') / run_name(args)


def check_directory(args):
    """The run's directory, once it is certain that the run may have it; writes nothing.

    Raises:
        UserError: it exists, cannot be made, or (with `--resume`) holds no run.
    """
    path = run_directory(args)
    if args.resume:
        _check_resumable(path)
    else:
        check_free(path)
    return path


def _check_resumable(path):
    if not os.path.isfile(path / 'args.json'):
        raise UserError(f'--resume=True: {path} is no run (it has no args.json)')
    raise UserError(f'--resume=True: {path} is a run, but resuming is not implemented yet in this version')


def check_free(path):
    """Makes sure that `path` can be made, without making it.

    Raises:
        UserError: it exists, even empty, or its nearest existing parent is no writable directory.
    """
    try:
        path.lstat()
    except FileNotFoundError:
        _check_parent(path)
    except OSError as error:
        raise _unusable(path, error.strerror) from error
    else:
        raise UserError(f'{path} exists and is not overwritten; choose another --run_dir '
                        '(without one, another --tag or --seed)')


def _check_parent(path):
    parent = next(parent for parent in path.absolute().parents if os.path.lexists(parent))
    if not (parent.is_dir() and os.access(parent, os.W_OK | os.X_OK)):
        raise _unusable(path, f'{parent} is not a writable directory')
    if any(len(os.fsencode(part)) > os.pathconf(parent, 'PC_NAME_MAX') for part in path.parts):
        raise _unusable(path, 'its name is too long')


def create(path):
    """Makes the directory `path` and the parents it lacks; on failure none of them stays.

    Returns:
        What was made, in this order.

    Raises:
        UserError: it exists or cannot be made.
    """
    made = []
    try:
        for directory in [*reversed(path.absolute().parents), path]:
            if directory is path or not directory.is_dir():
                directory.mkdir(exist_ok=directory is not path)    # another run may make a parent just now
                made.append(directory)
    except OSError as error:
        _remove_empty(made)
        raise _unusable(path, error.strerror) from error
    return made


def discard(made):
    """Takes back what `create` made, with all that was written into the run's directory since."""
    *parents, path = made
    shutil.rmtree(path, ignore_errors=True)
    _remove_empty(parents)


def _remove_empty(directories):
    for directory in reversed(directories):
        with contextlib.suppress(OSError):    # another run's directory is in it by now
            directory.rmdir()


def _unusable(path, reason):
    return UserError(f'cannot make the directory {path}: {reason}; choose another --run_dir')


def write_args(path, args, environment):
    """Writes `args.json` into the directory `path`: what was asked for, and what it ran on.

    Args:
        path: directory of the run.
        args: flags of the run.
        environment: {name: value}, such as the resolved id; what JSON lacks is kept as text.

    Raises:
        UserError: the file cannot be written.
    """
    threads = host.thread_counts(args.inter_op_threads, args.intra_op_threads)
    record = {'flags': dict(args), 'environment': environment, 'versions': versions(),
              'host': _host_facts() | {'inter_op_threads': threads[0], 'intra_op_threads': threads[1]}}
    text = json.dumps(record, indent=2, default=repr) + '\n'
    try:
        (path / 'args.json').write_text(text, encoding='utf-8')
    except OSError as error:
        raise UserError(f'cannot write {path / "args.json"}: {error.strerror}') from error


def versions():
    """{package: version}, None for a package that is not installed."""
    versions = {'python': platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = None
    return versions


def _host_facts():
    """What a run's speed depends on: cores that this process may use, system, processor, memory."""
    memory = host.memory_bytes()
    return {'cores': host.cores(), 'platform': platform.platform(), 'machine': platform.machine(),
            'memory_gib': memory and round(memory / 2**30, 1)}
