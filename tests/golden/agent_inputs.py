"""The inputs of a recorded agent: batches and noise, as our types."""
import numpy as np

from utils.types import Batch, Subsequences, Transitions


class RecordedNoise:
    """Replaces a generator: returns the standard normals that were put into `queue`.

    Attributes:
        stream: `RandomState` that single numbers are drawn from, as from `np.random` in the original.
    """

    def __init__(self):
        self.queue, self.stream = [], np.random.RandomState(0)

    def random(self):
        """A number from 0 to 1."""
        return self.stream.uniform()

    def integers(self, high):
        """An integer below `high`."""
        return self.stream.randint(high)

    def standard_normal(self, shape, dtype):
        """The next recorded noise."""
        return self.queue.pop(0).reshape(tuple(shape)).astype(dtype)


class RecordedBatches:
    """Replaces a sampler: returns the batches that were put into `queue`."""

    def __init__(self):
        self.queue = []

    def normalizer_batch(self):
        """The transitions of the next recorded batch."""
        return self.sample(True, False).transitions

    def sample(self, transitions, subsequences):
        """The requested parts of the next recorded batch."""
        batch = self.queue.pop(0)
        return Batch(batch.transitions if transitions else None, batch.subsequences if subsequences else None)


def batch(case, phase, i):
    """The i-th recorded `Batch` of a phase; columns [B, 1] become [B]."""
    def part(key):
        return case[f'{phase}/batch/{key}'][i]

    def state(key):
        frames = f'{phase}/batch/{key}_u8' in case
        return {'frame': part(f'{key}_u8')} if frames else {'state': part(key)}

    def action(key):
        numbers = part(key)
        return numbers.astype(np.int32) if numbers.dtype.kind == 'i' else numbers

    reward, done = part('rews')[:, 0], part('done')[:, 0]
    transitions = Transitions(state('obs'), action('acts'), reward, state('obs_next'), done)
    if f'{phase}/batch/rrd_acts' not in case:
        return Batch(transitions, None)
    mean_reward = part('rrd_rews')[:, 0]
    has_weight = f'{phase}/batch/rrd_var_coef' in case
    weight = part('rrd_var_coef')[:, 0] if has_weight else np.ones_like(mean_reward)
    return Batch(transitions, Subsequences(
        state('rrd_obs'), action('rrd_acts'), state('rrd_obs_next'), mean_reward, weight))


def noise(case, phase, i):
    """The i-th recorded standard normals of a phase, stacked as our graph expects them."""
    if f'{phase}/noise/pi_noise' in case:                                       # SAC: for s and for s'
        return np.stack([case[f'{phase}/noise/{key}'][i] for key in ('pi_noise', 'pi_next_noise')])
    return case[f'{phase}/noise/standard_normal'][i]                            # TD3
