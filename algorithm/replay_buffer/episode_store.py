"""Whole episodes in preallocated rings, each frame once; draws steps and subsequences of them."""
import numpy as np

from algorithm.replay_buffer.columns import Columns
from utils.errors import UserError
from utils.host import memory_bytes
from utils.types import Field, Subsequences, Transitions


class EpisodeStore:
    """A first-in, first-out store of at most `max_steps` steps.

    Step n, counted from the first ever added and never renumbered, lies in slot n % max_steps of
    each ring: its frame o_t, action, reward and terminal. The `stack` frames of an episode that
    belong to no step, the final one and those that only fill the first stack, lie in the episode's
    row of a table. So nothing ever moves in the rings, and exactly `max_steps` steps fit whatever
    the episodes' lengths. The system gives memory to a ring as it is first written.

    A `row` counts the stored episodes, 0 the oldest; it holds until the next `append`.

    Args:
        spec: names, shapes and types of what is kept.
        max_steps: the value of --buffer_size.
        rng: source of every draw.
        drop: 'episodes' drops the oldest whole episodes to make room, as few as will do. 'steps'
            drops the oldest steps, as few as will do: the oldest episode may be partly gone, so
            this is for steps drawn one by one, with observations of a single frame.

    Attributes:
        num_added: steps ever added.
        episodes_added: episodes ever added.

    Raises:
        UserError: the full store would take more than the machine's memory.
    """

    def __init__(self, spec, max_steps, rng, drop='episodes'):
        if drop not in ('episodes', 'steps'):
            raise ValueError(f"drop must be 'episodes' or 'steps', got {drop!r}")
        if drop == 'steps' and any(field.stack > 1 for field in spec.observation.values()):
            raise ValueError("stacked frames need drop='episodes': a stack reaches back to earlier steps")
        self.spec, self.max_steps = spec, max_steps
        self._rng, self._drop = rng, drop
        scalar = Field((), np.float32)
        frames = {f'frame/{key}': field for key, field in spec.observation.items()}
        fields = {'action': spec.action, 'reward': scalar, 'terminal': scalar, **frames}
        _refuse_more_than_memory(max_steps, fields.values())
        self._rings = {name: np.empty((max_steps, *f.shape), f.dtype) for name, f in fields.items()}
        edges = {name: ((field.stack, *field.shape), field.dtype) for name, field in frames.items()}
        self._table = Columns({'start': ((), np.int64), 'length': ((), np.int64),
                               'return': ((), np.float64), **edges})
        self._first_step = self.num_added = self.episodes_added = 0

    @property
    def nbytes(self):
        """Bytes held once the rings are full."""
        return sum(ring.nbytes for ring in self._rings.values()) + self._table.nbytes

    @property
    def num_steps(self):
        """Steps that can be drawn, at most `max_steps`."""
        return self.num_added - self._first_step

    @property
    def num_episodes(self):
        """Stored episodes, one that is partly gone included."""
        return len(self._table)

    @property
    def lengths(self):
        """[num_episodes] steps of each stored episode when it was added, oldest first; a view."""
        return self._table['length']

    @property
    def returns(self):
        """[num_episodes] sum of the rewards of each stored episode, float64, oldest first; a view."""
        return self._table['return']

    def append(self, episode):
        """Copies a whole episode in; the oldest leave to make room.

        Raises:
            UserError: the episode alone is longer than `max_steps`.
        """
        length = episode.length
        if length > self.max_steps:
            raise UserError(f'--buffer_size={self.max_steps} cannot hold an episode of {length} steps; '
                            f'expected at least {length}')
        per_step = {'action': episode.actions, 'reward': episode.rewards, 'terminal': episode.terminals}
        row = {'start': self.num_added, 'length': length, 'return': episode.total_reward}
        for key, field in self.spec.observation.items():
            frames, lead = episode.observations[key], field.stack - 1
            per_step[f'frame/{key}'] = frames[lead:-1]
            # the final frame, then those before o_0: that of position -1 is the last, as Python counts
            row[f'frame/{key}'] = np.concatenate([frames[-1:], frames[:lead]])
        self._check(per_step, length)
        self._make_room(length)
        for name, values in per_step.items():
            self._write(self._rings[name], values)
        self._table.append(row)
        self.num_added += length
        self.episodes_added += 1

    def _check(self, per_step, length):
        if not length:
            raise ValueError('an episode needs at least one step')
        for name, values in per_step.items():
            expected = (length, *self._rings[name].shape[1:])
            if values.shape != expected:
                raise ValueError(f'{name} of the steps of an episode must be {expected}, got {values.shape}')

    def _make_room(self, length):
        """Drops the oldest episodes, or steps, until `length` more fit."""
        first_allowed = self.num_added + length - self.max_steps
        starts = self._table['start']
        if self._drop == 'episodes':
            self._table.drop(int(starts.searchsorted(first_allowed)))
            starts = self._table['start']
            self._first_step = int(starts[0]) if len(starts) else self.num_added
        else:
            self._first_step = max(self._first_step, first_allowed)
            self._table.drop(int((starts + self.lengths).searchsorted(self._first_step, side='right')))

    def _write(self, ring, values):
        """Puts `values`, one per step, from step `num_added` on."""
        slot = self.num_added % self.max_steps
        whole = min(len(values), self.max_steps - slot)
        np.copyto(ring[slot:slot + whole], values[:whole])     # no floats into pixels: 'same_kind'
        np.copyto(ring[:len(values) - whole], values[whole:])

    def draw_steps(self, size):
        """Draws `size` stored steps, uniformly and with replacement.

        Returns:
            (row, t): the episode and the step within it, both [size] int64.
        """
        if not self.num_steps:
            raise ValueError('the store is empty; add an episode before sampling')
        starts = self._table['start']
        step = self._rng.integers(self._first_step, self.num_added, size=size)
        row = starts.searchsorted(step, side='right') - 1
        return row, step - starts[row]

    def transitions(self, row, t):
        """Steps `t` of the episodes `row`, both [...]: `Transitions` [..., *shape], not to be written to."""
        slot, before, after = self._gather(row, t)
        return Transitions(before, self._rings['action'].take(slot, axis=0), self._rings['reward'].take(slot),
                           after, self._rings['terminal'].take(slot))

    def sample_transitions(self, size):
        """`size` stored steps, uniform with replacement."""
        return self.transitions(*self.draw_steps(size))

    def sample_subsequences(self, num_episodes, length):
        """`length` distinct steps of each drawn episode; an episode is drawn in proportion to its steps.

        An episode shorter than `length` is sampled with replacement, and its variance weight is 1
        (0 if it is a single step, which has no variance).
        """
        if self._drop == 'steps':
            raise ValueError("subsequences need whole episodes: make the store with drop='episodes'")
        row, _ = self.draw_steps(num_episodes)
        total = self.lengths[row]
        t = np.array([self._rng.choice(n, length, replace=length > n, shuffle=False) for n in total.tolist()])
        slot, before, after = self._gather(row.repeat(length).reshape(t.shape), t)                    # [M, K]
        weight = np.where(length > total, 1.0, 1.0 - length / total) * (total > 1)                    # [M]
        return Subsequences(before, self._rings['action'].take(slot, axis=0), after,
                            (self.returns[row] / total).astype(np.float32), weight.astype(np.float32))

    def _gather(self, row, t):
        """The slots [...] of the steps, and the observations {key: [..., *shape]} before and after each."""
        before, after = {}, {}
        length = self.lengths[row]
        slot = (self._table['start'][row] + t) % self.max_steps
        for key, field in self.spec.observation.items():
            shift = np.arange(1 - field.stack, 2).reshape(-1, *[1] * t.ndim)         # [stack + 1, 1...]
            frames = self._rings[f'frame/{key}'].take((slot + shift) % self.max_steps, axis=0)
            position = t + shift
            outside = ((position < 0) | (position == length)).nonzero()
            if outside[0].size:
                edges = self._table[f'frame/{key}']
                frames[outside] = edges[row[outside[1:]], np.minimum(position[outside], 0)]
            if field.stack == 1:
                before[key], after[key] = frames
            else:
                before[key], after[key] = np.moveaxis(frames[:-1], 0, -1), np.moveaxis(frames[1:], 0, -1)
        return slot, before, after


def _refuse_more_than_memory(max_steps, fields):
    """Raises a UserError when `max_steps` of each of `fields` exceed this machine's memory."""
    present = memory_bytes()
    needed = max_steps * sum(int(np.prod(field.shape)) * np.dtype(field.dtype).itemsize for field in fields)
    if present is not None and needed > present:
        raise UserError(f'--buffer_size={max_steps} needs {needed / 2 ** 30:.1f} GiB of memory; '
                        f'this machine has {present / 2 ** 30:.1f} GiB')
