"""Which flags a target of `label.py` uses, and in which layouts of data it is written."""
from labels.flags import IN_PLACE
from utils.errors import UserError
from utils.foreign.files import is_plain_name

HDF5, RLDS, LEROBOT = 'HDF5', 'RLDS', 'LeRobot'
# {format of episodes: layout of its copies}; copies of the others are not written
LAYOUTS = {'libero': HDF5, 'robomimic': HDF5, 'rlds': RLDS, 'lerobot': LEROBOT}
_NEEDED = {'robomimic': HDF5, 'openvla-filter': RLDS, 'lerobot-reward': LEROBOT,
           **dict.fromkeys(IN_PLACE, LEROBOT)}
_CONVERTED = {HDF5: 'hdf5', RLDS: 'rlds', LEROBOT: 'lerobot'}      # value of convert.py --to
_SIDECAR, _COPY = 'sidecar', 'out'      # targets without --for
# {flag: (targets that use it, how to ask for one)}
_USERS = {
    'chunk': ((_SIDECAR, 'lerobot-rabc'), '--sidecar=FILE.parquet or --for=lerobot-rabc'),
    'tag': (('rlinf-returns',), '--for=rlinf-returns'),
    'mask': ((_COPY, 'robomimic'), '--out=DST, a copy of HDF5 files'),
    'next_obs': ((_COPY, 'robomimic'), '--out=DST, a copy of HDF5 files'),
    'above': ((_COPY, 'robomimic', 'openvla-filter'), '--mask=NAME, --for=robomimic or --for=openvla-filter'),
}


def check_layout(flags, source, form):
    """Refuses a trainer that reads no data of a layout.

    Args:
        flags: of the command.
        source: path of the data set; None for that of the run.
        form: name of its format.

    Raises:
        UserError: names what converts the data.
    """
    needed = _NEEDED.get(flags['for'])
    if needed and (source is None or LAYOUTS.get(form) != needed):
        found = f'{source}, {LAYOUTS.get(form, form)}' if source else 'none'
        works = f'; python convert.py --to={_CONVERTED[needed]} makes one of it' if source else ''
        raise UserError(f'--for={flags["for"]}: expected --data_path, a data set in the layout of {needed}, '
                        f'got {found}{works}')


def check_used(flags, given, form):
    """Refuses a given flag that the target does not use.

    Args:
        flags: of the command.
        given: {name: value} of those that are given.
        form: name of the format of the data set.

    Raises:
        UserError: names the flag, and the targets that use it.
    """
    target = _target(flags)
    shown = f'--for={target}' if flags['for'] else f'--{target}'
    for name, (users, expected) in _USERS.items():
        if name in given and flags[name] not in ('', False):
            if target not in users or (name, target, flags.mask) == ('above', _COPY, ''):
                raise UserError(f'--{name}={flags[name]}: {shown} does not use it; expected {expected}')
            if name in ('mask', 'next_obs') and LAYOUTS.get(form) != HDF5:
                raise UserError(f'--{name}={flags[name]}: expected --data_path, a data set in the layout of '
                                f'{HDF5}, got {LAYOUTS.get(form, form)}')
    if target == 'robomimic' and given.get('next_obs') is False:
        raise UserError('--next_obs=False: --for=robomimic always adds next_obs; expected --out=DST alone')
    if flags.mask and not is_plain_name(flags.mask):
        raise UserError(f'--mask={flags.mask}: expected a name without separators')
    if flags.jobs > 1 and flags.ray:
        raise UserError(f'--jobs={flags.jobs}: the machines of --ray={flags.ray} do the work; expected one '
                        'of the two flags')


def used(flags):
    """{name: value} of the flags that the content of a target depends on, and of --for."""
    target = _target(flags)
    return {'for': flags['for'], **{name: flags[name] for name, (users, _) in _USERS.items()
                                    if target in users}}


def _target(flags):
    return flags['for'] or (_SIDECAR if flags.sidecar else _COPY)
