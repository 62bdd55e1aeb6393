"""Which stored arrays of a step become which keys of an observation."""
import re
from typing import NamedTuple

from utils.errors import UserError
from utils.flags.checks import column_keys

# the names of LIBERO's published sets: openpi, OpenVLA (RLDS), LeRobot, IPEC-COMMUNITY; then robomimic's
KNOWN = {
    'agentview': ('image', 'observation/image', 'observation.images.image', 'obs/agentview_rgb',
                  'obs/agentview_image'),
    'wrist': ('wrist_image', 'observation/wrist_image', 'observation.images.wrist_image',
              'observation.images.image2', 'obs/eye_in_hand_rgb', 'obs/robot0_eye_in_hand_image'),
    'state': ('state', 'observation/state', 'observation.state'),
    'joint_state': ('observation/joint_state', 'observation.states.joint_state'),
}
_STATE, _JOINTS = 8, 7      # widths in LIBERO: end effector 3, axis-angle 3, gripper 2; arm
_PARTS = 'observation.states.'      # the same numbers as in observation.state, in parts


class Choice(NamedTuple):
    """The arrays that are read.

    Attributes:
        cameras: {key: name of the column}.
        vectors: {key: names of the columns that are joined}.
        exact: keys of vectors without sensor noise.
    """

    cameras: dict[str, str]
    vectors: dict[str, tuple[str, ...]]
    exact: tuple[str, ...] = ()

    @property
    def columns(self):
        """Names of all columns, each once."""
        return tuple(dict.fromkeys([*self.cameras.values(), *(name for names in self.vectors.values()
                                                              for name in names)]))


def choose(columns, keys, mapping, label):
    """The `Choice` of an observation of a LIBERO suite.

    Args:
        columns: {name: `Column`} of the data set.
        keys: value of --libero_obs.
        mapping: value of --columns.
        label: of the data set, in an error.

    Raises:
        UserError: a column is missing or has another kind or width.
    """
    names, cameras, vectors, exact = _named(columns, mapping, label), {}, {}, ()
    for key in keys.split(','):
        if key.startswith('feature:'):
            vectors['feature'], exact = (_vector(columns, key.removeprefix('feature:'), label),), ('feature',)
        elif key in ('agentview', 'wrist'):
            cameras[key] = _wanted(columns, names, key, 'camera', label)
        else:
            vectors[key] = (_wanted(columns, names, 'state', 'vector', label, _STATE),)
            if key == 'proprio':
                vectors[key] += (_joints(columns, names, label),)
    return Choice(cameras, vectors, exact)


def choose_own(columns, keys, mapping, label):
    """As `choose`, of own data: any keys; without keys, all cameras and vectors."""
    names = _named(columns, mapping, label)
    if 'state' in names and not keys:
        names = {key: name for key, name in names.items() if not name.startswith(_PARTS)}
    chosen = keys.split(',') if keys else list(names)
    for key in chosen:
        if key not in names and key not in columns:
            raise UserError(f'--libero_obs={keys}: {label} has no {key}; found {", ".join(names) or "none"}')
    found = {_plain(key): names.get(key, key) for key in chosen}
    if not found:
        raise UserError(f'{label}: expected cameras or vectors of an observation, found none')
    kinds = {key: columns[name].kind for key, name in found.items()}
    return Choice({key: name for key, name in found.items() if kinds[key] == 'camera'},
                  {key: (name,) for key, name in found.items() if kinds[key] == 'vector'})


def keys_of(columns):
    """{key: name} of all columns: by the known names, otherwise by the last part of the name."""
    names = {key: name for key, known in KNOWN.items() for name in known[::-1] if name in columns}
    rest = [name for name in columns if name not in names.values()]
    shorts = [_plain(re.split('[./]', name)[-1]) for name in rest]
    for name, short in zip(rest, shorts, strict=True):
        names[_plain(name) if short in names or shorts.count(short) > 1 else short] = name
    return {key: name for name in columns for key, own in names.items() if own == name}


def _named(columns, mapping, label):
    """`keys_of`, changed by --columns."""
    given = column_keys(mapping)
    for key, name in given.items():
        if name not in columns:
            raise UserError(f'--columns={key}={name}: {label} has no {name}; found '
                            f'{", ".join(columns) or "no camera and no vector"}')
    names = {key: name for key, name in keys_of(columns).items()
             if key not in given and name not in given.values()}
    return {**names, **given}


def _wanted(columns, names, key, kind, label, width=None):
    """The column of a key."""
    name = names.get(key)
    if name is None:
        raise UserError(f'{label} has no known name for {key}; found {", ".join(columns) or "none"}; '
                        f'give --columns={key}=COLUMN')
    column = columns[name]
    if column.kind != kind or width not in (None, column.shape[0]):
        numbers = f' of {width} numbers' if width else ''
        raise UserError(f'{label}: expected {name} ({key}) as a {kind}{numbers}, got a {column.kind} of '
                        f'shape {list(column.shape)}')
    return name


def _joints(columns, names, label):
    if 'joint_state' not in names:
        raise UserError(f'{label} has no joint angles, which proprio needs; found {", ".join(columns)}; '
                        'train with state in place of proprio, such as --libero_obs=agentview,state, or give '
                        '--columns=joint_state=COLUMN')
    return _wanted(columns, names, 'joint_state', 'vector', label, _JOINTS)


def _vector(columns, name, label):
    if name not in columns or columns[name].kind != 'vector':
        vectors = [other for other, column in columns.items() if column.kind == 'vector']
        raise UserError(f'--libero_obs=feature:{name}: {label} has no such vector; found '
                        f'{", ".join(vectors) or "none"}')
    return name


def _plain(name):
    """A name of the characters that keys may have."""
    return re.sub('[^A-Za-z0-9_.-]', '_', name).lstrip('_.-') or 'column'
