"""Loads an existing run: to play its policy, or to use its reward from Python."""
import os
from typing import Any, NamedTuple

import numpy as np

from utils.errors import UserError
from utils.flags.algorithms import WITH_REWARD_MODEL
from utils.runs.flags import recorded_args

# TensorFlow and Gymnasium are imported inside functions: --help and flag errors do not wait for them.


def evaluation_setup(args, seed, found, stack, camera):
    """(environment, agent, generator) to play the policy of a checkpoint.

    Args:
        args: flags of the run.
        seed: seed of the environment.
        found: the checkpoint, a `Found`.
        stack: `ExitStack` that closes the environment.
        camera: records a video of the episodes, or None.

    Raises:
        UserError: the environment is unavailable, or the checkpoint is of another kind of run.
    """
    from algorithm import create_agent
    from envs.simulated import make_env
    from utils.checkpoints.checkpoint import VARIABLES, check_identity
    from utils.generators import Generators
    from utils.runs.identity import identity

    env = make_env(args, seed, camera and camera.wrap)
    stack.callback(env.close)
    check_identity(found, identity(args, env.spec))
    rngs = Generators(seed)
    agent = create_agent(args, env.spec, rngs.agent)
    agent.restore_weights(found.path / VARIABLES)
    return env, agent, rngs.test


def open_camera(args, path):
    """A context manager that films episodes of the run with flags `args` into the .mp4 file `path`."""
    from envs.simulated.camera import make_camera

    return make_camera(args, path)


class Learned(NamedTuple):
    """The reward model of a run.

    Attributes:
        reward: the `LearnedReward`, a function of arrays.
        agent: the `Agent` that computes it.
        contexts: {name of a task: its vector [C]} of the tasks that it supports; {} without tasks.
        args: flags of the run.
        found: the checkpoint, a `Found`.
    """

    reward: Any
    agent: Any
    contexts: dict[str, np.ndarray]
    args: Any
    found: Any


def load_reward(source):
    """The reward that a run has learned, as a function of arrays; opens no environment and no data.

    Uses the best checkpoint of the run, or the newest if none was kept.

    Args:
        source: directory of a run with a reward model (--alg=rrd), or an .onnx file that export.py wrote,
            for which TensorFlow is not needed; or a list of these, whose rewards are averaged.

    Returns:
        `LearnedReward`, of a list `MeanReward`: call it with (observation, action, next_observation) for
        rewards [N], and with `task` where the run has tasks.

    Raises:
        UserError: there is no such run or file, it has no reward model, or no checkpoint; or those of a list
            differ in their observations, actions or tasks.
    """
    from algorithm.ensemble import MeanReward, check_different
    from utils.runs.directory import expanded

    if isinstance(source, (list, tuple)):
        check_different(source)
        return MeanReward({str(each): load_reward(each) for each in source})
    if str(source).endswith('.onnx'):
        from exports.onnx_reward import open_onnx

        return open_onnx(expanded('out', source))
    return load_learned(source).reward


def load_learned(directory):
    """The `Learned` of a run; arguments and errors as for `load_reward`."""
    from algorithm.learned_reward import LearnedReward
    from utils.checkpoints.checkpoint import check_identity
    from utils.runs.directory import expanded
    from utils.runs.identity import identity, spec_of
    from utils.runs.learned import find_learned

    directory = expanded('run_dir', directory)
    args = recorded_args(directory)
    if args.alg not in WITH_REWARD_MODEL:
        raise UserError(f'{directory} is a run with --alg={args.alg}, which has no reward model; expected '
                        'one with --alg=rrd, lrr or diaster')
    found = find_learned(directory)
    spec = spec_of(found.state['identity'])
    check_identity(found, identity(args, spec))
    contexts = _contexts(args, spec, found) if spec.context else {}
    agent = agent_of(args, spec, found)
    return Learned(LearnedReward(agent, spec, contexts), agent, contexts, args, found)


def _contexts(args, spec, found):
    """{name of a task: its vector [C]} of the tasks that the reward of a run supports."""
    from envs.recorded.side_files import known_contexts

    contexts = known_contexts(spec.tasks, spec.context, args.task_embedding)
    if args.task_embedding:
        return contexts
    # the number of a task without training episodes has no meaning
    return {task: contexts[task] for task in found.state['replay']['tasks']}


def agent_of(args, spec, found):
    """The `Agent` of the reward model of a checkpoint, without its policy.

    Args:
        args: flags of the run.
        spec: shapes of the task.
        found: the checkpoint, a `Found`.
    """
    from algorithm import create_reward_agent
    from utils.checkpoints.checkpoint import VARIABLES
    from utils.logs.console import native_messages

    with open(os.devnull, 'wb') as nowhere, native_messages(nowhere):       # TensorFlow's start-up messages
        agent = create_reward_agent(args, spec, np.random.default_rng(args.seed))
    agent.restore_reward(found.path / VARIABLES)
    return agent
