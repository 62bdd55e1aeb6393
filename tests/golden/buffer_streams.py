"""The streams of transitions that the recordings of replay buffers were made with."""
import copy

import numpy as np

from utils.types import Episode, Field, Spec


class Stream:
    """Whole episodes of a recorded stream.

    A subclass maps observations to short rows that identify the transition, `seen`.

    Args:
        case: `Case` of the file.
        prefix: of the keys of the stream.
        spec: shapes of the stream.
        arrays: {key of the stream: [N, ...]}, `obs` and `obs_next` as `seen`.
        lengths: of the episodes.

    Attributes:
        ids, t: [N] episode and step of each transition.
        num_episodes: episodes of the stream.
        drawn: {key of the stream: [N, ...]} what our batches held of each transition; NaN if not drawn.
    """

    def __init__(self, case, prefix, spec, arrays, lengths):
        self._case, self._prefix, self.spec, self._arrays = case, prefix, spec, arrays
        self.drawn = {key: np.full(array.shape, np.nan) for key, array in arrays.items()}
        self._starts, self.num_episodes = np.cumsum(lengths) - lengths, len(lengths)
        self.ids = np.repeat(np.arange(self.num_episodes), lengths)
        self.t = np.arange(len(self.ids)) - self._starts[self.ids]

    def which_episodes(self, ids):
        """{key of the recording: the values that identify the episodes `ids` there}."""
        raise NotImplementedError

    def seen(self, observation):
        """[..., D] of observations {key: [..., *shape]}."""
        raise NotImplementedError

    def index(self, seen):
        """Numbers [...] of the transitions whose first observations have the rows `seen` [..., D]."""
        raise NotImplementedError

    def _frames(self, episode_id, length):
        """{key: [length + stack, *shape]} of the first steps of an episode."""
        raise NotImplementedError

    def feed(self, sampler, store):
        """Appends the episodes in order, and inspects the store after each transition.

        Yields:
            (store, ended): a copy that also holds the running episode so far; where that has
            `ended`, `store` itself, after `sampler` was given the episode.
        """
        for number, episode_id in enumerate(self.ids):
            steps = slice(self._starts[episode_id], number + 1)
            rest = (self._arrays[key][steps] for key in ('acts', 'rews', 'done'))
            episode = Episode(self._frames(episode_id, self.t[number] + 1), *rest)
            ended = number + 1 == len(self.ids) or self.t[number + 1] == 0
            running = store if ended else copy.deepcopy(store)
            (sampler if ended else running).append(episode)
            yield running, ended

    def compare(self, key, index, values):
        """Compares the values of a batch for the transitions `index` with the stream's array `key`."""
        self._case.equal(f'{self._prefix}{key}', values, self._arrays[key][index])
        self.drawn[key][index] = values

    def check_steps(self, drawn):
        """Compares observations and actions of some drawn steps; returns the steps' numbers, [...]."""
        obs = self.seen(drawn.observation)
        index = self.index(obs)
        self.compare('obs', index, obs)
        self.compare('obs_next', index, self.seen(drawn.next_observation))
        self.compare('acts', index, drawn.action)
        return index


class VectorStream(Stream):
    """A stream of vectors; checks its own consistency.

    Observations start with the numbers of the episode and of the step, so a batch identifies its steps.
    """

    def __init__(self, case):
        arrays = {key: case[f'stream/{key}'] for key in ('obs', 'obs_next', 'acts', 'rews', 'done')}
        arrays['rews'] = arrays['rews'].astype(np.float32)
        obs, acts = arrays['obs'], arrays['acts']
        spec = Spec({'state': Field(obs.shape[1:])}, Field(acts.shape[1:]))
        ends = np.flatnonzero(case['stream/real_done']) + 1
        lengths = np.diff(ends, prepend=0)
        super().__init__(case, 'stream/', spec, arrays, lengths)
        case.equal('stream/real_done', np.isin(np.arange(len(obs)), ends - 1))
        case.equal('stream/done', case['stream/done'] & case['stream/real_done'])   # only an end is terminal
        if 'episode_lengths' in case:
            case.equal('episode_lengths', lengths)
        case.equal('stream/ep', self.ids)
        case.equal('stream/t', self.t)
        case.equal('stream/obs', np.stack([self.ids, self.t], axis=1), obs[:, :2])

    def which_episodes(self, ids):
        """Their numbers."""
        return {'ids': ids}

    def seen(self, observation):
        """The vectors."""
        return observation['state']

    def index(self, seen):
        """From the numbers of episode and step."""
        return self._starts[seen[..., 0].astype(int)] + seen[..., 1].astype(int)

    def _frames(self, episode_id, length):
        start, last = self._starts[episode_id], self._starts[episode_id] + length - 1
        return {'state': np.concatenate([self._arrays['obs'][start:last + 1],
                                         self._arrays['obs_next'][last:last + 1]])}


class FrameStream(Stream):
    """A stream of stacked frames, all different, so that a batch identifies its steps.

    Attributes:
        frames: [F, 84, 84] every frame once, episode after episode.
    """

    def __init__(self, case):
        self.frames, stack = case['frames_u8'], case.config()['frames']
        lengths, self._first_frames = case['episode_lengths'], case['first_frame_of_episode']
        self._numbers = {frame.tobytes(): number for number, frame in enumerate(self.frames)}
        spec = Spec({'frame': Field(self.frames.shape[1:], np.uint8, stack)}, Field((), np.int32))
        first = np.concatenate([start + np.arange(length) for start, length in zip(
            self._first_frames, lengths, strict=True)])                                 # of each transition
        obs = first[:, np.newaxis] + np.arange(stack)                                   # [N, stack]
        arrays = {'obs': obs, 'obs_next': obs + 1, 'acts': case['acts'].astype(np.int32),
                  'rews': case['rews'].astype(np.float32),
                  'done': np.isin(np.arange(lengths.sum()), np.cumsum(lengths) - 1)}
        super().__init__(case, '', spec, arrays, lengths)
        self._with_first_frame = {number: index for index, number in enumerate(first.tolist())}
        case.equal('first_frame_of_episode', np.cumsum(lengths + stack) - lengths - stack)
        case.equal('frames_u8', len(self._numbers), (lengths + stack).sum())
        case.equal('episode_lengths', lengths.sum(), len(case['acts']))

    def which_episodes(self, ids):
        """The numbers of their first frames."""
        return {'first_frame': self._first_frames[ids]}

    def seen(self, observation):
        """[..., stack] numbers of the frames; -1 of one that is not of the stream."""
        frames = np.moveaxis(observation['frame'], -1, -3)                              # [..., stack, 84, 84]
        flat = frames.reshape(-1, *frames.shape[-2:])
        return np.array([self._numbers.get(frame.tobytes(), -1) for frame in flat]).reshape(frames.shape[:-2])

    def index(self, seen):
        """From the number of the first frame; the last transition where no transition starts with it."""
        first = seen[..., 0]
        return np.array([self._with_first_frame.get(n, -1) for n in first.ravel().tolist()]).reshape(
            first.shape)

    def _frames(self, episode_id, length):
        first = self._first_frames[episode_id]
        return {'frame': self.frames[first:first + length + self.spec.observation['frame'].stack]}
