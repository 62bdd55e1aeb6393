"""An episode that is written to a data set in RLDS, and its record."""
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from envs.recorded.images import encode
from envs.recorded.rlds.checks import part
from envs.recorded.rlds.example import Feature, encoded, of_floats, of_integers, of_strings
from utils.foreign.files import ContentError


class NewEpisode(NamedTuple):
    """One episode to write; each observation is the one before its action.

    Attributes:
        frames: {camera: pieces [n, height, width, 3] uint8, RGB, in the order of the steps}.
        vectors: {name: [T, D]}.
        actions: [T, A].
        rewards: [T].
        task: sentence.
        origin: path of the file that it comes from.
        terminal: whether it ended by itself, not at a time limit.
    """

    frames: dict[str, Iterable[np.ndarray]]
    vectors: dict[str, np.ndarray]
    actions: np.ndarray
    rewards: np.ndarray
    task: str
    origin: str
    terminal: bool = True


def encoded_episode(episode, schema):
    """The record of a `NewEpisode`.

    Raises:
        ContentError: it does not fit the schema.
    """
    length = len(episode.actions)
    missing = sorted({*schema.cameras} - {*episode.frames} | {*schema.vectors} - {*episode.vectors})
    if missing or not length:
        raise ContentError(f'expected {missing[0]} in it' if missing else 'expected a step or more, got none')
    steps = np.arange(length)
    values = {'action': _floats('action', episode.actions, (length, schema.action)),
              'reward': _floats('reward', episode.rewards, (length,)),
              'discount': of_floats(np.ones(length)), 'is_first': of_integers(steps == 0),
              'is_last': of_integers(steps == length - 1),
              'is_terminal': of_integers((steps == length - 1) & episode.terminal),
              'language_instruction': of_strings([episode.task] * length)}
    for key, width in schema.vectors.items():
        values[f'observation/{key}'] = _floats(key, episode.vectors[key], (length, width))
    for key, size in schema.cameras.items():
        with part(key):
            values[f'observation/{key}'] = _images(episode.frames[key], length, size, schema.encoding)
    return encoded({'episode_metadata/file_path': of_strings([episode.origin]),
                    **{f'steps/{key}': value for key, value in values.items()}})


def _floats(key, values, shape) -> Feature:
    values = np.asarray(values, np.float32)
    if values.shape != shape or not np.isfinite(values).all():
        raise ContentError(f'{key}: expected finite numbers of shape {list(shape)}, got {list(values.shape)}'
                           f'{"" if np.isfinite(values).all() else " with NaN or infinity"}')
    return of_floats(values)


def _images(pieces, length, size, encoding) -> Feature:
    images = []
    for piece in pieces:
        if piece.dtype != np.uint8 or piece.shape[1:] != (*size, 3):
            raise ContentError(f'expected uint8 frames of {[*size, 3]}, got {piece.dtype} '
                               f'{list(piece.shape[1:])}')
        images += [encode(frame, encoding) for frame in piece]
    if len(images) != length:
        raise ContentError(f'expected {length} frames, got {len(images)}')
    return of_strings(images)
