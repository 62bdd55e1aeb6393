"""`meta/info.json`: version, frame rate, features and where the files are."""
from pathlib import Path
from typing import Any, NamedTuple

from envs.recorded.lerobot.json_files import read_json, whole_number
from envs.recorded.raw import Column
from utils.foreign.files import ContentError

INFO = 'meta/info.json'
ACTIONS = ('action', 'actions')
REWARD, SUCCESS = 'next.reward', 'next.success'
_FLOATS = ('float16', 'float32', 'float64')
_NO_OBSERVATION = (*ACTIONS, REWARD, 'timestamp')
_CONVERTERS = {
    'v2.0': 'convert it with `python -m lerobot.datasets.v21.convert_dataset_v20_to_v21` of lerobot 0.3.3; '
            'convert_dataset_v21_to_v30 of a newer lerobot leads on to v3.0',
    'v1': 'convert it with `python -m lerobot.datasets.v2.convert_dataset_v1_to_v2` and then '
          '`python -m lerobot.datasets.v21.convert_dataset_v20_to_v21` of lerobot 0.3.3'}


class Info(NamedTuple):
    """What `meta/info.json` declares; sizes are claims until the files confirm them.

    Attributes:
        folder: of the data set.
        version: 'v2.1' or 'v3.0'.
        fps: frames per second.
        columns: {name: `Column`} of cameras and vectors of an observation; an encoding is a claim.
        videos: names of the cameras whose frames are in videos; those of the others are in the parquet files.
        action: name of the column of actions.
        num_actions: A.
        has_reward: whether there is a column `next.reward`.
        has_success: whether there is a column `next.success`.
        data_path: template of the path of a parquet file.
        video_path: template of the path of a video, or None.
        chunks_size: episodes in a folder of v2.1.
    """

    folder: Path
    version: str
    fps: float
    columns: dict[str, Column]
    videos: tuple[str, ...]
    action: str
    num_actions: int
    has_reward: bool
    has_success: bool
    data_path: Any
    video_path: Any
    chunks_size: int


def read_info(folder) -> Info:
    """The `Info` of a data set.

    Raises:
        ContentError: the file is missing, damaged, or of another version.
    """
    path = Path(folder) / INFO
    contents = read_json(path)
    if not isinstance(contents, dict):
        raise ContentError(f'{path}: expected an object, got {type(contents).__name__}')
    version = _version(contents.get('codebase_version'), path)
    features = contents.get('features')
    if not isinstance(features, dict) or not all(isinstance(each, dict) for each in features.values()):
        raise ContentError(f'{path}: expected features with a type and a shape each, got {features!r:.60}')
    fps = contents.get('fps')
    if not isinstance(fps, int | float) or isinstance(fps, bool) or not 0 < fps <= 10000:
        raise ContentError(f'{path}: expected fps, frames per second above 0, got {fps!r:.60}')
    action, num_actions = _action(features, path)
    columns = {name: column for name, feature in features.items()
               if (column := _column(name, feature, path)) is not None}
    videos = tuple(name for name in columns if features[name]['dtype'] == 'video')
    return Info(Path(folder), version, fps, columns, videos, action, num_actions,
                _has(features, REWARD, _FLOATS, path), _has(features, SUCCESS, ('bool',), path),
                contents.get('data_path'), contents.get('video_path'),
                whole_number(contents.get('chunks_size', 1000), f'{path}: chunks_size', low=1))


def _version(version, path):
    if version in ('v2.1', 'v3.0'):
        return version
    text = version if isinstance(version, str) else repr(version)
    advice = next((f': {each}' for start, each in _CONVERTERS.items() if text.startswith(start)), '')
    raise ContentError(f'{path}: expected codebase_version v2.1 or v3.0, got {text[:60]}{advice}')


def _action(features, path):
    """(name, A) of the column of actions."""
    names = [name for name in ACTIONS if name in features]
    if len(names) != 1:
        raise ContentError(f'{path}: expected one feature named action or actions, got {len(names)} among '
                           f'{", ".join(list(features)[:12])[:300]}')
    shape = _shape(names[0], features[names[0]], path)
    if features[names[0]].get('dtype') not in _FLOATS or len(shape) != 1:
        raise ContentError(f'{path}: expected {names[0]} of a float type and shape [A], got '
                           f'{features[names[0]].get("dtype")!r:.60} {list(shape)}')
    return names[0], shape[0]


def _column(name, feature, path):
    """The `Column` of a feature; None if it is not part of an observation."""
    dtype = feature.get('dtype')
    if dtype in ('image', 'video'):
        return _camera(name, feature, path)
    if dtype in _FLOATS and name not in _NO_OBSERVATION:
        shape = _shape(name, feature, path)
        return Column('vector', shape) if len(shape) == 1 else None
    return None


def _camera(name, feature, path):
    shape = _shape(name, feature, path)
    names = feature.get('names')
    if isinstance(names, list) and names and isinstance(names[0], str) and names[0].startswith('channel'):
        shape = (*shape[1:], *shape[:1])        # a declaration only: files hold height, width, channels
    if len(shape) != 3 or shape[2] != 3 or max(shape) > 2 ** 13:
        raise ContentError(f'{path}: expected {name} of shape [height, width, 3], got {list(shape)}')
    facts = feature.get('info', feature.get('video_info'))
    codec = facts.get('video.codec') if isinstance(facts, dict) else None
    if feature['dtype'] == 'image':
        return Column('camera', shape, 'png')
    return Column('camera', shape, codec if isinstance(codec, str) else '')


def _shape(name, feature, path):
    shape = feature.get('shape')
    if not isinstance(shape, list) or not 1 <= len(shape) <= 5:
        raise ContentError(f'{path}: expected a shape of {name}, got {shape!r:.60}')
    return tuple(whole_number(size, f'{path}: shape of {name}', low=1, high=2 ** 16) for size in shape)


def _has(features, name, dtypes, path):
    """Whether a feature of one number is there."""
    if name not in features:
        return False
    dtype, shape = features[name].get('dtype'), _shape(name, features[name], path)
    if dtype not in dtypes or shape != (1,):
        raise ContentError(f'{path}: expected {name} of type {dtypes[-1]} and shape [1], got {dtype!r:.60} '
                           f'{list(shape)}')
    return True
