"""Replay buffers of stacked frames: contents and draws of our store and samplers for a recorded stream.

The original draws the steps of a subsequence with replacement, although its variance weight assumes draws
without. Ours draws without, as the original's buffer of vectors does. So how often steps repeat is not
compared.
"""
import numpy as np

from algorithm.ircr import ReturnSampler
from algorithm.replay_buffer.episode_store import EpisodeStore
from algorithm.replay_buffer.samplers import TransitionSampler
from algorithm.rrd import RRDSampler
from tests.golden.buffer_checks import (
    by_episode,
    check_probability,
    check_transitions,
    draw,
    follow,
    on_stored_steps,
)
from tests.golden.buffer_streams import FrameStream
from tests.golden.buffer_tables import stored_ids, tolerance


def check(case):
    """The buffer of a plain algorithm, of IRCR or of RRD."""
    config, stream = case.config(), FrameStream(case)
    if case.failed:                                                        # later errors would mislead
        return
    store = EpisodeStore(stream.spec, config['buffer_size'], np.random.default_rng(0))
    sampler = _sampler(config, store)
    follow(case, stream, sampler, store)
    check_stacks(case, stream, store)

    batches = draw(sampler, store, share=0.1)                              # of frames, all would fill memory
    index = check_transitions(stream, batches, stored_rewards=config['alg'] != 'ircr')            # [N, B]
    check_probability(case, 'prob/transition', index, on_stored_steps(store, stream))
    targets = {}
    if config['alg'] == 'ircr':
        rewards = np.stack([batch.transitions.reward for batch in batches])
        by_id = by_episode(case, 'reward_of_sample', stream, stream.ids[index], rewards, stored_ids(store))
        stream.drawn['rews'] = by_id[stream.ids]
    if config['alg'] == 'rrd':
        targets = check_subsequences(case, config, stream, store, batches)
    check_seeded(case, stream, batches[0], targets)


def _sampler(config, store):
    """The sampler of a recording's algorithm."""
    if config['alg'] == 'rrd':
        k = config['rrd_sample_size']
        return RRDSampler(store, config['batch_size'], config['rrd_batch_size'] // k, k)
    return (ReturnSampler if config['alg'] == 'ircr' else TransitionSampler)(store, config['batch_size'])


def check_stacks(case, stream, store):
    """Compares the frames of every observation of the stored episodes, the first ones included."""
    rows = []
    for row, length in enumerate(store.lengths):
        steps = store.transitions(np.full(length, row), np.arange(length))
        stacks = np.concatenate([stream.seen(steps.observation)[:1], stream.seen(steps.next_observation)])
        rows += [[stacks[0, 0], i - 1, *stack] for i, stack in enumerate(stacks)]
    case.equal('get_obs/rows', rows)
    oldest = store.transitions(np.array([0]), np.array([0])).next_observation['frame'][0]
    case.close('get_obs/example', oldest / np.float32(255), 1e-7)


def check_subsequences(case, config, stream, store, batches):
    """Compares subsequences; returns {key of a recorded batch: its value by episode}."""
    k, stored = config['rrd_sample_size'], stored_ids(store)
    index = np.stack([stream.check_steps(batch.subsequences) for batch in batches])               # [N, M, K]
    case.equal('rrd/sample_size', index.shape[-1])
    case.equal('rrd/episode_length', store.lengths)
    ids = stream.ids[index]
    case.equal('rrd/episode_length (steps of one episode)', ids, np.broadcast_to(ids[..., :1], ids.shape))
    index, ids = np.sort(index.reshape(-1, k)), ids[..., 0]
    repeated = (index[:, 1:] == index[:, :-1]).any(axis=1)                                        # [N * M]
    # original: repeated where there are enough steps too; see docs/fidelity.md
    case.equal('rrd/sample_size (repeated steps)', repeated, k > np.bincount(stream.ids)[ids.ravel()])
    targets = {}
    for key, name, part in (('rews', 'target', 'mean_reward'), ('var_coef', 'var_coef', 'variance_weight')):
        values = np.stack([getattr(batch.subsequences, part) for batch in batches])
        targets[f'rrd_{key}'] = by_episode(case, f'rrd/{name}', stream, ids, values, stored)
    return targets


def check_seeded(case, stream, ours, targets):
    """Compares a recorded batch with our values of the same steps, or episodes."""
    index = stream.index(case['seeded_batch_frames/obs'])                                         # [B]
    case.equal('seeded_batch/acts', stream.drawn['acts'][index])
    for key in ('rews', 'done'):
        _close(case, f'seeded_batch/{key}', stream.drawn[key][index, np.newaxis])
    drawn = [('', index, ours.transitions)]
    if targets:
        drawn.append(('rrd_', stream.index(case['seeded_batch_frames/rrd_obs']), ours.subsequences))
        case.equal('seeded_batch/rrd_acts', stream.drawn['acts'][drawn[1][1]])
    for kind, steps, part in drawn:
        for key, observation in (('obs', part.observation), ('obs_next', part.next_observation)):
            case.equal(f'seeded_batch_frames/{kind}{key}', stream.drawn[key][steps])
            case.equal(f'seeded_batch_shape/{kind}{key}', observation['frame'].shape)
    for key, by_id in targets.items():
        _close(case, f'seeded_batch/{key}', by_id[stream.ids[drawn[1][1][:, :1]]])


def _close(case, key, ours):
    case.close(key, ours, tolerance(case[key]))
