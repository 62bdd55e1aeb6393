"""Recorded episodes, and virtual episodes of return 0 that are rearranged from their steps."""
from typing import NamedTuple

import numpy as np

from utils.recording import Recording

SHORTEST_SHARE = 0.25   # smallest share of an episode that a rewound or cut one keeps


class VirtualEpisode(NamedTuple):
    """An episode, as recorded or rearranged: step j leads from observation `before[j]` to `after[j]`.

    Attributes:
        recording: source of the observations.
        before: [T] numbers of observations.
        after: [T] numbers of observations.
        actions: [T, A].
        context: [C].
        total_reward: of the whole episode.
    """

    recording: Recording
    before: np.ndarray
    after: np.ndarray
    actions: np.ndarray
    context: np.ndarray
    total_reward: float


def as_recorded(recording, rng=None):
    """The episode itself, with its own return; `rng` is not used."""
    t = np.arange(recording.length)
    return VirtualEpisode(recording, t, t + 1, recording.actions, recording.context,
                          recording.total_reward)


def swapped(recording, context):
    """The episode under the vector [C] of another task: return 0."""
    return as_recorded(recording)._replace(context=context, total_reward=0.0)


def rewound(recording, length):
    """The first `length` steps, then the same steps in reverse: return 0, as there is no net progress."""
    t = np.arange(length)
    actions = recording.actions[:length]
    factors = np.float32(-1) if recording.backward is None else recording.backward
    return VirtualEpisode(recording, np.concatenate([t, t[::-1] + 1]), np.concatenate([t + 1, t[::-1]]),
                          np.concatenate([actions, actions[::-1] * factors]), recording.context, 0.0)


def cut(recording, length):
    """The first `length` steps of a success, before its reward: return 0."""
    whole = as_recorded(recording)
    return whole._replace(before=whole.before[:length], after=whole.after[:length],
                          actions=whole.actions[:length], total_reward=0.0)


def distinct_contexts(recordings):
    """[[C]] distinct task vectors of some recordings; two tasks may share one."""
    return list({recording.context.tobytes(): recording.context for recording in recordings}.values())


class Contrast:
    """Draws a kind of episode by its share, and an episode of that kind.

    Recorded episodes are drawn in proportion to their steps, sources of virtual ones uniformly. Any episode
    can be rewound. Only successes are swapped and cut, as a failure has no return above 0. A success that
    is rewarded in its first step is not cut.

    Args:
        recordings: of the training set.
        shares: {'failure', 'swap', 'rewind' or 'prefix': its share of the drawn episodes}; the rest are
            recorded successes.

    Raises:
        ValueError: there are no successes; `swap` is requested and there is only one task; or `prefix` is
            and every success is rewarded in its first step.
    """

    def __init__(self, recordings, shares):
        self._kinds, self._thresholds = (*shares, 'success'), np.cumsum([*shares.values()])
        successes = [recording for recording in recordings if recording.success]
        failures = [recording for recording in recordings if not recording.success]
        self._contexts = distinct_contexts(recordings)
        if not successes:
            raise ValueError('expected successes among the recordings')
        if 'swap' in shares and len(self._contexts) < 2:
            raise ValueError('swap requires episodes of two tasks or more')
        can_be_cut = [recording for recording in successes if recording.unrewarded]
        if 'prefix' in shares and not can_be_cut:
            raise ValueError('prefix requires successes that are not rewarded in their first step')
        self._makers = {
            'success': (as_recorded, _ByLength(successes)), 'failure': (as_recorded, _ByLength(failures)),
            'swap': (self._swap, _Evenly(successes)), 'rewind': (self._rewind, _Evenly(recordings)),
            'prefix': (self._prefix, _Evenly(can_be_cut))}

    def draw(self, rng):
        """A `VirtualEpisode`."""
        kind = int(np.searchsorted(self._thresholds, rng.random(), side='right'))
        make, source = self._makers[self._kinds[kind]]
        return make(source.draw(rng), rng)

    def _swap(self, recording, rng):
        others = [context for context in self._contexts if not np.array_equal(context, recording.context)]
        return swapped(recording, others[rng.integers(len(others))])

    def _rewind(self, recording, rng):
        return rewound(recording, _length(rng, recording.length, recording.length))

    def _prefix(self, recording, rng):
        return cut(recording, _length(rng, recording.length, recording.unrewarded))


def _length(rng, whole, longest):
    """A length from 1 to `longest`, 1 or more, of an episode of `whole` steps."""
    return int(rng.integers(max(1, min(int(whole * SHORTEST_SHARE), longest)), longest + 1))


class _Evenly:
    """Draws one of some recordings, uniformly."""

    def __init__(self, recordings):
        self._recordings = recordings

    def draw(self, rng):
        return self._recordings[rng.integers(len(self._recordings))]


class _ByLength:
    """Draws one of some recordings, in proportion to their steps."""

    def __init__(self, recordings):
        self._recordings = recordings
        self._ends = np.cumsum([recording.length for recording in recordings])

    def draw(self, rng):
        step = rng.integers(self._ends[-1])
        return self._recordings[int(np.searchsorted(self._ends, step, side='right'))]
