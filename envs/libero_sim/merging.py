"""Parts into a data set: files for each task with side files, and a table of all episodes."""
import csv
import io

import numpy as np

from envs.libero_sim.episode_files import merge, truth_of
from envs.libero_sim.recorded import FAILURES
from utils.errors import file_errors
from utils.flags.suites import ENDING
from utils.foreign.hdf5 import hdf5_file
from utils.whole_files import write_whole

REPORT = 'episodes.csv'
_ATTRIBUTES = ('disturbance', 'disturbance_seed', 'disturbance_step')


def rows_of(items, folder):
    """[{column: value}] of the episodes in all parts, in order: what they are, and where they are."""
    rows = []
    for item in items:
        path = item.path_in(folder)
        with hdf5_file(path) as file:
            facts = {name: int(value) for name, value in file.attrs.items()}
            for number in range(len(file)):
                demo = file[f'{number}/demo']
                own = {name: demo.attrs.get(name, '') for name in _ATTRIBUTES}
                rows.append({'suite': item.source.suite, 'task': item.source.task,
                             'demonstration': item.demonstration.name, **facts, **own,
                             'success': int(demo['rewards'][-1]), 'steps': int(demo.attrs['num_samples']),
                             'part': path, 'number': number})
    return rows


def merge_all(folder, sources, rows, alignment, attributes, failures):
    """Writes `SUITE/TASK_demo.hdf5` and `SUITE_failures/TASK_demo.hdf5`, each with its side file.

    Args:
        folder: the unfinished folder.
        sources: [`Source`].
        rows: of `rows_of`; each gets `folder` and `name`, '' for an episode that is left out.
        alignment: of the observations.
        attributes: {name: value} of each file, beside those of its source.
        failures: whether failures are written and episodes numbered anew; otherwise failures are left out,
            and episodes keep the names of their demonstrations.

    Raises:
        UserError: a file cannot be written.
    """
    for source in sources:
        own = [row for row in rows if (row['suite'], row['task']) == (source.suite, source.task)]
        for success in (1, 0):
            name = source.suite if success else f'{source.suite}{FAILURES}'
            chosen = [row for row in own if row['success'] == success]
            is_kept = bool(success or failures)
            for number, row in enumerate(chosen):
                row['folder'] = name if is_kept else ''
                row['name'] = (f'demo_{number}' if failures else row['demonstration']) * is_kept
            if chosen and is_kept:
                _merge_file(folder / name, source, chosen, alignment, attributes)


def _merge_file(folder, source, rows, alignment, attributes):
    path = folder / f'{source.task}{ENDING}'
    if path.exists():       # made before the program was killed
        return
    picked = [(row['name'], row['part'], row['number']) for row in rows]
    truth = truth_of(picked)
    with file_errors(f'cannot write {path}'):
        folder.mkdir(exist_ok=True)
        if truth:
            write_whole(folder / f'progress_{source.task}.npz',
                        lambda file: np.savez_compressed(file, **truth))
        merge(path, source.attributes | attributes, alignment, picked)


def write_report(path, rows):
    """Writes the table of all episodes."""
    columns = [name for name in rows[0] if name not in ('part', 'number')]
    text = io.StringIO(newline='')
    table = csv.DictWriter(text, columns, extrasaction='ignore', lineterminator='\n')
    table.writeheader()
    table.writerows(rows)
    with file_errors(f'cannot write {path}'):
        write_whole(path, lambda file: file.write(text.getvalue().encode()))
