"""LIBERO's settings, in a private folder: without them its import asks a question on the terminal."""
import atexit
import os
import shutil
import tempfile
from pathlib import Path

from utils.errors import file_errors
from utils.whole_files import write_whole

VARIABLE = 'LIBERO_CONFIG_PATH'


def settings(package):
    """Text of a config.yaml that names the folders of an installed package.

    Args:
        package: path of its folder `libero/libero`.
    """
    folders = {'assets': package / 'assets', 'bddl_files': package / 'bddl_files', 'benchmark_root': package,
               'datasets': package.parent / 'datasets', 'init_states': package / 'init_files'}
    # quoted as YAML does: a path may hold a colon or a quote
    return ''.join("{}: '{}'\n".format(name, str(path).replace("'", "''")) for name, path in folders.items())


def use_private_settings(package):
    """Points LIBERO_CONFIG_PATH to a new folder with settings; it is removed when the process ends.

    Settings of the user, which may be of another installation, are neither read nor changed.

    Args:
        package: as for `settings`.

    Returns:
        The folder.

    Raises:
        UserError: it cannot be written.
    """
    with file_errors('cannot write the settings of LIBERO'):
        folder = Path(tempfile.mkdtemp(prefix='libero-settings-'))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        write_whole(folder / 'config.yaml', lambda file: file.write(settings(package).encode()))
    os.environ[VARIABLE] = str(folder)
    return folder
