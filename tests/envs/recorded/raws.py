"""Tiny `RawFile`s and `RawEpisode`s."""
from pathlib import Path

import numpy as np

from envs.recorded.raw import Column, RawEpisode, RawFile


def raw_episode(length=4, name='episode 0', width=7, **parts):
    """An episode whose vector `state` is [t, 0 ..] at step t, and whose actions are t everywhere."""
    t = np.arange(length, dtype=np.float32)[:, None]
    state = np.concatenate([t, np.zeros((length, 7), np.float32)], axis=1)
    whole = RawEpisode(name, 'open the door', '', np.repeat(t, width, axis=1), {'state': state}, None, None)
    return whole._replace(**parts)


def raw_file(episodes, final=False):
    """A file of them; frame t of episode n is 10 n + t, in its left upper pixel only."""
    columns = {'image': Column('camera', (8, 8, 3), 'png'), 'state': Column('vector', (8,))}

    def read(camera, positions):
        for position in positions:
            frames = np.zeros((len(episodes[position].actions) + final, 8, 8, 3), np.uint8)
            frames[:, 0, 0] = (10 * position + np.arange(len(frames)))[:, None]
            yield frames

    return RawFile(Path('folder/set'), 'fake v1', episodes, columns, 'action', read, ['fact'], {})
