"""Labelled copies of HDF5 files in the layouts of LIBERO and robomimic: a file, or folders of files."""
from pathlib import Path

from labels.copies.files import copy_file, files_below, stats_of
from labels.copies.hdf5_file import episodes_of, write_file
from labels.copies.options import check_options
from labels.copies.table import LabelTable
from labels.copies.target import new_copy
from utils.errors import UserError

ENDINGS = ('.hdf5', '.h5')
_HERE = Path('.')


def write_copy(source, target, labels, provenance, options):
    """Writes a copy of a file, or of a folder with files in it and one level below.

    A folder below whose files have no labels is of another suite and is left out. Files that are no HDF5 are
    copied as they are. The copy of a file is the file `target` if that has an ending of HDF5, otherwise a
    file in the folder `target`.

    Args:
        source: path of the file or folder.
        target: path of the new one.
        labels: {(path of the file, name of the episode): `EpisodeLabels`}.
        provenance: {name: JSON value}.
        options: the `CopyOptions`.

    Raises:
        UserError: the labels or the options do not fit, or the copy cannot be written.
    """
    source, target, table = Path(source), Path(target), LabelTable(labels)
    folder, episodes = _opened(source, table, options)
    names = list(episodes)
    if folder != source and target.suffix in ENDINGS:
        write_file(source, target, table, provenance, options, episodes[names[0]])
        return
    with new_copy(target, 'HDF5', table, provenance, options, stats_of(folder, names)) as (partial, kept):
        for name, inside in episodes.items():
            if inside is None:
                copy_file(folder / name, partial / name)
            elif (partial / name).exists():
                for _ in inside:
                    options.report()
            else:
                write_file(folder / name, partial / name, table, kept, options, inside)


def check_source(source, labels, options):
    """Makes sure that a copy can be written, whatever the rewards are; arguments as of `write_copy`.

    Raises:
        UserError: it cannot.
    """
    _opened(Path(source), LabelTable(labels), options)


def _opened(source, table, options):
    """(folder, {path of a file in it: [name of its episodes], None of a file without}) of what is copied."""
    check_options(options, 'HDF5', ('mask', 'next_obs'))
    folder = source if source.is_dir() else source.parent
    names = _chosen(folder, files_below(folder), table) if source.is_dir() else [Path(source.name)]
    _check_paths(source, [folder / name for name in names], table)
    return folder, {name: episodes_of(folder / name, table, options) if _is_data(name) else None
                    for name in names}


def _is_data(name):
    """Whether a path relative to the source is that of a file of episodes, by its name."""
    return name.suffix in ENDINGS and len(name.parts) <= 2 and not name.name.startswith('.')


def _chosen(folder, names, table):
    """Those of some files that are not of another suite."""
    with_data = {name.parent for name in names if _is_data(name)}
    labelled = {name.parent for name in names if _is_data(name) and table.of(folder / name)}
    others = with_data - labelled - {_HERE}
    return [name for name in names if not others & {name.parent, *name.parents}]


def _check_paths(source, files, table):
    """Raises a `UserError` if there are labels of a file that is not among `files`."""
    known = {path.resolve() for path in files if _is_data(Path(path.name))}
    for path in table.paths:
        if path.resolve() not in known:
            raise UserError(f'{path} has labels, but it is no file of episodes of {source}')
