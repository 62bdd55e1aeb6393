"""Recorded episodes of a few steps, whose numbers identify the step."""
from pathlib import Path

import numpy as np

import common
from utils.recording import Recording
from utils.types import Field, Spec

SIZE = 24       # height and width of frames
CONTEXTS = {'a': np.float32([1, 0]), 'b': np.float32([0, 1])}
RECORDED = Spec({'agentview': Field((SIZE, SIZE, 3), np.uint8), 'proprio': Field((3,))}, Field((3,)),
                context=2, tasks=('a', 'b'))


def recording(length=6, task='a', total_reward=1.0, name='demo_0', number=0, cameras=('agentview',),
              size=SIZE, **parts):
    """The recording `number` of a few: every pixel and every vector encodes the recording and the step.

    Args:
        length: T.
        task: 'a' or 'b'.
        total_reward: the whole return.
        name: of the episode.
        number: 0 to 9; frame t has the value 25 * number + t everywhere, proprio is [number, t, t ** 2] and
            action [number + 1, t + 1, -1] / 100.
        cameras: names of those it has.
        size: height and width of its frames.
        **parts: other parts of the `Recording`.
    """
    t = np.arange(length + 1, dtype=np.float32)
    ones = np.ones_like(t)
    file = np.repeat(np.uint8(25 * number + t), size * size * 3).reshape(-1, size, size, 3)
    actions = np.stack([number + ones, t + 1, -ones], axis=1)[:length] / np.float32(100)
    # the file has the frames in reverse order, so that `rows` matter
    whole = Recording(Path('file'), name, task, CONTEXTS[task], {camera: file[::-1] for camera in cameras},
                      np.arange(length, -1, -1), {'proprio': np.stack([number * ones, t, t ** 2], axis=1)},
                      actions, total_reward, unrewarded=min(length - 1, max(1, length - 10)),
                      backward=np.float32([-1, -1, 1]), exact=('feature',))
    return whole._replace(**parts)


def recorded_arguments(**flags):
    """`Args` of a run on recorded episodes with tiny batches, by default without averages."""
    values = {'env': 'libero_spatial', 'rrd_batch_size': 8, 'rrd_sample_size': 4, 'r_average': 0.0,
              'r_scale': 1.0, 'inter_op_threads': 1, 'intra_op_threads': 1, **flags}
    return common.parse_args([f'--{name}={value}' for name, value in values.items()])
