"""Small tables about single episodes: IRCR's elite among ties, targets and variance weights of RRD."""
import numpy as np

from algorithm.ircr import IRCRSampler
from algorithm.replay_buffer.episode_store import EpisodeStore
from utils.types import Episode, Field, Spec

SPEC = Spec({'state': Field((1,))}, Field((1,)))
SEQUENCES = 200


def tolerance(recorded):
    """Of returns and rewards, which are float32 here and float64 in the original."""
    return 2e-6 * max(1.0, np.nanmax(np.abs(recorded), initial=0.0))


def whole(case, key):
    """A recorded array of counts, as the integers that it should be."""
    counts = case[key].astype(int)
    case.equal(key, counts)
    return counts


def padded(rows, recorded):
    """Rows of unequal length as one array like `recorded`, padded with -1, or NaN; wider if they need it."""
    width = max([recorded.shape[1], *map(len, rows)])
    table = np.full((len(rows), width), np.nan if recorded.dtype.kind == 'f' else -1, recorded.dtype)
    for filled, row in zip(table, rows, strict=True):
        filled[:len(row)] = row
    return table


def stored_ids(store):
    """Numbers of the episodes that a store holds, counted from the first ever added."""
    return np.arange(store.episodes_added - store.num_episodes, store.episodes_added)


def elite_ids(sampler):
    """Numbers of the elite episodes, which their observations start with."""
    return np.array([episode.observations['state'][0, 0] for episode in sampler.elite], int)


def episode_of(number, length, total_reward):
    """An episode whose observations encode its number and that is rewarded once, at its end."""
    rewards = np.zeros(length, np.float32)
    rewards[-1] = total_reward
    frames = np.full((length + 1, 1), number, np.float32)
    return Episode({'state': frames}, np.zeros((length, 1), np.float32), rewards, np.zeros(length, bool))


def check_heap_ties(case):
    """IRCR: which episode is removed from a full elite when many returns are equal."""
    returns, lengths = case['returns'], whole(case, 'episode_lengths')
    store = EpisodeStore(SPEC, int(whole(case, 'buffer_size')), np.random.default_rng(0))
    sampler = IRCRSampler(store, 2, np.random.default_rng(1))
    stored, elite, elite_steps, bounds = [], [], [], []
    for number, (length, total_reward) in enumerate(zip(lengths, returns, strict=True)):
        sampler.append(episode_of(number, length, total_reward))
        stored.append(stored_ids(store))
        elite.append(elite_ids(sampler))
        elite_steps.append(sum(episode.length for episode in sampler.elite))
        bounds.append(sampler.credit_range)
    case.equal('fifo_ids', padded(stored, case['fifo_ids']))
    case.equal('heap_ids_in_order', padded(elite, case['heap_ids_in_order']))
    case.equal('heap_length', elite_steps)
    for key, ours in zip(('min_val', 'max_val'), np.transpose(bounds), strict=True):
        case.close(key, ours, tolerance(case[key]))


def check_coefficients(case):
    """RRD: target and variance weight by episode length and K, and when steps repeat."""
    rows, sizes = [], whole(case, 'sample_size').tolist()
    for length, total_reward in zip(whole(case, 'episode_length').tolist(), case['episode_sum'], strict=True):
        store = EpisodeStore(SPEC, length, np.random.default_rng(0))
        frames = np.arange(length + 1, dtype=np.float32)[:, np.newaxis]            # identify the steps
        store.append(episode_of(0, length, total_reward)._replace(observations={'state': frames}))
        rows.append([_coefficients(store, k) for k in sizes])
    for key, ours in zip(('rrd_rews', 'rrd_var_coef', 'duplicates_fraction'), np.transpose(rows, (2, 0, 1)),
                         strict=True):
        case.close(key, ours, tolerance(case[key]))


def _coefficients(store, k):
    """(target, weight, fraction of sequences with a repeated step) of a store with one episode."""
    drawn = store.sample_subsequences(SEQUENCES, k)
    repeated = [len(np.unique(steps)) < k for steps in drawn.observation['state']]
    return _only(drawn.mean_reward), _only(drawn.variance_weight), np.mean(repeated)


def _only(values):
    """The value that all of `values` have; NaN if they differ."""
    return values[0] if np.all(values == values[0]) else np.nan
