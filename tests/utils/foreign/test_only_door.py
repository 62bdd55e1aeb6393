"""No module outside the door opens or parses a foreign file by itself, on syntax trees."""
import ast

import pytest

from tests.test_imports import TREES, below, loaded_with

READERS = {'json.load', 'json.loads', 'np.load', 'numpy.load', 'h5py.File', 'pd.read_csv', 'pandas.read_csv',
           'csv.reader', 'csv.DictReader', 'yaml.load', 'yaml.safe_load', 'zipfile.ZipFile', 'os.open'}
METHODS = {'read_text', 'read_bytes'}
ALLOWED = {
    ('envs.recorded.libero.hdf5', 'json.loads'),    # an attribute inside of an open HDF5 file
    ('envs.recorded.robomimic.read', 'json.loads'),     # as above
    ('envs.recorded.minari.metadata', 'json.loads'),    # a text in a JSON file that the door opened
    ('envs.recorded.lerobot.json_files', 'json.loads'),     # one line of a file that the door opened
    ('envs.recorded.assembly', 'json.loads'),       # a copy of a value of ours, with lists for tuples
    ('labels.copies.labelled', 'json.loads'),       # an attribute of an open file, or metadata of parquet
    ('labels.copies.hdf5_file', 'h5py.File'),       # writes into its own copy
    ('envs.recorded.embeddings', 'zipfile.ZipFile'),    # writes
    ('exports.layout', 'json.loads'),               # an attribute inside of an open ONNX model
    ('utils.streams', 'os.open'),                   # the null device, in place of a closed stream
    ('utils.new_hdf5', 'h5py.File'),                # writes
    ('utils.whole_files', 'os.open'),               # waits for the disk, reads nothing
}


def reads(tree):
    """Names of the readers that a syntax tree calls, `open` for reading among them."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {ast.unparse(call.func) for call in calls}
    found = names & READERS | {method for method in METHODS for name in names if name.endswith(f'.{method}')}
    return found | {'open' for call in calls if opens_for_reading(call)}


def opens_for_reading(call):
    """Whether a call is `open` or `path.open` without a mode, or with one that begins with r."""
    if isinstance(call.func, ast.Name) and call.func.id == 'open':
        modes = call.args[1:2]
    elif isinstance(call.func, ast.Attribute) and call.func.attr == 'open':
        modes = call.args[:1]
        if not (modes and isinstance(modes[0], ast.Constant)):      # `open` of a class of ours
            return False
    else:
        return False
    modes = modes or [keyword.value for keyword in call.keywords if keyword.arg == 'mode']
    return not modes or isinstance(modes[0], ast.Constant) and str(modes[0].value).startswith('r')


@pytest.mark.parametrize('text, expected', [
    ('json.load(file)', {'json.load'}), ('np.load(path, allow_pickle=False)', {'np.load'}),
    ('open(path)', {'open'}), ('open(path, "rb")', {'open'}), ('open(path, mode="r")', {'open'}),
    ('path.open("r")', {'open'}), ('path.read_text()', {'read_text'}), ('open(path, "wb")', set()),
    ('path.open("w")', set()), ('open(path, mode)', set()), ('json.dumps(x)', set()),
    ('Run.open(args)', set()), ('files.load(name)', set())])
def test_reading_is_recognized(text, expected):
    assert reads(ast.parse(text)) == expected


def test_only_the_door_reads_foreign_files():
    found = {(name, reader) for name, tree in TREES.items() if not below(name, 'utils.foreign')
             for reader in reads(tree)}
    assert found - ALLOWED == set()


def test_nothing_is_allowed_that_no_module_needs():
    assert {(name, reader) for name, reader in ALLOWED if reader in reads(TREES[name])} == ALLOWED


def test_the_door_loads_no_large_library_before_it_needs_it():
    modules = [name for name in TREES if below(name, 'utils.foreign')]
    assert len(modules) >= 7
    assert set().union(*map(loaded_with, modules)) & {'h5py', 'pandas', 'yaml'} == set()
