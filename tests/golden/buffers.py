"""Replay buffers: what our store and samplers keep and draw of a recorded stream.

The draws are random. Compared are the steps that can be drawn, their probabilities and what they hold;
a recorded batch tells which steps it holds, and ours must hold the same for those.
"""
import numpy as np

from algorithm.ircr import IRCRSampler
from algorithm.replay_buffer.episode_store import EpisodeStore
from algorithm.replay_buffer.samplers import TransitionSampler
from algorithm.rrd import RRDSampler
from tests.golden import buffer_tables
from tests.golden.buffer_stream import Stream
from tests.golden.buffer_tables import elite_ids, episode_of, padded, stored_ids, tolerance, whole
from tests.golden.case import Case, Result

SIGMAS = 6.0                    # of a frequency around its probability
DRAWS_PER_STEP, MAX_DRAWS = 400, 200_000


def run(path):
    """One result; buffers of frames are without an implementation."""
    checks = {'buffer_rrd': check_rrd, 'buffer_ircr': check_ircr, 'buffer_transition': check_transition,
              'ircr_heap_ties': buffer_tables.check_heap_ties,
              'rrd_coef_table': buffer_tables.check_coefficients}
    for kind, check in checks.items():
        if path.stem.startswith(kind):
            case = Case(path)
            check(case)
            return [Result(case.name, case, tuple(case.unused))]
    return [Result(path.stem, None)]


def check_transition(case):
    """A plain algorithm's buffer, which forgets step by step."""
    config, stream = case.config(), Stream(case)
    if case.failed:                                                        # its numbers would mislead
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
    config, stream = case.config(), Stream(case)
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
    config, stream = case.config(), Stream(case)
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


def follow(case, stream, sampler, store, ircr=None):
    """Feeds the stream; compares counters after each transition and episodes after each end."""
    trace, after = [], []
    for running, ended in stream.feed(sampler, store):
        counters = {'length': running.num_steps, 'ep_counter': running.episodes_added - (not ended),
                    'step_counter': running.num_added, 'episodes_stored': running.num_episodes,
                    'head_idx': running.episodes_added - running.num_episodes}
        if ircr is not None:
            low, high = ircr.return_range
            counters |= {'fifo_min': low, 'fifo_max': high, 'heap_length': sum(e.length for e in ircr.elite)}
        trace.append(counters)
        if ended:
            tables = {'ids': stored_ids(store), 'lengths': store.lengths.copy(), 'sums': store.returns.copy()}
            after.append(tables if ircr is None else tables | elite_tables(ircr))
    for key in case.keys('trace/'):
        ours = [counters[key.removeprefix('trace/')] for counters in trace]
        case.close(key, ours, tolerance(case[key]) if case[key].dtype.kind == 'f' else 0.0)
    for key in case.keys('after_episode/'):
        ours = padded([tables[key.removeprefix('after_episode/')] for tables in after], case[key])
        case.close(key, ours, tolerance(case[key]) if case[key].dtype.kind == 'f' else 0.0)


def elite_tables(ircr):
    """Elite episodes in the order of (return, number), as they were recorded."""
    returns, lengths = np.transpose([(episode.total_reward, episode.length) for episode in ircr.elite])
    order = np.lexsort([elite_ids(ircr), returns])
    return {'heap_ids': elite_ids(ircr)[order], 'heap_lengths': lengths[order], 'heap_sums': returns[order]}


def draw(sampler, store):
    """Batches, so many that none of the stored steps can be missed."""
    size = len(sampler.sample_transitions().reward)
    return [sampler.sample() for _ in range(min(DRAWS_PER_STEP * store.num_steps, MAX_DRAWS) // size + 1)]


def check_transitions(stream, batches, stored_rewards=True):
    """Compares what the transitions of the batches hold with the stream; returns their numbers [N, B]."""
    index = []
    for batch in batches:
        index.append(stream.check_steps(batch.transitions))
        stream.compare('done', index[-1], batch.transitions.terminal)
        if stored_rewards:
            stream.compare('rews', index[-1], batch.transitions.reward)
    return np.stack(index)


def on_stored_steps(store, stream):
    """[transitions of the stream] probability of each, from the store's own counts."""
    number = np.arange(len(stream.ids))
    return (number >= store.num_added - store.num_steps) / store.num_steps


def check_probability(case, key, index, exact):
    """Compares recorded probabilities with ours, and the draws `index` with both."""
    frequency = np.bincount(index.ravel(), minlength=len(exact)) / index.size
    case.close(key, exact, 1e-9)
    case.close(key, frequency, SIGMAS * np.sqrt(exact * (1.0 - exact) / index.size))
    case.equal(key, frequency > 0, case[key] > 0)


def by_episode(case, key, stream, ids, values):
    """Compares a value that all steps of an episode have, drawn with `ids`; returns it, [episodes]."""
    ours = np.full(stream.num_episodes, np.nan)
    ours[ids] = values
    case.equal(key, values, ours[ids])
    case.close(key, ours, tolerance(case[key]))
    return ours


def check_seeded(case, stream, **of_episode):
    """Compares what a recorded batch holds with what ours held of the same steps, or episodes."""
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
