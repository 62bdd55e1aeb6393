"""Folders that look like LIBERO's, of empty files."""
from utils.libero_tasks import tasks_of

SPATIAL = tasks_of('libero_spatial')


def fill(folder, *tasks):
    """Makes an empty file of each task; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f'{task}_demo.hdf5' for task in tasks]
    for path in paths:
        path.touch()
    return paths
