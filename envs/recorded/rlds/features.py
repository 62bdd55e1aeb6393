"""What `features.json` says about the parts of a step: names, shapes, types."""
import re
from typing import NamedTuple

from envs.recorded.raw import Column
from envs.recorded.rlds.checks import read_json, shortened
from envs.recorded.rlds.example import FLOATS, INTEGERS
from utils.foreign.files import ContentError

NAME = 'features.json'
ACTION, REWARD, SENTENCE = 'steps/action', 'steps/reward', 'steps/language_instruction'
ORIGIN = 'episode_metadata/file_path'
OBSERVATION = 'steps/observation'
_DEEPEST, _LARGEST = 16, 8192       # parts of a key; height and width of a frame
_KINDS = {'float': FLOATS, 'bfloat': FLOATS, 'int': INTEGERS, 'uint': INTEGERS, 'bool': INTEGERS}


class Field(NamedTuple):
    """One part of an episode or of a step.

    Attributes:
        kind: 'camera', 'vector', 'scalar', 'text', or the words of `features.json` for anything else.
        shape: (height, width, 3) of a camera, (D,) of a vector, otherwise ().
        stored: `FLOATS` or `INTEGERS` of a vector or scalar; 'jpeg', 'png' or '' (unknown) of a camera.
    """

    kind: str
    shape: tuple[int, ...] = ()
    stored: str = ''

    @property
    def width(self):
        """Numbers of a step."""
        return self.shape[0] if self.shape else 1


def read_fields(folder):
    """{key in a record, such as 'steps/observation/image': `Field`} of a data set.

    Raises:
        ContentError: the file is missing, invalid or of an unknown version, or has no steps.
    """
    waiting, fields = [('', read_json(folder / NAME))], {}
    while waiting:
        key, node = waiting.pop()
        if not isinstance(node, dict) or key.count('/') > _DEEPEST:
            raise ContentError(f'{NAME}: {_label(key)}: expected a feature, got {shortened(node)}')
        inner = _inner(key, node)
        if inner is None:
            fields[key] = _field(key, node)
        waiting += (inner or {}).items()
    if not any(key.startswith('steps/') for key in fields):
        raise ContentError(f'{NAME}: expected the features of RLDS, steps/..., found '
                           f'{", ".join(sorted(fields)[:8]) or "nothing"}')
    return fields


def columns_of(fields):
    """{name, such as 'observation/image': `Column`} of the cameras and vectors of an observation."""
    return {key.removeprefix('steps/'): Column('camera' if field.kind == 'camera' else 'vector',
                                               field.shape or (1,),
                                               field.stored if field.kind == 'camera' else '')
            for key, field in sorted(fields.items())
            if f'{key}/'.startswith(f'{OBSERVATION}/') and field.kind in ('camera', 'vector', 'scalar')}


def check_fields(fields, columns_wanted):
    """Makes sure that the parts of a step that are read are there and of a known type.

    Raises:
        ContentError: one is not.
    """
    for key, kinds in [*((f'steps/{name}', ('camera', 'vector', 'scalar')) for name in columns_wanted),
                       (ACTION, ('vector',))]:
        if key not in fields:
            known = sorted(name for name in fields if name.startswith('steps/'))
            raise ContentError(f'{NAME}: {key} is missing; found {", ".join(known[:16])}')
        _check_kind(fields, key, kinds)
    for key, kind in ((REWARD, 'scalar'), (SENTENCE, 'text'), (ORIGIN, 'text')):
        if key in fields:
            _check_kind(fields, key, (kind,))


def _check_kind(fields, key, kinds):
    if fields[key].kind not in kinds:
        expected = {'camera': 'frames of 3 channels', 'vector': 'a vector', 'scalar': 'a number',
                    'text': 'a text'}
        raise ContentError(f'{NAME}: {key}: expected {" or ".join(expected[kind] for kind in kinds)}, got '
                           f'{fields[key].kind}')


def _inner(key, node):
    """{key: node} of what is in a feature; None if it is the feature of one key in a record."""
    if not key and 'featuresDict' not in node:
        raise ContentError(f'{NAME}: expected featuresDict; got an unknown version, with {sorted(node)[:8]}')
    if 'featuresDict' in node:
        features = _dictionary(key, _dictionary(key, node['featuresDict']).get('features'))
        return {f'{key}/{name}' if key else name: value for name, value in features.items()}
    if key == 'steps' and 'sequence' in node:
        return {'steps': _dictionary(key, node['sequence']).get('feature')}
    return None


def _label(key):
    return shortened(key).strip("'") or 'the whole file'


def _dictionary(key, value):
    if not isinstance(value, dict):
        raise ContentError(f'{NAME}: {_label(key)}: expected a dictionary, got {shortened(value)}')
    return value


def _field(key, node):
    if 'text' in node:
        return Field('text')
    if 'image' in node:
        return _image(key, _dictionary(key, node['image']))
    if 'tensor' in node:
        return _tensor(key, _dictionary(key, node['tensor']))
    return Field(shortened(node.get('pythonClassName', sorted(node))))


def _image(key, image):
    shape, dtype = _shape(key, image), image.get('dtype', 'uint8')
    if len(shape) != 3 or shape[2] != 3 or not 0 < min(shape) <= max(shape) <= _LARGEST or dtype != 'uint8':
        return Field(f'an image of {shortened(dtype)} {list(shape)}')
    encoding = image.get('encodingFormat') or ''
    if encoding not in ('jpeg', 'png', ''):
        return Field(f'an image encoded as {shortened(encoding)}')
    return Field('camera', shape, encoding)


def _tensor(key, tensor):
    shape, dtype, encoding = _shape(key, tensor), tensor.get('dtype'), tensor.get('encoding', 'none')
    match = re.fullmatch('([a-z]+)[0-9]*', dtype) if isinstance(dtype, str) else None
    stored = _KINDS.get(match[1]) if match else None
    if stored is None or len(shape) > 1 or min(shape, default=1) < 1:
        return Field(f'a tensor of {shortened(dtype)} {list(shape)}')
    if encoding != 'none':
        return Field(f'a tensor encoded as {shortened(encoding)}')
    return Field('vector' if shape else 'scalar', shape, stored)


def _shape(key, node):
    """The dimensions of a tensor or an image; -1 for one that differs between steps."""
    values = _dictionary(key, node.get('shape', {})).get('dimensions', [])
    if not isinstance(values, list) or not all(re.fullmatch('-?[0-9]{1,9}', str(value)[:12], re.ASCII)
                                               for value in values):
        raise ContentError(f'{NAME}: {_label(key)}: expected whole numbers as dimensions, got '
                           f'{shortened(values)}')
    return tuple(map(int, values))
