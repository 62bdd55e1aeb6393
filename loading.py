"""Loads an existing run: to play its policy, to evaluate its reward, or to use its reward from Python."""
import os
from typing import Any, NamedTuple

import numpy as np

from utils.errors import UserError
from utils.flags.flag import Args
from utils.flags.suites import OWN_DATA
from utils.runs.flags import recorded_args

# TensorFlow, Gymnasium and h5py are imported inside functions: --help and flag errors do not wait for them.


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
    agent.restore_variables(found.path / VARIABLES)
    return env, agent, rngs.test


def open_camera(args, path):
    """A context manager that films episodes of the run with flags `args` into the .mp4 file `path`."""
    from envs.simulated.camera import make_camera

    return make_camera(args, path)


def evaluate_setup(args, found, after_episode):
    """A tester over every recorded episode that is found, of a checkpoint.

    Args:
        args: flags of the run, with the paths of the episodes.
        found: the checkpoint, a `Found`.
        after_episode: function from the number of episodes to an object whose `check()` is called after each.

    Returns:
        The `OfflineTester`, [text] about the episodes, and [`Recording`] that its baselines are fitted to.

    Raises:
        UserError: the data are unavailable, or do not match the training data of the model.
    """
    from envs.recorded.dataset import load_all
    from tester.recorded.tester import OfflineTester
    from utils.checkpoints.checkpoint import check_identity
    from utils.logs.console import frame_bar
    from utils.runs.identity import identity, spec_of

    data = load_all(args, frame_bar, spec_of(found.state['identity']))
    check_identity(found, identity(args, data.spec))
    agent = agent_of(args, data.spec, found)
    stop = after_episode(len(data.recordings))
    return (OfflineTester(agent, None, data.recordings, data.recordings, stop),
            [*data.notices, *_cautions(args, data, found)], data.recordings)


def held_out_setup(args, found, after_episode):
    """As `evaluate_setup`, over the episodes that the run has held out; baselines are those of its training.

    Args:
        args: flags of the run.
        found: as for `evaluate_setup`.
        after_episode: as for `evaluate_setup`.

    Raises:
        UserError: the data are unavailable or have changed, or nothing was held out.
    """
    from envs.recorded.dataset import load
    from tester.recorded.tester import OfflineTester
    from utils.logs.console import frame_bar
    from utils.runs.identity import check_resumable

    data = load(args, frame_bar)
    check_resumable(found, args, data.spec, data.fingerprint)
    if not data.held_out:
        raise UserError('no episode was held out by this run; name other episodes to evaluate on')
    agent, stop = agent_of(args, data.spec, found), after_episode(len(data.held_out))
    return OfflineTester(agent, None, data.held_out, data.recordings, stop), data.notices, data.recordings


def _cautions(args, data, found):
    """[text]: caveats of the numbers."""
    texts = ['baselines are fitted to the same episodes that are evaluated']
    trained = found.state['identity']['data']
    if count := sum(file in trained for file in data.fingerprint):
        texts.append(f'warning: the run has learned from {count} of these {len(data.files)} files, except '
                     'for held-out episodes: the numbers include training episodes')
    unseen = [task for task in data.tasks if task not in found.state['replay']['tasks']]
    if unseen and not args.task_embedding:
        texts.append(f'warning: the run has learned from no episode of {", ".join(unseen)}: its task '
                     'number has no meaning to the model')
    return texts


def label_setup(args, found, flag, resize=False):
    """(all episodes that are found, a `Dataset` without frames; its `Item`s) for labels by a checkpoint.

    Args:
        args: flags of the run, with the path of the episodes.
        found: the checkpoint, a `Found`.
        flag: name and value of the flag that names the episodes, for errors.
        resize: whether frames of another stored size than those of the run are accepted.

    Raises:
        UserError: the data are unavailable, or do not match the training data of the model.
    """
    from envs.recorded.dataset import load_stored
    from labels.checks import check_shapes, check_sizes, check_tasks
    from labels.parts import items_of
    from utils.checkpoints.checkpoint import check_identity
    from utils.runs.identity import identity, spec_of

    model = spec_of(found.state['identity'])
    if args.env == OWN_DATA and not args.libero_obs:    # what the model takes, whatever else there is
        args = Args({**args, 'libero_obs': ','.join(model.observation)})
    data = load_stored(args, model)
    check_shapes(model, data.spec, flag)
    check_identity(found, identity(args, data.spec))
    if not args.task_embedding:
        check_tasks(data, found.state['replay']['tasks'], flag)
    check_sizes(data, found.state['parts']['tester'].get('seen', {}).get('sizes', {}), flag, resize)
    return data, items_of(data)


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
            for which TensorFlow is not needed.

    Returns:
        `LearnedReward`: call it with (observation, action, next_observation) for rewards [N], and with `task`
        where the run has tasks.

    Raises:
        UserError: there is no such run or file, it has no reward model, or no checkpoint.
    """
    from utils.runs.directory import expanded

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
    if args.alg != 'rrd':
        raise UserError(f'{directory} is a run with --alg={args.alg}, which has no reward model; expected '
                        'one with --alg=rrd')
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
