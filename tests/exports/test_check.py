"""The comparison of an exported reward with that of the run, on rewards made up here."""
import json

import numpy as np
import pytest

from exports.check import check
from exports.layout import description, input_names, spec_of
from utils.errors import UserError
from utils.types import Field, Spec


class FirstOfState:
    """A `LearnedReward` of two tasks: the first number of the state, plus the number of the task."""

    spec = Spec({'state': Field((2,))}, Field((1,)), 0, 2, ('a', 'b'))
    tasks = ('a', 'b')

    def __call__(self, observation, action, next_observation, task=None):
        return observation['state'][:, 0] + np.float32(self.tasks.index(task))


def exact(inputs):
    return inputs['state'][:, 0] + inputs['task'].astype(np.float32)


def test_equal_rewards_agree():
    agreement = check('out', FirstOfState(), exact)
    assert agreement.difference == 0 and agreement.scale > 1 and agreement.steps == 64


@pytest.mark.parametrize('wrong', [
    lambda inputs: exact(inputs) * (1 + 1e-5), lambda inputs: inputs['state'][:, 0],
    lambda inputs: exact(inputs) - exact(inputs).mean(),
    lambda inputs: np.where(inputs['task'] == 1, np.nan, exact(inputs))])
def test_other_rewards_are_refused(wrong):
    with pytest.raises(UserError, match='^out: its rewards differ from those of the run by .*; expected at '
                                        'most 1e-06; nothing was written$'):
        check('out', FirstOfState(), wrong)


def test_a_description_gives_back_the_shapes_and_the_tasks():
    spec = Spec({'frame': Field((84, 84), np.uint8, 4)}, Field((), np.int32), 3)
    assert spec_of(json.dumps(description(spec, (), {}))) == (spec, ())
    found, tasks = spec_of(json.dumps(description(FirstOfState.spec, ('b',), {})))
    assert tasks == ('b',) and found.tasks == ('a', 'b') and found.context == 1


@pytest.mark.parametrize('change', [
    {'tasks': 'ab'}, {'tasks': [['a']]}, {'tasks': [1]}, {'tasks_of_suite': [None]},
    *({'action': {'shape': shape, 'dtype': 'float32', 'stack': 1}}
      for shape in ('3', [-3], [0], [1e999], [2.5])),
    {'action': {'shape': [1], 'dtype': 'float32', 'stack': 1e999}}])
def test_a_description_that_was_tampered_with_is_refused(change):
    text = json.dumps({**description(FirstOfState.spec, ('a', 'b'), {}), **change})
    with pytest.raises(ValueError):
        spec_of(text)


def test_two_inputs_of_one_name_are_refused():
    with pytest.raises(UserError, match="got two inputs 'action'$"):
        input_names(['action', 'state'], False)
    with pytest.raises(UserError, match="got two inputs 'state_next'$"):
        input_names(['state', 'state_next'], False)
    assert input_names(['task'], False) == ['task', 'task_next', 'action']
