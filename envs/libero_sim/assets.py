"""LIBERO's meshes and textures: whether they are installed."""
from utils.errors import UserError

FOLDER = 'assets'           # below `libero/libero`
# one of each kind; a download that was cut, or another folder, lacks some
_EXPECTED = ('scenes', 'textures', 'articulated_objects', 'stable_hope_objects', 'stable_scanned_objects',
             'turbosquid_objects')


def check_assets(package):
    """Checks that the assets are in the package; otherwise its code would try to download them.

    Args:
        package: path of the installed folder `libero/libero`.

    Raises:
        UserError: a folder of them is missing; names the command that finds them.
    """
    if lacking := [name for name in _EXPECTED if not (package / FOLDER / name).is_dir()]:
        raise UserError(f'{package / FOLDER} lacks {lacking[0]}: the meshes and textures of LIBERO are not '
                        'installed; set LIBERO_ASSETS to their folder or .tar.zst and run `make libero`')
