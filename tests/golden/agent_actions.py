"""Actions of an agent and its diagnostics, in the form of the recording."""
from collections import defaultdict

import numpy as np

from tests.golden.agent_names import STEP_INFO


def of_weights(replay, tag):
    """{key: ours} of the recorded observations at the current weights.

    Args:
        replay: `Replay` that plays a case.
        tag: `before` or `after` the updates.
    """
    ours = _numbered(replay, tag) if replay.basis == 'dqn' else _with_noise(replay, tag)
    return {f'step/{tag}/{key}': values for key, values in ours.items()}


def _with_noise(replay, tag):
    """Continuous actions, without and with noise."""
    ours = defaultdict(list)
    for mode in ('greedy', 'explore'):
        for observation, normal in zip(replay.case['step/obs'], replay.case['step/noise'], strict=True):
            if mode == 'explore':
                scale = 1.0 if replay.basis == 'sac' else max(replay.args.std_act, 1e-8)
                replay.noise.queue += [normal / scale] * 2
            _act(replay, {'state': observation}, tag, mode, ours)
    return ours


def _numbered(replay, tag):
    """Discrete actions, and the values that they are chosen by."""
    ours, acting = defaultdict(list), replay.agent.basis.acting
    values = acting.info['q'].op.inputs[0]                                      # the largest of which is q
    for observation in map(_fed, replay.case['step/obs']):
        (key, array), = observation.items()
        ours['q_values'] += list(replay.run(values, {acting.observation[key]: array[np.newaxis]}))
        _act(replay, observation, tag, 'greedy', ours)
    return ours


def _fed(array):
    """A recorded observation as the input of our agent."""
    # the original divides every observation by 255 when it acts, vectors too, but not when it learns
    return {'frame': array} if array.dtype == np.uint8 else {'state': array / np.float32(255)}


def _act(replay, observation, tag, mode, ours):
    """Keeps one action and what is reported of it."""
    action, diagnostics = replay.agent.act_with_diagnostics(observation, mode == 'explore')
    if not np.array_equal(action, replay.agent.act(observation, mode == 'explore')):
        raise AssertionError('act and act_with_diagnostics choose different actions')
    ours[f'{mode}_action'].append(action)
    for key in replay.case.keys(f'step/{tag}/{mode}_info/'):
        name = key.removeprefix(f'step/{tag}/')
        value = diagnostics[STEP_INFO[name.removeprefix(f'{mode}_info/')]]
        ours[name].append(np.reshape(value, replay.case[key].shape[1:]))


def at_random(replay):
    """{key: ours} of the random actions of DQN: with a share `epsilon/eps`, and during the warm-up."""
    if replay.basis != 'dqn':
        return {}
    case, args, stream = replay.case, replay.args, replay.noise.stream
    observation = _fed(case['step/obs'][0])
    step = args.eps_decay * (case['epsilon/eps'] - args.eps_l) / (args.eps_r - args.eps_l)
    ours = {'epsilon/greedy_action': replay.agent.act(observation, explore=False)}
    for key, ready in (('epsilon', True), ('warmup', False)):
        stream.seed(int(case[f'{key}/seed']))
        ours[f'{key}/actions'] = [replay.agent.act(observation, True, step, ready)
                                  for _ in case[f'{key}/actions']]
    return ours


def of_next_values(replay, phase, feed):
    """{key: ours} of the main network's values at the next observation, by which double Q-learning chooses.

    Args:
        replay: `Replay` that plays a case.
        phase: of which `feed` is the batch.
        feed: {placeholder: array}.
    """
    inputs, values = replay.agent.groups[0].inputs.transitions, replay.tensors['values']
    pairs = zip(inputs.observation.values(), inputs.next_observation.values(), strict=True)
    values = replay.run(values, {now: feed[after] for now, after in pairs})
    chosen = np.eye(values.shape[1])[values.argmax(axis=1)]
    return {f'{phase}/tensor/q_next': values, f'{phase}/tensor/pi_next': chosen}
