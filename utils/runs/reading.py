"""The flags by which a finished run reads other episodes than its own."""
from utils.errors import UserError
from utils.flags.flag import Args
from utils.flags.suites import OWN_DATA


def path_flag(recorded):
    """Name of the flag that names the episodes of a run with the flags `recorded`."""
    return 'data_path' if recorded.env == OWN_DATA else 'libero_path'


def reading(recorded, given):
    """The flags of a run, updated by `given`.

    A new path of episodes drops what belongs to the old one: failures, outcomes and names of columns.

    Raises:
        UserError: the path is that of another kind of data.
    """
    path = path_flag(recorded)
    other, = {'data_path', 'libero_path'} - {path}
    if other in given:
        raise UserError(f'--{other}={given[other]}: this run is on --env={recorded.env}; expected --{path}')
    sources = {name: given[name] for name in given if name in recorded}
    if path in given:
        dropped = {name: '' for name in ('libero_failures', 'outcomes', 'columns') if name in recorded}
        sources = {**dropped, **sources}
    return Args({**recorded, **sources})
