"""Small recorded episodes and predictions, written by hand."""
from pathlib import Path

import numpy as np

from tester.recorded.metrics import Prediction
from utils.recording import Recording


def recording(length=4, total_reward=1.0, task='red', progress=None, mode='', start=0, name='demo_0'):
    """A `Recording` whose vector 'time' counts observations from `start`; tasks differ in their context."""
    context = np.float32([len(task), 1])
    time = np.arange(start, start + length + 1, dtype=np.float32)[:, None]
    actions = np.zeros((length, 7), np.float32)
    known = None if progress is None else np.float32(progress)
    return Recording(Path(f'{task}.hdf5'), name, task, context, {}, np.arange(length + 1), {'time': time},
                     actions, total_reward, known, mode, max(0, length - 10))


def prediction(rewards, total_reward=1.0, task='red', progress=None, mode='', swapped=None, prefixes=()):
    """A `Prediction` for an episode with as many steps as there are rewards."""
    return Prediction(recording(len(rewards), total_reward, task, progress, mode),
                      np.float32(rewards), swapped, prefixes)
