"""Checkpoints of one number, for tests of their files."""
import numpy as np

from utils.checkpoints.files import CheckpointFiles, place_name
from utils.checkpoints.state_files import write_state


def fill(files, value, shared=()):
    """Function of a directory that writes `value` there, and refers to the shared files of these names."""
    def write_into(directory):
        for name in shared:
            files.shared.add(f'{name}.npz', {'x': np.array([value])})
        write_state(directory, {'value': value, 'array': np.array([value])})
    return write_into


def write(files, *place, shared=()):
    """Writes the checkpoint of a place, with its first number as value."""
    return files.write(place_name(*place), fill(files, place[0], shared))


def make_files(run, *cycles, keep=1):
    """The files of the run in the directory `run`, after these cycles; each has a shared file of its own."""
    files = CheckpointFiles(run / 'checkpoints', keep)
    for cycle in cycles:
        write(files, cycle, shared=[f'cycle-{cycle}'])
    return files


def contents(run):
    """Names of all entries in the directory of checkpoints."""
    return {path.name for path in (run / 'checkpoints').iterdir()}


def shared_names(run):
    """Names of the shared files on disk, without their ending."""
    return {path.stem for path in (run / 'checkpoints' / 'replay').iterdir()}


def saved_values(run):
    """{name: value} of all checkpoints, which must be undamaged."""
    files = make_files(run)
    return {name: files.find(name).state['value'] for name in files.names()}
