"""Shared by the checks of all replay buffers: feeding a stream, counting draws, comparing batches."""
import numpy as np

from tests.golden.buffer_tables import elite_ids, padded, stored_ids, tolerance

SIGMAS = 6.0                    # of a frequency around its probability
DRAWS_PER_STEP, MAX_DRAWS = 400, 200_000


def follow(case, stream, sampler, store, ircr=None):
    """Feeds the stream; compares counters after each transition and episodes after each end."""
    trace, after = [], []
    for running, ended in stream.feed(sampler, store):
        counters = {'length': running.num_steps, 'ep_counter': running.episodes_added - (not ended),
                    'step_counter': running.num_added, 'episodes_stored': running.num_episodes,
                    'head_idx': running.episodes_added - running.num_episodes}
        if ircr is not None:
            low, high = ircr.credit_range
            counters |= {'fifo_min': low, 'fifo_max': high, 'heap_length': sum(e.length for e in ircr.elite)}
        trace.append(counters)
        if ended:
            tables = {'lengths': store.lengths.copy(), 'sums': store.returns.copy()}
            tables |= stream.which_episodes(stored_ids(store))
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


def draw(sampler, store, share=1.0):
    """Enough batches that no stored step is missed; `share` of the number for vectors."""
    size = len(sampler.sample_transitions().reward)
    draws = min(share * DRAWS_PER_STEP * store.num_steps, MAX_DRAWS)
    return [sampler.sample() for _ in range(int(draws) // size + 1)]


def check_transitions(stream, batches, stored_rewards=True):
    """Compares the transitions of the batches with the stream; returns their numbers [N, B]."""
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


def by_episode(case, key, stream, ids, values, recorded_ids=slice(None)):
    """Compares a value that all steps of an episode have, drawn with `ids`; returns it, [episodes]."""
    ours = np.full(stream.num_episodes, np.nan)
    ours[ids] = values
    case.equal(key, values, ours[ids])
    case.close(key, ours[recorded_ids], tolerance(case[key]))
    return ours
