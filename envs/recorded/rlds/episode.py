"""One episode of a data set, from the encoded features of its record."""
import numpy as np

from envs.recorded.images import check_image
from envs.recorded.raw import RawEpisode
from envs.recorded.rlds.checks import part
from envs.recorded.rlds.example import FLOATS, INTEGERS, STRINGS, floats, integers, strings
from envs.recorded.rlds.features import ACTION, ORIGIN, REWARD, SENTENCE
from utils.foreign.files import ContentError


def read_episode(name, features, fields, columns_wanted, encodings):
    """The `RawEpisode` of one record; its frames are checked, but not decoded.

    Args:
        name: of the episode.
        features: {key: `Feature`} of the record.
        fields: {key: `Field`} of the data set.
        columns_wanted: names of cameras and vectors.
        encodings: {camera: encoding of all its frames}; a camera without a known one gets that of the first.

    Raises:
        ContentError: a part is missing or invalid.
    """
    actions = _numbers(features, fields, ACTION)
    length, vectors = len(actions), {}
    if not length:
        raise ContentError(f'{ACTION}: expected at least one step, got none')
    for column in columns_wanted:
        key = f'steps/{column}'
        if fields[key].kind == 'camera':
            _check_frames(frames_of(features, column, length), fields[key], column, encodings)
        else:
            vectors[column] = _numbers(features, fields, key, length)
    rewards = _numbers(features, fields, REWARD, length)[:, 0] if REWARD in fields else None
    task = _text(features, SENTENCE, length) if SENTENCE in fields else ''
    origin = _text(features, ORIGIN) if ORIGIN in fields else ''
    return RawEpisode(name, task, origin, actions, vectors, rewards, None)


def frames_of(features, column, length):
    """[T] encoded frames of a camera.

    Raises:
        ContentError: they are missing, or not as many as `length`.
    """
    key = f'steps/{column}'
    with part(key):
        found = strings(_feature(features, key, STRINGS))
        _check_length(len(found), length)
        return found


def _check_frames(frames, field, column, encodings):
    for step, frame in enumerate(frames):
        with part(f'steps/{column}: step {step}'):
            found = check_image(frame, field.shape, encodings[column])
        encodings[column] = found


def _numbers(features, fields, key, length=None):
    """[T, D] float32 of a vector or a number; [T, 1] for the latter."""
    field = fields[key]
    with part(key):
        feature = _feature(features, key, field.stored)
        values = floats(feature) if field.stored == FLOATS else integers(feature)
        if len(values) % field.width:
            raise ContentError(f'expected {field.width} numbers a step, got {len(values)} in all')
        values = values.reshape(-1, field.width).astype(np.float32)
        _check_length(len(values), len(values) if length is None else length)
        bad = np.flatnonzero(~np.isfinite(values).all(axis=1))
        if len(bad):
            raise ContentError(f'step {bad[0]}: expected finite numbers, got {values[bad[0]].tolist()}')
        return values


def _text(features, key, length=None):
    """The first of T texts, or the only one if `length` is None."""
    with part(key):
        found = strings(_feature(features, key, STRINGS))
        if length is None and len(found) != 1:
            raise ContentError(f'expected 1 text, got {len(found)}')
        _check_length(len(found), length or 1)
        try:
            return str(found[0], 'utf-8')
        except UnicodeDecodeError as error:
            raise ContentError(f'expected UTF-8, got {bytes(found[0][:20])!r}') from error


def _feature(features, key, kind):
    if key not in features:
        raise ContentError(f'is missing; found {", ".join(sorted(features)[:16]) or "nothing"}')
    if features[key].kind != kind:
        names = {STRINGS: 'strings', FLOATS: 'float32', INTEGERS: 'int64', '': 'nothing'}
        raise ContentError(f'expected a list of {names[kind]}, got {names[features[key].kind]}')
    return features[key]


def _check_length(found, length):
    if found != length:
        raise ContentError(f'expected {length} steps, as actions have, got {found}')
