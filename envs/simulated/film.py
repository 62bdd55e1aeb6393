"""A film of episodes: an .mp4 file, and a wrapper that renders its frames."""
import os
import warnings

import cv2
import gymnasium

from utils.errors import UserError

CODEC = 'vp09'      # VP9: browsers play it, and OpenCV's packages bring its encoder
USUAL_RATE = 30     # frames per second, where an environment does not specify it


def check_film(path):
    """Checks the name and the directory of a film.

    Raises:
        UserError: the name is not that of an .mp4 file, or its directory is not writable.
    """
    directory = os.path.dirname(os.path.abspath(path))
    if not path.endswith('.mp4'):
        raise UserError(f'--video={path}: expected the name of an .mp4 file')
    if not (os.path.isdir(directory) and os.access(directory, os.W_OK)):
        raise UserError(f'--video={path}: {directory} is not a writable directory')


class Film:
    """An .mp4 file, created with its first frame."""

    def __init__(self, path):
        self._path, self._writer = path, None
        self._partial = path.removesuffix('.mp4') + '.partial.mp4'

    def add(self, picture, rate):
        """Adds a frame, [height, width, 3] uint8; `rate` is in frames per second."""
        if self._writer is None:
            size = picture.shape[1], picture.shape[0]
            self._writer = cv2.VideoWriter(self._partial, cv2.VideoWriter_fourcc(*CODEC), rate, size)
            if not self._writer.isOpened():
                raise UserError(f'--video={self._path} cannot be written by OpenCV as {CODEC}')
        self._writer.write(picture[..., ::-1])      # OpenCV's order is blue, green, red

    def close(self):
        """Closes the file."""
        if self._writer is not None:
            self._writer.release()

    def publish(self):
        """Renames the finished file to its final name."""
        os.replace(self._partial, self._path)


class Filmed(gymnasium.Wrapper):
    """Calls `take` with a rendered frame of every state and the frames per second."""

    def __init__(self, raw, take):
        super().__init__(raw)
        self._take = take

    def reset(self, **options):
        """As the wrapped environment."""
        result = self.env.reset(**options)
        self._shoot()
        return result

    def step(self, action):
        """As the wrapped environment."""
        result = self.env.step(action)
        self._shoot()
        return result

    def _shoot(self):
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            self._take(self.env.render(), self.metadata.get('render_fps', USUAL_RATE))
