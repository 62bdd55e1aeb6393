"""Predicts the rewards of parts; the next episodes are decoded meanwhile."""
from contextlib import closing

import numpy as np

from envs.recorded.single import FramesLostError, with_frames
from labels.parts import save_part
from utils.errors import DivergedError, UserError
from utils.host import cores
from utils.in_order import in_order
from utils.labels.predict import predict

_MOST_THREADS = 8       # that decode; each has an episode in memory


class PartPredictor:
    """Predicts the rewards of the parts of a data set.

    Args:
        agent: has `predict_rewards`.
        size: height and width of the frames that it takes, pixels.
        skip_bad: whether an episode is left out whose frames cannot be read; its rewards are NaN.
        report: function of a number of steps, called after each episode.
    """

    def __init__(self, agent, size, skip_bad, report):
        self._agent, self._size, self._skip_bad, self._report = agent, size, skip_bad, report

    def run(self, folder, parts, numbers):
        """Predicts the parts with these numbers, and saves each when it is complete.

        Raises:
            UserError: frames cannot be read, or a file cannot be written.
            DivergedError: a reward is not finite.
        """
        waiting = (item for number in numbers for item in parts[number])
        with closing(in_order(self._framed, waiting, min(cores(), _MOST_THREADS))) as decoded:
            for number in numbers:
                rewards = []
                for item in parts[number]:
                    rewards.append(self._rewards(item, next(decoded)))
                    self._report(item.recording.length)
                save_part(folder, number, rewards)

    def _framed(self, item):
        """The `Recording` of an item with frames, or why these cannot be read."""
        try:
            return with_frames(*item, self._size)
        except FramesLostError as error:
            return str(error)

    def _rewards(self, item, framed):
        """[T] float32 rewards of an episode."""
        if isinstance(framed, str):
            if not self._skip_bad:
                raise UserError(f'{item.file.path}: {framed} (--libero_skip_bad=True leaves it out)')
            return np.full(item.recording.length, np.nan, np.float32)
        rewards = predict(self._agent, framed, [framed.context])[0]
        if not np.isfinite(rewards).all():
            raise DivergedError(f'a predicted reward is {rewards[~np.isfinite(rewards)][0]}, of '
                                f'{item.file.path} {item.recording.name}')
        return rewards
