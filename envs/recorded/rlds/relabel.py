"""Other rewards in the records of a data set; every other feature keeps its bytes."""
import copy

import numpy as np

from envs.recorded.rlds.checks import part
from envs.recorded.rlds.crc import crc32c, crc_of_parts, masked, masked_crc
from envs.recorded.rlds.example import FLOATS, encoded_parts, floats, integers, of_floats, parse
from envs.recorded.rlds.features import ACTION, REWARD
from envs.recorded.rlds.schema import scalar_json
from envs.recorded.rlds.tfrecord import DAMAGED
from utils.foreign.files import ContentError

RECORDED = 'steps/recorded_reward'
_LARGE = 2 ** 12        # bytes of a feature whose checksum is kept
_ABOUT = 'Learned reward of the action.'


def with_recorded_reward(values):
    """The dictionary of a `features.json` with a float32 reward, and the old one as recorded_reward.

    An old reward that has been kept already stays; so does its absence.

    Args:
        values: the dictionary, as `read_fields` accepts it.
    """
    values = copy.deepcopy(values)
    steps = values['featuresDict']['features']['steps']
    steps = steps if 'featuresDict' in steps else steps['sequence']['feature']
    inner, reward, recorded = steps['featuresDict']['features'], _last(REWARD), _last(RECORDED)
    if reward in inner:
        inner.setdefault(recorded, inner[reward])
    inner[reward] = scalar_json(_ABOUT)
    return values


def num_steps(features, fields):
    """T of a record.

    Args:
        features: {key: `Feature`} of the record.
        fields: {key: `Field`} of the data set.

    Raises:
        ContentError: its actions are missing or invalid.
    """
    with part(ACTION):
        if ACTION not in features or ACTION not in fields:
            raise ContentError('is missing')
        field = fields[ACTION]
        values = (floats if field.stored == FLOATS else integers)(features[ACTION])
        if len(values) % field.width:
            raise ContentError(f'expected {field.width} numbers a step, got {len(values)} in all')
        return len(values) // field.width


def with_rewards(data, checksum, rewards, keep):
    """(parts of the data, checksum) of a record with other rewards.

    The checksum of pictures takes longer than all else, so that it is computed once for both records.

    Args:
        data: of the record.
        checksum: of them, as it is stored.
        rewards: function of its {key: `Feature`} to [T] float32.
        keep: whether to keep the old ones as recorded_reward, if there are some.

    Raises:
        ContentError: it is no record, or damaged.
    """
    features = parse(data)
    known = {id(each.data): crc32c(each.data) for each in features.values() if len(each.data) >= _LARGE}
    # an encoding that is not the usual one has another checksum, although it is whole
    if _checksum(encoded_parts(features), known) != checksum and masked_crc(data) != checksum:
        raise ContentError(DAMAGED)
    new = {**features, REWARD: of_floats(np.asarray(rewards(features), np.float32))}
    if keep and REWARD in features:
        new[RECORDED] = features[REWARD]
    parts = encoded_parts(new)
    return parts, _checksum(parts, known)


def _checksum(parts, known):
    """The checksum of parts, of which {id: CRC-32C} of some is known."""
    found, small = [], []
    for each in [*parts, None]:
        if each is None or id(each) in known:
            joined, small = b''.join(small), []
            found.append((crc32c(joined), len(joined)))
            if each is not None:
                found.append((known[id(each)], len(each)))
        else:
            small.append(each)
    return masked(crc_of_parts(found))


def _last(key):
    return key.rpartition('/')[2]
