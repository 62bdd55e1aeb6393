"""Tiny data sets in LeRobot's formats, written with pyarrow and av alone."""
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

pa = pytest.importorskip('pyarrow', reason='pyarrow is in requirements.txt')
pq = pytest.importorskip('pyarrow.parquet')
av = pytest.importorskip('av', reason='av is in requirements-formats.txt')

CAMERA = 'observation.images.image'
COLUMNS = [CAMERA, 'observation.state']
SIDE, FPS = 16, 10
LENGTHS = (3, 2, 4)
TASKS = ['open the door', 'close the door']
DATA = 'data/chunk-000/episode_000001.parquet'
V30_DATA = 'data/chunk-000/file-000.parquet'
VIDEO = f'videos/chunk-000/{CAMERA}/episode_000001.mp4'
V21 = {'data_path': 'data/chunk-{episode_chunk:03d}/episode_{episode_index:06d}.parquet',
       'video_path': 'videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4'}
V30 = {'data_path': 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet',
       'video_path': 'videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4'}


def numbers(episode, length, width):
    """[length, width] float32 that differ in every place."""
    return np.float32([[100 * episode + 10 * t + k for k in range(width)] for t in range(length)])


def frame(episode, t):
    """A frame of one colour: compression leaves it nearly as it is."""
    return np.full((SIDE, SIDE, 3), [40 * episode + 10 * t, 100, 200 - 40 * episode], np.uint8)


def frames(episode, length):
    return np.stack([frame(episode, t) for t in range(length)])


def rows(episode, length, first=0, pictures=False):
    """{column: list} of the data of an episode."""
    columns = {'observation.state': numbers(episode, length, 2).tolist(),
               'action': numbers(episode, length, 3).tolist(), 'next.reward': [0.0] * (length - 1) + [1.0],
               'next.success': [False] * (length - 1) + [episode != 1], 'frame_index': list(range(length)),
               'timestamp': [t / FPS for t in range(length)], 'episode_index': [episode] * length,
               'index': list(range(first, first + length)), 'task_index': [episode % 2] * length}
    if pictures:
        columns[CAMERA] = [{'bytes': png(frame(episode, t)), 'path': f'{t}.png'} for t in range(length)]
    return columns


def png(picture, ending='.png'):
    return cv2.imencode(ending, picture[..., ::-1])[1].tobytes()


def table(columns):
    types = {'observation.state': pa.list_(pa.float32(), 2), 'action': pa.list_(pa.float32(), 3),
             'next.reward': pa.float32(), 'timestamp': pa.float32()}
    return pa.table({name: pa.array(values, types.get(name)) for name, values in columns.items()})


def write_parquet(path, *tables):
    """A file with a row group for each table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(path, tables[0].schema) as writer:
        for each in tables:
            writer.write_table(each)


def write_video(path, pictures, fps=FPS, side=SIDE):
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), 'w') as container:
        stream = container.add_stream('libx264', rate=fps, options={'crf': '1', 'g': '2'})
        stream.width, stream.height, stream.pix_fmt = side, side, 'yuv420p'
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format='rgb24')))
        container.mux(stream.encode())


def write_info(folder, version, camera, **changes):
    vector = {'dtype': 'float32', 'names': None}
    one = {'shape': [1], 'names': None}
    features = {CAMERA: {'dtype': camera, 'shape': [SIDE, SIDE, 3], 'names': ['height', 'width', 'channel']},
                'observation.state': {**vector, 'shape': [2]}, 'action': {**vector, 'shape': [3]},
                'next.reward': {**one, 'dtype': 'float32'}, 'next.success': {**one, 'dtype': 'bool'},
                'timestamp': {**one, 'dtype': 'float32'},
                **{name: {**one, 'dtype': 'int64'} for name in ('frame_index', 'episode_index', 'index',
                                                                'task_index')}}
    info = {'codebase_version': version, 'fps': FPS, 'features': features, 'chunks_size': 1000,
            'total_episodes': len(LENGTHS), **(V21 if version == 'v2.1' else V30)}
    if camera == 'image':
        info['video_path'] = None
    write_text(folder / 'meta/info.json', json.dumps(info | changes))


def write_text(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def edit_info(folder, edit):
    """Applies a function to the value of info.json."""
    path = Path(folder) / 'meta/info.json'
    info = json.loads(path.read_text())
    edit(info)
    path.write_text(json.dumps(info))


def write_v21(folder, camera='image', lengths=LENGTHS):
    """A data set of v2.1; `camera` is 'image' or 'video'."""
    write_info(folder, 'v2.1', camera)
    write_text(folder / 'meta/tasks.jsonl', ''.join(json.dumps({'task_index': k, 'task': task}) + '\n'
                                                    for k, task in enumerate(TASKS)))
    write_text(folder / 'meta/episodes.jsonl', ''.join(
        json.dumps({'episode_index': k, 'tasks': [TASKS[k % 2]], 'length': length}) + '\n'
        for k, length in enumerate(lengths)))
    for k, length in enumerate(lengths):
        write_parquet(folder / f'data/chunk-000/episode_{k:06d}.parquet',
                      table(rows(k, length, sum(lengths[:k]), camera == 'image')))
        if camera == 'video':
            write_video(folder / f'videos/chunk-000/{CAMERA}/episode_{k:06d}.mp4', frames(k, length))
    return folder


def write_v30(folder, camera='image', lengths=LENGTHS, **changes):
    """A data set of v3.0 with all episodes in one data file; `changes` replace columns of meta/episodes."""
    write_info(folder, 'v3.0', camera)
    write_parquet(folder / 'meta/tasks.parquet', pa.table({'task_index': range(len(TASKS)), 'task': TASKS}))
    starts = [sum(lengths[:k]) for k in range(len(lengths))]
    zeros = [0] * len(lengths)
    meta = {'episode_index': range(len(lengths)), 'length': lengths, 'data/chunk_index': zeros,
            'data/file_index': zeros, 'dataset_from_index': starts,
            'dataset_to_index': [start + length for start, length in zip(starts, lengths, strict=True)]}
    if camera == 'video':
        meta |= {f'videos/{CAMERA}/chunk_index': zeros, f'videos/{CAMERA}/file_index': zeros,
                 f'videos/{CAMERA}/from_timestamp': [start / FPS for start in starts]}
        write_video(folder / f'videos/{CAMERA}/chunk-000/file-000.mp4',
                    np.concatenate([frames(k, length) for k, length in enumerate(lengths)]))
    write_parquet(folder / 'meta/episodes/chunk-000/file-000.parquet', pa.table(meta | changes))
    write_parquet(folder / 'data/chunk-000/file-000.parquet', *[
        table(rows(k, length, starts[k], camera == 'image')) for k, length in enumerate(lengths)])
    return folder


def replaced(**columns):
    """A damage: other columns in the data of episode 1."""
    def damage(folder):
        changed = rows(1, 2, 3, pictures=True) | columns
        write_parquet(folder / DATA, table({name: values for name, values in changed.items()
                                            if values is not None}))
    return damage
