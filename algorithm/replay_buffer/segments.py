"""A replay store on disk: files of the steps added since the last save, which checkpoints share."""

MAX_BYTES = 2 ** 26     # of the steps of a file: the memory that reading needs besides the store itself


class Segments:
    """Writes the steps added to a store into files that never change, and fills a store from them.

    A segment is [first step, stop step, first episode, stop episode]: the steps, and the rows of the
    episodes. All are counted from the first ever added, so that a segment's name identifies its contents.

    Args:
        store: the `EpisodeStore`.
    """

    def __init__(self, store):
        self._store, self._segments = store, []

    def save(self, files):
        """Writes the steps and episodes that are in no segment yet.

        Args:
            files: has `add(name, {name: array})`, which does not write an existing name again,
                `is_whole(name)`, and `refer(name)` for those that are still needed. A needed file that is not
                whole is written again.

        Returns:
            The state for `restore`, JSON values only.
        """
        store, segments = self._store, list(self._segments)
        _, step, _, episode = segments[-1] if segments else [0] * 4
        for first, steps in store.rings.pieces(max(step, store.first_step), store.num_added, MAX_BYTES):
            start = max(episode, store.first_episode)           # the first piece has all new rows
            rows = store.table.columns(start - store.first_episode)
            stop, episode = first + len(steps['reward']), store.episodes_added
            segments.append([first, stop, start, episode])
            _add(files, segments[-1], steps, rows)
        self._segments = [self._kept(segment, files) for segment in segments if self._is_needed(segment)]
        return {'num_added': store.num_added, 'first_step': store.first_step,
                'episodes_added': store.episodes_added, 'first_episode': store.first_episode,
                'segments': self._segments}

    def _is_needed(self, segment):
        _, stop, episode, stop_episode = segment
        return stop > self._store.first_step or episode < stop_episode > self._store.first_episode

    def _kept(self, segment, files):
        """The segment, referred to; if its file was lost, what the store holds of it, written again."""
        if files.is_whole(_file_name(segment)):
            files.refer(_file_name(segment))
            return segment
        first, stop, start, stop_episode = segment
        first = min(max(first, self._store.first_step), stop)
        start = min(max(start, self._store.first_episode), stop_episode)
        slot = first % self._store.rings.num_slots          # a segment does not wrap around
        steps = {name: array[slot:slot + stop - first] for name, array in self._store.rings.arrays.items()}
        skipped = start - self._store.first_episode
        rows = {name: array[:stop_episode - start]
                for name, array in self._store.table.columns(skipped).items()}
        left = [first, stop, start, stop_episode]
        _add(files, left, steps, rows)
        return left

    def restore(self, state, files):
        """Fills the store, which must be empty, with its contents at `save`.

        Args:
            state: the result of `save`.
            files: has `load(name)` -> {name: array}.
        """
        self._segments = [list(segment) for segment in state['segments']]
        self._store.restore(state, (self._piece(segment, files) for segment in self._segments))

    @staticmethod
    def _piece(segment, files):
        arrays = files.load(_file_name(segment))
        steps, rows = ({name.removeprefix(kind): array for name, array in arrays.items()
                        if name.startswith(kind)} for kind in ('step/', 'episode/'))
        return segment[0], steps, segment[2], rows


def _add(files, segment, steps, rows):
    files.add(_file_name(segment), {f'step/{name}': array for name, array in steps.items()}
              | {f'episode/{name}': array for name, array in rows.items()})


def _file_name(segment):
    return 'steps-{:012d}-{:012d}-episodes-{}-{}.npz'.format(*segment)
