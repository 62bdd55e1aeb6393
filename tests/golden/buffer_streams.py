"""The stream of transitions that the recordings of vector buffers were made with."""
import copy

import numpy as np

from utils.types import Episode, Field, Spec


class Stream:
    """Whole episodes of a recorded stream; checks that the stream is what it should be.

    Observations start with the numbers of the episode and of the step, so that a batch tells what it drew.

    Attributes:
        spec: shapes of the stream.
        ids, t: [N] episode and step of each transition.
        num_episodes: episodes of the stream.
        drawn: {key of the stream: [N, ...]} what our batches held of each transition; NaN if not drawn.
    """

    def __init__(self, case):
        self._case = case
        self._arrays = {key: case[f'stream/{key}'] for key in ('obs', 'obs_next', 'acts', 'rews', 'done')}
        self._arrays['rews'] = self._arrays['rews'].astype(np.float32)
        obs, acts = self._arrays['obs'], self._arrays['acts']
        self.spec = Spec({'state': Field(obs.shape[1:])}, Field(acts.shape[1:]))
        self.drawn = {key: np.full(array.shape, np.nan) for key, array in self._arrays.items()}
        ends = np.flatnonzero(case['stream/real_done']) + 1
        lengths = np.diff(ends, prepend=0)
        self._starts, self.num_episodes = ends - lengths, len(ends)
        self.ids = np.repeat(np.arange(self.num_episodes), lengths)
        self.t = np.arange(len(self.ids)) - self._starts[self.ids]
        case.equal('stream/real_done', np.isin(np.arange(len(obs)), ends - 1))
        case.equal('stream/done', case['stream/done'] & case['stream/real_done'])   # only an end is terminal
        if 'episode_lengths' in case:
            case.equal('episode_lengths', lengths)
        case.equal('stream/ep', self.ids)
        case.equal('stream/t', self.t)
        case.equal('stream/obs', np.stack([self.ids, self.t], axis=1), obs[:, :2])

    def feed(self, sampler, store):
        """Appends the episodes in turn, and looks at the store after each transition.

        Yields:
            (store, ended): a copy that also holds the running episode so far; where that has
            `ended`, `store` itself, after `sampler` was given the episode.
        """
        for number, episode_id in enumerate(self.ids):
            steps = slice(self._starts[episode_id], number + 1)
            frames = np.concatenate([self._arrays['obs'][steps], self._arrays['obs_next'][number:number + 1]])
            rest = (self._arrays[key][steps] for key in ('acts', 'rews', 'done'))
            episode = Episode({'state': frames}, *rest)
            ended = number + 1 == len(self.ids) or self.t[number + 1] == 0
            running = store if ended else copy.deepcopy(store)
            (sampler if ended else running).append(episode)
            yield running, ended

    def index(self, observation):
        """Numbers [...] of the transitions that start with the observations [..., D]."""
        return self._starts[observation[..., 0].astype(int)] + observation[..., 1].astype(int)

    def compare(self, key, index, values):
        """Compares what a batch held of the transitions `index` with the stream's array `key`."""
        self._case.equal(f'stream/{key}', values, self._arrays[key][index])
        self.drawn[key][index] = values

    def check_steps(self, drawn):
        """Compares observations and actions of some drawn steps; returns the steps' numbers, [...]."""
        index = self.index(drawn.observation['state'])
        self.compare('obs', index, drawn.observation['state'])
        self.compare('obs_next', index, drawn.next_observation['state'])
        self.compare('acts', index, drawn.action)
        return index
