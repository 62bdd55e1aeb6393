"""The parts of a step in a data set that is written, as `features.json` describes them."""
from typing import NamedTuple

_ABOUT = {      # the words of OpenVLA's data sets
    'image': 'Main camera RGB observation.', 'wrist_image': 'Wrist camera RGB observation.',
    'state': 'Robot EEF state (6D pose, 2D gripper).', 'joint_state': 'Robot joint angles.',
    'action': 'Robot EEF action.', 'discount': 'Discount if provided, default to 1.',
    'reward': 'Reward if provided, 1 on final step for demos.',
    'is_first': 'True on first step of the episode.',
    'is_last': 'True on last step of the episode.',
    'is_terminal': 'True on last step of the episode if it is a terminal step, True for demos.',
    'language_instruction': 'Language Instruction.', 'file_path': 'Path to the original data file.'}
_CORE = 'tensorflow_datasets.core.features'


class Schema(NamedTuple):
    """What a step holds beside reward, flags and sentence.

    Attributes:
        cameras: {name: (height, width)}.
        vectors: {name: D}.
        action: numbers of an action.
        encoding: of frames, 'jpeg' or 'png'.
    """

    cameras: dict[str, tuple[int, int]]
    vectors: dict[str, int]
    action: int = 7
    encoding: str = 'jpeg'


OPENVLA = Schema({'image': (256, 256), 'wrist_image': (256, 256)}, {'state': 8, 'joint_state': 7})


def features_json(schema):
    """The content of `features.json` for a `Schema`."""
    observation = {name: _image(name, size, schema.encoding) for name, size in schema.cameras.items()}
    observation |= {name: _tensor(name, [size]) for name, size in schema.vectors.items()}
    step = {'observation': _dictionary(observation), 'action': _tensor('action', [schema.action]),
            'discount': _tensor('discount'), 'reward': _tensor('reward'),
            **{name: _tensor(name, dtype='bool') for name in ('is_first', 'is_last', 'is_terminal')},
            'language_instruction': _text('language_instruction')}
    return _dictionary({
        'episode_metadata': _dictionary({'file_path': _text('file_path')}),
        'steps': {'pythonClassName': f'{_CORE}.dataset_feature.Dataset',
                  'sequence': {'feature': _dictionary(step), 'length': '-1'}}})


def scalar_json(description):
    """The part of `features.json` about a float32 number of a step."""
    return {**_tensor(''), 'description': description}


def info_json(name, version, split, num_bytes, lengths, description=''):
    """The content of `dataset_info.json` for one split.

    Args:
        name: of the data set.
        version: such as '1.0.0'.
        split: name of the split.
        num_bytes: of all records, without their framing.
        lengths: records of each shard.
        description: text.
    """
    return {'description': description, 'fileFormat': 'tfrecord', 'name': name,
            'releaseNotes': {version: 'Written by convert.py.'},
            'splits': [{'filepathTemplate': '{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}', 'name': split,
                        'numBytes': str(num_bytes), 'shardLengths': [str(length) for length in lengths]}],
            'version': version}


def _dictionary(features):
    return {'featuresDict': {'features': features}, 'pythonClassName': f'{_CORE}.features_dict.FeaturesDict'}


def _tensor(name, dimensions=(), dtype='float32'):
    shape = {'dimensions': [str(size) for size in dimensions]} if dimensions else {}
    kind = 'tensor_feature.Tensor' if dimensions else 'scalar.Scalar'
    return {'description': _ABOUT.get(name, ''), 'pythonClassName': f'{_CORE}.{kind}',
            'tensor': {'dtype': dtype, 'encoding': 'none', 'shape': shape}}


def _image(name, size, encoding):
    return {'description': _ABOUT.get(name, ''), 'pythonClassName': f'{_CORE}.image_feature.Image',
            'image': {'dtype': 'uint8', 'encodingFormat': encoding,
                      'shape': {'dimensions': [str(length) for length in (*size, 3)]}}}


def _text(name):
    return {'description': _ABOUT[name], 'pythonClassName': f'{_CORE}.text_feature.Text', 'text': {}}
