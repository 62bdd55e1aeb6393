"""An exported reward in PyTorch programs, in an environment that has no TensorFlow."""
import re

import numpy as np
import pytest

from exports.layout import inputs_of
from tests.algorithm.agents import make_reward_agent
from tests.exports.models import CONTEXTS, RECORDED, made, need_onnx, recorded_args
from tests.fakes import arguments, random_transitions
from tests.interop.outside import need, printed
from tests.pages import ROOT, read
from utils.types import Field, Spec

need_onnx()
pytestmark = pytest.mark.interop
PENDULUM = Spec({'state': Field((3,))}, Field((1,)))
ABSENT = '''
import importlib.util
assert importlib.util.find_spec('tensorflow') is None
'''
LOADER = '''
import numpy, torch
arrays = {name: torch.from_numpy(values) for name, values in numpy.load('steps.npz').items()}
steps = [{name: values[n] for name, values in arrays.items()} for n in range(len(arrays['action']))]
loader = torch.utils.data.DataLoader(steps, batch_size=4)
'''


def examples(name):
    """[code block] in Python of a page."""
    return re.findall(r'^```python\n(.*?)^```$', read(ROOT / 'docs' / name), re.MULTILINE | re.DOTALL)


def test_the_lines_of_the_page_label_the_batches_of_a_pytorch_loop(tmp_path):
    need('torch', 'onnxruntime')
    code = examples('export.md')[0]
    task, = re.findall(r"index\('(\w+)'\)", code)
    tasks = RECORDED._replace(tasks=('close_it', task, 'unseen'))
    model = made(make_reward_agent(recorded_args(), spec=tasks), tasks,
                 dict(zip(tasks.tasks, CONTEXTS.values(), strict=False)))
    (tmp_path / 'reward.onnx').write_bytes(model.onnx())
    steps = random_transitions(np.random.default_rng(0), 10, tasks)
    np.savez(tmp_path / 'steps.npz', **inputs_of(steps.observation, steps.action, steps.next_observation))
    ending = "    print(*batch['reward'].tolist(), sep='\\n')\n"
    lines = printed(ABSENT + "assert importlib.util.find_spec('loading') is None\n" + LOADER + code + ending,
                    tmp_path)
    expected = model.reward(steps.observation, steps.action, steps.next_observation, task)
    np.testing.assert_allclose([float(line) for line in lines], expected, atol=1e-6)


def test_sac_of_stable_baselines3_learns_from_the_wrapper(tmp_path):
    need('torch', 'stable_baselines3', 'gymnasium', 'onnxruntime')
    model = made(make_reward_agent(arguments('rrd', 'sac'), spec=PENDULUM), PENDULUM)
    (tmp_path / 'reward.onnx').write_bytes(model.onnx())
    code = examples('export.md')[1].replace('Hopper-v4', 'Pendulum-v1').replace('100_000', '300')
    ending = '''
batch = agent.replay_buffer
assert agent.num_timesteps == 300 and agent._n_updates > 0
for place in (0, 150, 298):
    action = batch.actions[place] * 1.0
    print(*batch.observations[place][0], *action[0], *batch.next_observations[place][0],
          batch.rewards[place][0])
'''
    lines = printed(ABSENT + code + ending, tmp_path, path=ROOT)
    assert len(lines) >= 3
    for line in lines[-3:]:
        state, action, after, reward = np.split(np.array(line.split(), np.float32), [3, 4, 7])
        expected = model.reward({'state': state[None]}, action[None], {'state': after[None]})
        np.testing.assert_allclose(reward, expected, atol=1e-5)
