"""Whole episodes in preallocated rings, each frame stored once; draws steps and subsequences."""
import numpy as np

from algorithm.replay_buffer.columns import Columns
from algorithm.replay_buffer.draws import distinct_steps, variance_weight
from algorithm.replay_buffer.rings import Rings
from algorithm.replay_buffer.stacks import stacked
from utils.errors import UserError
from utils.types import Field, Subsequences, Transitions


class EpisodeStore:
    """A first-in, first-out store of at most `max_steps` steps.

    The frame o_t, action, reward and terminal of every step are stored in `Rings`. An episode has `stack`
    frames that belong to no step: the final one, and those that only fill the first stack. These are stored
    in its row of a table. So data are never moved, and exactly `max_steps` steps fit. A `row` is the index
    of a stored episode, 0 the oldest; it is valid until the next `append`.

    Args:
        spec: names, shapes and types of the stored arrays.
        max_steps: the value of --buffer_size.
        rng: source of every draw.
        drop: 'episodes' makes room by dropping as few as possible of the oldest episodes. 'steps' drops as
            few as possible of the oldest steps. The oldest episode may then be incomplete, so 'steps' is for
            transitions only, with observations of a single frame.
        num_steps: steps that are ever appended, or None where that is unknown; no room is made for more.

    Attributes:
        rings: the `Rings` of the steps.
        table: the `Columns` of the episodes.
        first_step: number of the oldest step that can be drawn, counted from the first ever added.
        num_added: steps ever added.
        episodes_added: episodes ever added.

    Raises:
        UserError: the full store would exceed the machine's memory.
    """

    def __init__(self, spec, max_steps, rng, drop='episodes', num_steps=None):
        if drop not in ('episodes', 'steps'):
            raise ValueError(f"drop must be 'episodes' or 'steps', got {drop!r}")
        if drop == 'steps' and any(field.stack > 1 for field in spec.observation.values()):
            raise ValueError("stacked frames require drop='episodes': a stack includes earlier steps")
        self.spec, self.max_steps = spec, max_steps
        self._rng, self._drop = rng, drop
        scalar = Field((), np.float32)
        frames = {f'frame/{key}': field for key, field in spec.observation.items()}
        fields = {'action': spec.action, 'reward': scalar, 'terminal': scalar, **frames}
        self.rings = Rings(fields, max_steps, num_steps)
        edges = {name: ((field.stack, *field.shape), field.dtype) for name, field in frames.items()}
        self.table = Columns({'start': ((), np.int64), 'length': ((), np.int64),
                               'return': ((), np.float64), **edges})
        self.first_step = self.num_added = self.episodes_added = 0

    @property
    def nbytes(self):
        """Bytes of memory once the rings are full."""
        return self.rings.nbytes + self.table.nbytes

    @property
    def num_steps(self):
        """Number of steps that can be drawn, at most `max_steps`."""
        return self.num_added - self.first_step

    @property
    def num_episodes(self):
        """Number of stored episodes, including one that is incomplete."""
        return len(self.table)

    @property
    def lengths(self):
        """[num_episodes] steps of each stored episode when it was added, oldest first; a view."""
        return self.table['length']

    @property
    def returns(self):
        """[num_episodes] sum of the rewards of each stored episode, float64, oldest first; a view."""
        return self.table['return']

    @property
    def first_episode(self):
        """Number of the oldest stored episode, counted from the first ever added."""
        return self.episodes_added - len(self.table)

    def restore(self, state, pieces):
        """Fills an empty store with the contents of another.

        Args:
            state: {name: value} of the other's num_added, first_step, episodes_added and first_episode.
            pieces: (first step, {name: [n, *shape]}, first episode, {column: [rows, *shape]}), oldest first;
                episodes that the other had dropped are skipped.
        """
        for first_step, steps, first_episode, columns in pieces:
            self.rings.write(first_step, steps)
            self.table.extend(columns, max(0, state['first_episode'] - first_episode))
        self.first_step, self.num_added, self.episodes_added = (
            state[name] for name in ('first_step', 'num_added', 'episodes_added'))
        if self.first_episode != state['first_episode']:
            raise ValueError(f'expected the episodes since {state["first_episode"]}, got {len(self.table)}')

    def append(self, episode):
        """Copies a whole episode into the store; the oldest are dropped to make room.

        With drop='steps', an episode longer than `max_steps` loses its own first steps.

        Raises:
            UserError: the episode alone is longer than `max_steps`, and whole episodes are needed.
        """
        length = episode.length
        if length > self.max_steps and self._drop == 'episodes':
            raise UserError(f'--buffer_size={self.max_steps} cannot hold an episode of {length} steps; '
                            f'expected at least {length}')
        per_step = {'action': episode.actions, 'reward': episode.rewards, 'terminal': episode.terminals}
        row = {'start': self.num_added, 'length': length, 'return': episode.total_reward}
        for key, field in self.spec.observation.items():
            frames, lead = episode.observations[key], field.stack - 1
            per_step[f'frame/{key}'] = frames[lead:-1]
            # the final frame, then those before o_0: position -1 is the last, as in Python's indexing
            row[f'frame/{key}'] = np.concatenate([frames[-1:], frames[:lead]])
        self._check(per_step, length)
        self._make_room(length)
        if self.num_added + length - self.first_step > self.rings.num_slots:
            raise ValueError(f'expected at most {self.rings.num_slots} steps, as num_steps says, got '
                             f'{self.num_added + length - self.first_step}')
        lost = max(0, length - self.max_steps)
        self.rings.write(self.num_added + lost, {name: values[lost:] for name, values in per_step.items()})
        self.table.append(row)
        self.num_added += length
        self.episodes_added += 1

    def _check(self, per_step, length):
        if not length:
            raise ValueError('an episode must have at least one step')
        for name, values in per_step.items():
            expected = (length, *self.rings.arrays[name].shape[1:])
            if values.shape != expected:
                raise ValueError(f'{name} of the steps of an episode must be {expected}, got {values.shape}')

    def _make_room(self, length):
        """Drops the oldest episodes, or steps, until `length` more fit."""
        first_allowed = self.num_added + length - self.max_steps
        starts = self.table['start']
        if self._drop == 'episodes':
            self.table.drop(int(starts.searchsorted(first_allowed)))
            starts = self.table['start']
            self.first_step = int(starts[0]) if len(starts) else self.num_added
        else:
            self.first_step = max(self.first_step, first_allowed)
            self.table.drop(int((starts + self.lengths).searchsorted(self.first_step, side='right')))

    def draw_steps(self, size):
        """Draws `size` stored steps, uniformly and with replacement.

        Returns:
            (row, t): the episode's row and the step within the episode, both [size] int64.
        """
        if not self.num_steps:
            raise ValueError('the store is empty; append an episode before sampling')
        starts = self.table['start']
        step = self._rng.integers(self.first_step, self.num_added, size=size)
        row = starts.searchsorted(step, side='right') - 1
        return row, step - starts[row]

    def transitions(self, row, t):
        """Steps `t` of the episodes `row`, both [...]: read-only `Transitions` [..., *shape]."""
        slot, before, after = self._gather(row, t)
        rings = self.rings.arrays
        return Transitions(before, rings['action'].take(slot, axis=0), rings['reward'].take(slot),
                           after, rings['terminal'].take(slot))

    def sample_transitions(self, size):
        """`size` stored steps, uniform with replacement."""
        return self.transitions(*self.draw_steps(size))

    def sample_subsequences(self, num_episodes, length):
        """`length` distinct steps of each drawn episode; episodes are drawn in proportion to their steps.

        Steps of an episode shorter than `length` are drawn with replacement, and its variance weight is 1
        (0 if it has a single step, which has no variance).
        """
        if self._drop == 'steps':
            raise ValueError("subsequences require whole episodes: create the store with drop='episodes'")
        row, _ = self.draw_steps(num_episodes)
        total = self.lengths[row]
        t = distinct_steps(self._rng, total, length)
        slot, before, after = self._gather(row.repeat(length).reshape(t.shape), t)                    # [M, K]
        return Subsequences(before, self.rings.arrays['action'].take(slot, axis=0), after,
                            (self.returns[row] / total).astype(np.float32), variance_weight(total, length))

    def _gather(self, row, t):
        """The slots [...] of the steps, and the observations {key: [..., *shape]} before and after each."""
        before, after = {}, {}
        length = self.lengths[row]
        slot = (self.table['start'][row] + t) % self.rings.num_slots
        for key, field in self.spec.observation.items():
            shift = np.arange(1 - field.stack, 2).reshape(-1, *[1] * t.ndim)         # [stack + 1, 1...]
            frames = self.rings.arrays[f'frame/{key}'].take((slot + shift) % self.rings.num_slots, axis=0)
            position = t + shift
            outside = ((position < 0) | (position == length)).nonzero()
            if outside[0].size:
                edges = self.table[f'frame/{key}']
                frames[outside] = edges[row[outside[1:]], np.minimum(position[outside], 0)]
            if field.stack == 1:
                before[key], after[key] = frames
            else:
                before[key], after[key] = stacked(frames[:-1]), stacked(frames[1:])
        return slot, before, after
