"""args.json: the flags of a run, and the environment, versions and host it ran on."""
import importlib.metadata
import json
import logging
import platform

from utils import host
from utils.errors import UserError, file_errors
from utils.foreign.files import DamagedError, MissingError
from utils.foreign.json_files import read_json
from utils.text import printable
from utils.whole_files import write_whole

LOG = logging.getLogger('rrd')
NAME = 'args.json'
_PACKAGES = ('numpy', 'tensorflow', 'gymnasium', 'mujoco', 'ale-py', 'h5py', 'opencv-python-headless')
_THREADS = ('inter_op_threads', 'intra_op_threads')


def write_args(path, args, environment):
    """Writes `args.json` into the directory `path`: flags, environment, versions and host.

    Args:
        path: directory of the run.
        args: flags of the run.
        environment: {name: value}, such as the resolved id; types that JSON lacks are written as text.

    Raises:
        UserError: the file cannot be written.
    """
    write_record(path, {'flags': dict(args), 'environment': environment, **_versions_and_host(args)})


def read_args(path):
    """The record in the directory `path`, as `write_args` wrote it.

    Raises:
        UserError: the record is missing or invalid.
    """
    try:
        record = read_json(path / NAME)
    except MissingError as error:
        raise UserError(f'{path} is no run (it has no {NAME})') from error
    except DamagedError as error:
        raise UserError(f'{path / NAME} is not the record of a run') from error
    if not isinstance(record, dict) or not all(
            isinstance(record.get(part), dict) for part in ('flags', 'environment', 'versions', 'host')):
        raise UserError(f'{path / NAME} is not the record of a run')
    return record


def update_args(path, args, names):
    """Updates the flags `names` in the record to their values in `args`.

    Raises:
        UserError: the record cannot be read or written.
    """
    record = read_args(path)
    flags = record['flags'] | {name: args[name] for name in names if name in args}
    if flags != record['flags']:
        write_record(path, record | {'flags': flags})


def keep_args(path, record):
    """Writes `record` again, as `read_args` returned it, if it is no longer there; logs that.

    Raises:
        UserError: the file cannot be written.
    """
    if not (path / NAME).exists():
        LOG.warning('warning: %s has vanished; it is written again', path / NAME)
        write_record(path, record)


def changes(path, args):
    """Differences from the record that may change the last digits of a number: [text]."""
    record, now = read_args(path), _versions_and_host(args)
    pairs = [(name, record['versions'].get(name), now['versions'][name]) for name in now['versions']]
    pairs += [(name, record['host'].get(name), now['host'][name]) for name in _THREADS]
    return [printable(f'{name} {new} (was {old})') for name, old, new in pairs if old != new]


def write_record(path, record):
    """Writes `record`, as of `read_args`, into the directory `path`; errors as of `write_args`."""
    text = json.dumps(record, indent=2, default=repr) + '\n'
    with file_errors(f'cannot write {path / NAME}'):
        write_whole(path / NAME, lambda file: file.write(text.encode()))


def _versions_and_host(args):
    """Versions and host: cores, system, processor, memory, threads."""
    threads = host.thread_counts(args.inter_op_threads, args.intra_op_threads,
                                 many_frames=args.get('env_category') == 'recorded')
    memory = host.memory_bytes()
    return {'versions': versions(), 'host': {
        'cores': host.cores(), 'platform': platform.platform(), 'machine': platform.machine(),
        'memory_gib': memory and round(memory / 2**30, 1), **dict(zip(_THREADS, threads, strict=True))}}


def versions():
    """{package: version}, None for a package that is not installed."""
    versions = {'python': platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = None
    return versions
