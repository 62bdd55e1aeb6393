"""Replay buffers: contents and draws of our store and samplers for a recorded stream.

The draws are random. Compared are the steps that can be drawn, their probabilities and what they hold;
a recorded batch identifies its steps, and ours must have the same values for those.
"""
import numpy as np

from algorithm.ircr import IRCRSampler
from algorithm.replay_buffer.episode_store import EpisodeStore
from algorithm.replay_buffer.samplers import TransitionSampler
from algorithm.rrd import RRDSampler
from tests.golden import buffer_frames, buffer_tables
from tests.golden.buffer_checks import (
    by_episode,
    check_probability,
    check_transitions,
    draw,
    follow,
    on_stored_steps,
)
from tests.golden.buffer_streams import VectorStream
from tests.golden.buffer_tables import elite_ids, episode_of, tolerance, whole
from tests.golden.case import Case, Result


def run(path):
    """One result; without an implementation where the kind of buffer is unknown."""
    checks = {'buffer_rrd': check_rrd, 'buffer_ircr': check_ircr, 'buffer_transition': check_transition,
              'buffer_framestack': buffer_frames.check,
              'ircr_heap_ties': buffer_tables.check_heap_ties,
              'rrd_coef_table': buffer_tables.check_coefficients}
    for kind, check in checks.items():
        if path.stem.startswith(kind):
            case = Case(path)
            check(case)
            return [Result(case.name, case, tuple(case.unused))]
    return [Result(path.stem, None)]


def check_transition(case):
    """A plain algorithm's buffer, which drops single steps."""
    config, stream = case.config(), VectorStream(case)
    if case.failed:                                                        # later errors would mislead
        return
    store = EpisodeStore(stream.spec, config['buffer_size'], np.random.default_rng(0), drop='steps')
    sampler = TransitionSampler(store, config['batch_size'])
    follow(case, stream, sampler, store)
    index = check_transitions(stream, draw(sampler, store))
    check_probability(case, 'prob/transition', index, on_stored_steps(store, stream))
    check_seeded(case, stream)
    number = np.arange(store.num_added - store.num_steps, store.num_added)
    obs = stream.drawn['obs'][number]
    for key, ours in (('slots/ep', obs[:, 0]), ('slots/t', obs[:, 1])):
        slots = np.full(case[key].shape, -1.0)
        slots[number % store.max_steps] = ours
        case.equal(key, slots)


def check_rrd(case):
    """RRD's buffer: whole episodes, transitions and subsequences."""
    config, stream = case.config(), VectorStream(case)
    if case.failed:
        return
    k = config['rrd_sample_size']
    store = EpisodeStore(stream.spec, config['buffer_size'], np.random.default_rng(0))
    sampler = RRDSampler(store, config['batch_size'], config['rrd_batch_size'] // k, k)
    follow(case, stream, sampler, store)
    batches = draw(sampler, store)
    index = check_transitions(stream, batches)
    exact = on_stored_steps(store, stream)
    check_probability(case, 'prob/fifo', index, exact)

    ids = stream.ids[[stream.check_steps(batch.subsequences) for batch in batches]]                # [N, M, K]
    case.equal('prob/rrd_episode', ids, np.broadcast_to(ids[..., :1], ids.shape))
    check_probability(case, 'prob/rrd_episode', ids[..., 0], np.bincount(stream.ids, exact))
    targets = {}
    for key, part in (('rews', 'mean_reward'), ('var_coef', 'variance_weight')):
        values = np.stack([batch.subsequences._asdict()[part] for batch in batches])
        targets[f'rrd_{key}'] = by_episode(case, f'rrd_{key}_of_episode', stream, ids[..., 0], values)
    check_seeded(case, stream, **targets)
    sequences = [count_sequences(store, *pair) for pair in whole(case, 'n_sequences/pairs').tolist()]
    case.equal('n_sequences/count', sequences)


def check_ircr(case):
    """IRCR's buffer: the store, the elite, and rewards from the returns of both."""
    config, stream = case.config(), VectorStream(case)
    if case.failed:
        return
    store = EpisodeStore(stream.spec, config['buffer_size'], np.random.default_rng(0))
    sampler = IRCRSampler(store, config['batch_size'], np.random.default_rng(1))
    follow(case, stream, sampler, store, sampler)
    batches = draw(sampler, store)
    index = check_transitions(stream, batches, stored_rewards=False)                               # [N, B]
    half = config['batch_size'] // 2
    in_elite = np.isin(stream.ids, elite_ids(sampler))
    check_probability(case, 'prob/fifo', index[:, :half], on_stored_steps(store, stream))
    check_probability(case, 'prob/heap', index[:, half:], in_elite / in_elite.sum())

    rewards = np.stack([batch.transitions.reward for batch in batches])
    by_id = by_episode(case, 'reward_of_episode', stream, stream.ids[index], rewards)
    stream.drawn['rews'] = by_id[stream.ids]
    check_seeded(case, stream)
    sizes = case['odd/batch_size_and_heap_items'][:, 0].astype(int).tolist()
    case.equal('odd/batch_size_and_heap_items', [(size, count_elite(size)) for size in sizes])


def check_seeded(case, stream, **of_episode):
    """Compares a recorded batch with our values of the same steps, or episodes."""
    index = stream.index(case['seeded_batch/obs'])                                                  # [B]
    ours = {key: drawn[index].reshape(len(index), -1) for key, drawn in stream.drawn.items()}
    if of_episode:
        index = stream.index(case['seeded_batch/rrd_obs'])                                          # [M, K]
        ours |= {f'rrd_{key}': stream.drawn[key][index] for key in ('obs', 'obs_next', 'acts')}
        ours |= {key: values[stream.ids[index[:, :1]]] for key, values in of_episode.items()}
    for key, values in ours.items():
        recorded = case[f'seeded_batch/{key}']
        case.close(f'seeded_batch/{key}', values, tolerance(recorded))


def count_sequences(store, batch_size, k):
    """Subsequences in a batch of `batch_size` steps, K of each; 0 where the sampler refuses to draw none."""
    try:
        sampler = RRDSampler(store, None, batch_size // k, k)
    except ValueError:
        return 0
    return len(sampler.sample().subsequences.mean_reward)


def count_elite(batch_size, draws=64):
    """Items of IRCR's batches that come from the elite: those that ever hold an episode long dropped."""
    store = EpisodeStore(buffer_tables.SPEC, 1, np.random.default_rng(0))
    sampler = IRCRSampler(store, batch_size, np.random.default_rng(1))
    for number in range(2):                         # the first leaves the store, but not the elite
        sampler.append(episode_of(number, 1, 0.0))
    drawn = np.stack([sampler.sample_transitions().observation['state'][:, 0] for _ in range(draws)])
    return int((drawn == 0).any(axis=0).sum())
