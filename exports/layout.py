"""Names of the inputs of an exported reward, and the description that is stored with it."""
import json

import numpy as np

from utils.errors import UserError
from utils.types import Field, Spec

ACTION, TASK, REWARD = 'action', 'task', 'reward'
KEY = 'rrd_reward'      # of the description, among the metadata of an ONNX model
FORMAT = 1              # increase it when the meaning of the description changes
_TYPES = ('float32', 'uint8', 'int32')


def input_names(keys, has_tasks):
    """[name] of all inputs: KEY and KEY_next of each array of an observation, `action`, and `task`.

    Raises:
        UserError: two inputs would have one name.
    """
    names = [*(f'{key}{suffix}' for key in keys for suffix in ('', '_next')), ACTION,
             *([TASK] if has_tasks else [])]
    doubled = [name for name in names if names.count(name) > 1]
    if doubled:
        raise UserError(f'expected observations whose names differ from those of other inputs, got two '
                        f'inputs {doubled[0]!r}')
    return names


def inputs_of(before, action, after, number=None):
    """{name of an input: array} of steps; `number` [N] of the task, None without tasks."""
    sides = {f'{key}{suffix}': values[key] for key in before
             for suffix, values in (('', before), ('_next', after))}
    return {**sides, ACTION: action, **({} if number is None else {TASK: number})}


def description(spec, tasks, facts):
    """{name: JSON value} of what a user of an exported reward needs to know.

    Args:
        spec: shapes of the task.
        tasks: names of the tasks that the reward knows; the input `task` is a place in this list.
        facts: {name: JSON value} about the run.
    """
    return {'format': FORMAT, 'inputs': input_names(spec.observation, bool(tasks)), 'output': REWARD,
            'observation': {key: _described(field) for key, field in spec.observation.items()},
            'action': _described(spec.action), 'num_actions': spec.num_actions, 'tasks': list(tasks),
            'tasks_of_suite': list(spec.tasks), 'conventions': _conventions(spec), **facts}


def spec_of(text):
    """(`Spec`, names of the tasks) of a description; `spec.context` is 1 where there are tasks.

    Raises:
        ValueError: it is not a description of this version.
    """
    try:
        found = json.loads(text)
        if found['format'] != FORMAT:
            raise ValueError(f'format {found["format"]}, expected {FORMAT}')
        tasks = _texts(found['tasks'])
        return Spec({key: _field(each) for key, each in found['observation'].items()},
                    _field(found['action']), int(found['num_actions']), int(bool(tasks)),
                    _texts(found['tasks_of_suite'])), tasks
    except (KeyError, OverflowError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f'the description is incomplete: {type(error).__name__} {error}') from error


def _described(field):
    return {'shape': list(field.shape), 'dtype': np.dtype(field.dtype).name, 'stack': field.stack}


def _texts(found):
    """The texts of a list."""
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ValueError(f'expected a list of names of tasks, got {found!r:.40}')
    return tuple(found)


def _field(described):
    if described['dtype'] not in _TYPES:
        raise ValueError(f'type {described["dtype"]!r}, expected one of {", ".join(_TYPES)}')
    shape = described['shape']
    if not isinstance(shape, list) or not all(isinstance(side, int) and side > 0 for side in shape):
        raise ValueError(f'shape {shape!r:.40}, expected a list of integers from 1')
    return Field(tuple(shape), np.dtype(described['dtype']).type,
                 int(described['stack']))


def _conventions(spec):
    """[text] about what the inputs have to be."""
    texts = ['KEY is an observation before the action, KEY_next the one after it; normalisation is inside']
    if any(field.is_camera for field in spec.observation.values()):
        texts.append('frames: uint8 RGB [N, H, W, 3], upright, not mirrored, resized by area averaging')
    if any(field.stack > 1 for field in spec.observation.values()):
        texts.append('frame: uint8 [N, 84, 84, stack], grey, the newest frame last')
    if spec.num_actions:
        return [*texts, 'action: int64 [N], numbers from 0']
    return [*texts, 'action: float32 [N, A], as recorded' if spec.context else
            'action: float32 [N, A] in [-1, 1]; -1 and 1 stand for the bounds of the action space']
