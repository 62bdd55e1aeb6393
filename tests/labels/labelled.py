"""Tiny files to label, and tables of labels as plain values."""
import json

import h5py
import numpy as np
import pyarrow.parquet as pq

from utils.labels.table import PROVENANCE


def close_or_open(path):
    """Makes the gripper of a file's actions -1 or 1, which other formats than HDF5 need."""
    with h5py.File(path, 'r+') as file:
        for demo in file['data'].values():
            demo['actions'][:, 6] = np.where(demo['actions'][:, 6] > 0, 1, -1)


def table(path):
    """({column: list}, provenance) of a table of labels."""
    read = pq.read_table(path)
    return read.to_pydict(), json.loads(read.schema.metadata[PROVENANCE])


def rows(columns, *names):
    """[(value of each column)], sorted."""
    return sorted(zip(*(columns[name] for name in names), strict=True))


def valid_rows(columns):
    """[(file, task, split, reward)] of the valid steps, in the order of tasks and splits."""
    found = zip(*(columns[name] for name in ('file', 'task', 'split', 'reward', 'valid')), strict=True)
    return sorted([row[:4] for row in found if row[4]], key=lambda row: row[1:3])
