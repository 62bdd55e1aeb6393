"""Other rewards in the records of a data set; every other feature keeps its bytes."""
import copy

import numpy as np

from envs.recorded.rlds.checks import BadDataError, part
from envs.recorded.rlds.example import FLOATS, encoded, floats, integers, of_floats, parse
from envs.recorded.rlds.features import ACTION, REWARD
from envs.recorded.rlds.schema import scalar_json

RECORDED = 'steps/recorded_reward'
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
        BadDataError: its actions are missing or invalid.
    """
    with part(ACTION):
        if ACTION not in features or ACTION not in fields:
            raise BadDataError('is missing')
        field = fields[ACTION]
        values = (floats if field.stored == FLOATS else integers)(features[ACTION])
        if len(values) % field.width:
            raise BadDataError(f'expected {field.width} numbers a step, got {len(values)} in all')
        return len(values) // field.width


def with_rewards(data, rewards, keep):
    """The bytes of a record with other rewards.

    Args:
        data: of the record.
        rewards: function of its {key: `Feature`} to [T] float32.
        keep: whether to keep the old ones as recorded_reward, if there are some.

    Raises:
        BadDataError: it is no record.
    """
    features = parse(data)
    new = of_floats(np.asarray(rewards(features), np.float32))
    if keep and REWARD in features:
        features[RECORDED] = features[REWARD]
    return encoded({**features, REWARD: new})


def _last(key):
    return key.rpartition('/')[2]
