"""A replay store on disk: files of the steps that came since the last save, which checkpoints share."""

MAX_BYTES = 2 ** 26     # of a file's steps: what reading takes besides the store itself


class Segments:
    """Writes what was added to a store into files that never change, and fills a store from them.

    A segment is [first step, stop step, first episode, stop episode]: the steps, and the rows of the
    episodes. All are counted from the first ever added, so that a segment's name tells its contents.

    Args:
        store: the `EpisodeStore`.
    """

    def __init__(self, store):
        self._store, self._segments = store, []

    def save(self, files):
        """Writes the steps and episodes that no segment holds yet.

        Args:
            files: has `add(name, {name: array})`, which does not write a name again that it has, and
                `refer(name)` for those that are still needed.

        Returns:
            What `restore` needs, JSON values only.
        """
        store, segments = self._store, list(self._segments)
        _, step, _, episode = segments[-1] if segments else [0] * 4
        for first, steps in store.rings.pieces(max(step, store.first_step), store.num_added, MAX_BYTES):
            start = max(episode, store.first_episode)           # the first piece takes all new rows
            rows = store.table.columns(start - store.first_episode)
            stop, episode = first + len(steps['reward']), store.episodes_added
            segments.append([first, stop, start, episode])
            files.add(_file_name(segments[-1]), {f'step/{name}': array for name, array in steps.items()}
                      | {f'episode/{name}': array for name, array in rows.items()})
        self._segments = [segment for segment in segments if self._is_needed(segment)]
        for segment in self._segments:
            files.refer(_file_name(segment))
        return {'num_added': store.num_added, 'first_step': store.first_step,
                'episodes_added': store.episodes_added, 'first_episode': store.first_episode,
                'segments': self._segments}

    def _is_needed(self, segment):
        _, stop, episode, stop_episode = segment
        return stop > self._store.first_step or episode < stop_episode > self._store.first_episode

    def restore(self, state, files):
        """Fills the store, which is empty, with what it held at `save`.

        Args:
            state: what `save` returned.
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


def _file_name(segment):
    return 'steps-{:012d}-{:012d}-episodes-{}-{}.npz'.format(*segment)
