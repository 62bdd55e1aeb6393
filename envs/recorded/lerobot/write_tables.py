"""The parquet files of a new data set, with the schema metadata that the package `datasets` reads."""
import json

import numpy as np

from envs.recorded.lerobot.encode import checked_frames, png
from envs.recorded.lerobot.faults import parquet_library
from envs.recorded.lerobot.new_episode import columns

INDICES = ('timestamp', 'frame_index', 'episode_index', 'index', 'task_index')
_BOOLS = ('next.done', 'next.success')


def numbers_of(episode, action, numbers, fps):
    """{column: [T, D] or [T] array} of all columns of an episode but the pictures.

    Args:
        episode: the `NewEpisode`.
        action: name of the column of actions.
        numbers: (number of the episode, number of the task, index of the first frame in the data set).
        fps: frames per second.
    """
    length = len(episode.actions)
    last = np.arange(length) == length - 1
    arrays = {name: values.astype(np.float32) for name, values in episode.vectors.items()}
    arrays[action] = episode.actions.astype(np.float32)
    if episode.rewards is not None:
        arrays |= {'next.reward': episode.rewards.astype(np.float32), 'next.done': last}
    if episode.success is not None:
        arrays['next.success'] = last & bool(episode.success)
    number, task, first = numbers
    rows = np.arange(length, dtype=np.int64)
    return arrays | {'timestamp': (rows / fps).astype(np.float32), 'frame_index': rows,
                     'episode_index': np.full(length, number), 'index': first + rows,
                     'task_index': np.full(length, task)}


def features_of(episode, layout):
    """{column: dict} of `meta/info.json`."""
    found = {camera: _camera(size, layout) for camera, size in layout.sizes.items()}
    for name, shape in columns(episode).items():
        dtype = 'bool' if name in _BOOLS else 'float32'
        column = layout.action if name == 'action' else name
        found[column] = {'dtype': dtype, 'shape': list(shape), 'names': None}
    for name in INDICES:
        found[name] = {'dtype': 'float32' if name == 'timestamp' else 'int64', 'shape': [1], 'names': None}
    return found


def write_data(file, features, episodes, counts, label):
    """Writes the data of some episodes, a row group each.

    Args:
        file: open for writing in binary mode.
        features: of `features_of`.
        episodes: [(`NewEpisode`, its `numbers_of`)].
        counts: {camera: [`PixelCounts` of each episode]} that is filled, of the cameras in the file.
        label: function of the place in `episodes` to the name of the episode in an error.
    """
    import pyarrow as pa
    parquet, schema = parquet_library(), _schema(features)
    with parquet.ParquetWriter(file, schema, compression='snappy') as writer:
        for place, (episode, numbers) in enumerate(episodes):
            arrays = []
            for field in schema:
                if field.name in numbers:
                    arrays.append(_array(numbers[field.name], field.type))
                else:
                    size = features[field.name]['shape'][:2]
                    frames = checked_frames(episode, field.name, tuple(size), label(place))
                    arrays.append(_pictures(frames, counts[field.name][place], field.type))
            table = pa.Table.from_arrays(arrays, schema=schema)
            writer.write_table(table, row_group_size=len(table))


def _pictures(frames, counts, kind):
    """The pyarrow array of the PNG files of an episode."""
    import pyarrow as pa
    rows = []
    for batch in frames:
        counts.add(batch)
        rows += [{'bytes': png(frame), 'path': f'frame-{number:06d}.png'}
                 for number, frame in enumerate(batch, start=len(rows))]
    return pa.array(rows, kind)


def _array(values, kind):
    import pyarrow as pa
    if not pa.types.is_fixed_size_list(kind):       # of one number a row
        return pa.array(values.ravel(), kind)
    return pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), type=kind)


def _schema(features):
    """The `pyarrow.Schema` of a data file; cameras in videos have no column."""
    import pyarrow as pa
    fields, described = [], {}
    for name, feature in features.items():
        if feature['dtype'] == 'video':
            continue
        if feature['dtype'] == 'image':
            kind = pa.struct([('bytes', pa.binary()), ('path', pa.string())])
            described[name] = {'_type': 'Image'}
        else:
            value = {'dtype': feature['dtype'], '_type': 'Value'}
            kind, width = pa.type_for_alias(feature['dtype']), feature['shape'][0]
            if width > 1:
                kind, value = pa.list_(kind, width), {'feature': value, 'length': width, '_type': 'List'}
            described[name] = value
        fields.append(pa.field(name, kind))
    return pa.schema(fields, {'huggingface': json.dumps({'info': {'features': described}})})


def _camera(size, layout):
    feature = {'dtype': 'image', 'shape': [*size, 3], 'names': ['height', 'width', 'channel']}
    if layout.encoding == 'png':
        return feature
    return feature | {'dtype': 'video', 'info': {
        'video.height': size[0], 'video.width': size[1], 'video.codec': layout.encoding,
        'video.pix_fmt': 'yuv420p', 'video.is_depth_map': False, 'video.fps': layout.fps, 'video.channels': 3,
        'has_audio': False}}
