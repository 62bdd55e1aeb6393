"""Finds the sources of figures: directories of runs, and test records of the authors' code."""
import os
from pathlib import Path

from figures.original import has_place_of_record
from utils.errors import UserError, file_errors
from utils.runs.record import NAME


def find_sources(paths):
    """Directories of runs and .npz files at or below the paths, each once.

    Args:
        paths: directories of runs, or that hold runs; .npz files.

    Raises:
        UserError: a path cannot be read, or holds no source.
    """
    found = {}
    for path in map(Path, paths):
        for source in _sources(path):
            found.setdefault(os.path.realpath(source), source)      # Path.resolve raises for loops of links
    return list(found.values())


def _sources(path):
    with file_errors(f'cannot read {path}'):
        if path.suffix == '.npz' and path.is_file() or (path / NAME).exists():
            return [path]
        if not path.exists():
            raise UserError(f'{path} does not exist; expected the directory of a run, or of several')
    runs, files = _below(path)
    found = [*runs, *filter(has_place_of_record, files)] or files
    if not found:
        raise UserError(f'{path} holds no run: expected {NAME} and progress.csv')
    return found


def _below(path):
    """(directories of runs, .npz files outside of them), sorted; links are followed."""
    runs, files, visited = [], [], set()
    for folder, names, inside in os.walk(path, followlinks=True):
        real = os.path.realpath(folder)
        if real in visited or NAME in inside:
            names.clear()       # no deeper: links may form a cycle, and a run holds no other run
        if real not in visited and NAME in inside:
            runs.append(Path(folder))
        elif real not in visited:
            files += [Path(folder, name) for name in inside if name.endswith('.npz')]
        visited.add(real)
    return sorted(runs), sorted(files)
