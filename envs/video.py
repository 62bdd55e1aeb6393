"""Films episodes off-screen, in a process of its own: TensorFlow and software OpenGL crash each other."""
import ctypes.util
import multiprocessing
import multiprocessing.connection
import os
import sys
import threading
import warnings
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing

import cv2
import gymnasium
from tqdm import tqdm

from envs import make_env
from utils.errors import UserError
from utils.flags import Args

USUAL_RATE = 30     # pictures a second, where an environment does not tell
CODEC = 'vp09'      # VP9: browsers play it, and OpenCV's packages bring its encoder
LIBRARIES = {'egl': 'EGL', 'osmesa': 'OSMesa'}      # value of MUJOCO_GL: library that it needs


class Camera:
    """A context that films episodes which were played elsewhere.

    Args:
        args: flags of the run, as for `make_env`.
        path: the .mp4 file; an existing one is replaced.

    Raises:
        UserError: the file cannot be written, or the environment not be rendered.
    """

    def __init__(self, args, path):
        check_film(path)
        self._args, self._path = dict(args), path

    def __enter__(self):
        context = multiprocessing.get_context('spawn')      # what was loaded here is not loaded there
        self._process = ProcessPoolExecutor(1, context, _end_with_parent)
        try:
            self._run(_render_once)
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, error, *more):
        if error is not None:           # nobody waits for the film any more
            for process in multiprocessing.active_children():
                process.terminate()
        self._process.shutdown()

    def film(self, states, num_frames):
        """Films the episodes that lead to `states`, each the `state_dict()` of an environment.

        Args:
            states: one for each episode, as it was over.
            num_frames: steps and episodes together, for the bar.
        """
        self._run(_film, self._path, states, num_frames)

    def _run(self, job, *more):
        try:
            return self._process.submit(job, self._args, *more).result()
        except BrokenProcessPool as error:
            raise UserError('--video: the process that renders has crashed; set MUJOCO_GL to another of '
                            'egl and osmesa') from error


def check_film(path):
    """Makes sure that a film can be written, as far as its name and directory tell.

    Raises:
        UserError: the name is not that of an .mp4 file, or its directory cannot be written to.
    """
    directory = os.path.dirname(os.path.abspath(path))
    if not path.endswith('.mp4'):
        raise UserError(f'--video={path}: expected the name of an .mp4 file')
    if not (os.path.isdir(directory) and os.access(directory, os.W_OK)):
        raise UserError(f'--video={path}: {directory} is not a writable directory')


def choose_opengl():
    """Sets MUJOCO_GL to an OpenGL that needs no screen, if one is installed; before MuJoCo is imported.

    Raises:
        UserError: MUJOCO_GL is set, to something else.
    """
    chosen = os.environ.get('MUJOCO_GL')
    if chosen is not None:
        if chosen not in LIBRARIES:
            raise UserError(f'MUJOCO_GL={chosen}: expected egl or osmesa, which need no screen')
        return
    for name, library in LIBRARIES.items():
        if ctypes.util.find_library(library):
            os.environ['MUJOCO_GL'] = name
            return


def _end_with_parent():
    """Makes a process end when the one that started it has, however that came."""
    parent = multiprocessing.parent_process().sentinel

    def wait():
        multiprocessing.connection.wait([parent])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


class _Filmed(gymnasium.Wrapper):
    """Hands a picture of every state, and how many of them make a second, to `take`."""

    def __init__(self, raw, take):
        super().__init__(raw)
        self._take = take

    def reset(self, **options):
        result = self.env.reset(**options)
        self._shoot()
        return result

    def step(self, action):
        result = self.env.step(action)
        self._shoot()
        return result

    def _shoot(self):
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            self._take(self.env.render(), self.metadata.get('render_fps', USUAL_RATE))


def _make_env(flags, take):
    choose_opengl()
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        return make_env(Args(flags), 0, lambda raw: _Filmed(raw, take))


def _render_once(flags):
    """Fails where nothing can be rendered, before anybody has played what is to be filmed."""
    try:
        with closing(_make_env(flags, lambda picture, rate: None)) as env:
            env.reset()
    except UserError:
        raise
    except gymnasium.error.DependencyNotInstalled as error:
        raise UserError(f'--video: {flags["env"]} cannot be rendered: {error}') from error
    except Exception as error:      # OpenGL's bindings raise whatever comes where they lack something
        raise UserError(f'--video: {flags["env"]} cannot be rendered with MUJOCO_GL='
                        f'{os.environ.get("MUJOCO_GL", "")} ({error}); install EGL (apt-get install libegl1) '
                        'or OSMesa (apt-get install libosmesa6)') from error


def _film(flags, path, states, num_frames):
    with tqdm(total=num_frames, unit='frame', disable=None) as bar, closing(_Film(path)) as film:
        def take(picture, rate):
            film.add(picture, rate)
            bar.update(1)

        with closing(_make_env(flags, take)) as env:
            for state in states:
                env.load_state_dict(state)
    film.publish()


class _Film:
    """An .mp4 file, made with its first picture."""

    def __init__(self, path):
        self._path, self._writer = path, None
        self._partial = path.removesuffix('.mp4') + '.partial.mp4'

    def add(self, picture, rate):
        """Adds a frame, [height, width, 3] uint8; `rate` of them make a second."""
        if self._writer is None:
            size = picture.shape[1], picture.shape[0]
            self._writer = cv2.VideoWriter(self._partial, cv2.VideoWriter_fourcc(*CODEC), rate, size)
            if not self._writer.isOpened():
                raise UserError(f'--video={self._path} cannot be written by OpenCV as {CODEC}')
        self._writer.write(picture[..., ::-1])      # OpenCV takes blue first

    def close(self):
        """Ends the file."""
        if self._writer is not None:
            self._writer.release()

    def publish(self):
        """Gives the finished file its name."""
        os.replace(self._partial, self._path)
