"""The unfinished folder of a copy, and the provenance that is stored in it."""
import json
from contextlib import contextmanager

from utils.errors import file_errors
from utils.foreign.json_files import read_json
from utils.unfinished import staged
from utils.whole_files import write_whole

PROVENANCE = 'reward_provenance.json'       # in the folder of a copy
KEY = 'reward_provenance'                   # in the attributes of HDF5, and the metadata of parquet
SPLITS = 'splits'           # in the provenance of a folder: {name of an episode: split}
_SHORT = 500                                # characters of a value that may be in every file


@contextmanager
def new_copy(target, form, table, provenance, options, stats, place=PROVENANCE):
    """Yields (the folder `TARGET.partial`, its provenance); the folder becomes `target` in the end.

    A copy that is resumed keeps the provenance with which it began, so that all files have the same.

    Args:
        target: path of the new folder.
        form: name of the layout.
        table: the `LabelTable`.
        provenance: {name: JSON value}.
        options: the `CopyOptions`.
        stats: of the files of the source, as of `stats_of`.
        place: of the provenance in the folder.

    Raises:
        UserError: as of `staged`.
    """
    plan = {'format': f'{form} with rewards', 'labels': table.digest(), 'options': options.values,
            'files': stats}
    with staged(target, plan) as partial:
        path = partial / place
        if not path.exists():
            write_json(path, provenance)
        yield partial, read_json(path)


def write_json(path, values):
    """Writes a JSON value, whole or not at all.

    Raises:
        UserError: it cannot be written.
    """
    text = json.dumps(values, indent=4)
    with file_errors(f'cannot write {path}'):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda file: file.write(f'{text}\n'.encode()))


def shortened(provenance, place):
    """The text of the short entries of a provenance, for a data set of thousands of files.

    Args:
        provenance: {name: JSON value}.
        place: where the whole of it is.
    """
    short = {name: value for name, value in provenance.items()
             if name != SPLITS and len(json.dumps(value)) <= _SHORT}
    return json.dumps({**short, 'whole': place})
