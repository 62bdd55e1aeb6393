"""Films episodes off-screen."""
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

import gymnasium

from envs.simulated import make_env
from envs.simulated.film import Film, Filmed, check_film
from utils.errors import UserError
from utils.flags.flag import Args
from utils.logs.console import work_bar

LIBRARIES = {'egl': 'EGL', 'osmesa': 'OSMesa'}      # value of MUJOCO_GL: library that it needs


def make_camera(args, path):
    """A camera that films the episodes of a run with the flags `args` into the file `path`."""
    return GameCamera(path) if args.env_category == 'atari' else Camera(args, path)


class GameCamera:
    """A context that films Atari games while they are played; their simulator needs no OpenGL.

    Args:
        path: the .mp4 file; an existing one is replaced.

    Raises:
        UserError: the file cannot be written.
    """

    def __init__(self, path):
        check_film(path)
        self._film = Film(path)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._film.close()

    def wrap(self, raw):
        """The Gymnasium environment `raw`, filmed."""
        return Filmed(raw, self._film.add)

    def film(self, states, num_frames):
        """Renames the film to its final name: everything has been filmed already."""
        self._film.close()
        self._film.publish()


class Camera:
    """A context that films episodes which were played in another environment.

    It renders in a separate process, as TensorFlow and software OpenGL crash in the same process.

    Args:
        args: flags of the run, as for `make_env`.
        path: the .mp4 file; an existing one is replaced.

    Raises:
        UserError: the file cannot be written, or the environment cannot be rendered.
    """

    def __init__(self, args, path):
        check_film(path)
        self._args, self._path = dict(args), path

    def __enter__(self):
        context = multiprocessing.get_context('spawn')      # without the libraries of this process
        self._process = ProcessPoolExecutor(1, context, _end_with_parent)
        try:
            self._run(_render_once)
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, error, *more):
        if error is not None:           # the film is no longer needed
            for process in multiprocessing.active_children():
                process.terminate()
        self._process.shutdown()

    wrap = None     # episodes are filmed later, in the other process

    def film(self, states, num_frames):
        """Films the episodes that lead to `states`, each the `state_dict()` of an environment.

        Args:
            states: one for each episode, taken at its end.
            num_frames: number of steps plus number of episodes, for the progress bar.
        """
        self._run(_film, self._path, states, num_frames)

    def _run(self, job, *more):
        try:
            return self._process.submit(job, self._args, *more).result()
        except BrokenProcessPool as error:
            raise UserError('--video: the process that renders has crashed; set MUJOCO_GL to another of '
                            'egl and osmesa') from error


def choose_opengl():
    """Sets MUJOCO_GL to an off-screen OpenGL, if one is installed; must run before MuJoCo is imported.

    Raises:
        UserError: MUJOCO_GL is set to an unsupported value.
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
    """Ends a process when its parent has ended for any reason."""
    parent = multiprocessing.parent_process().sentinel

    def wait():
        multiprocessing.connection.wait([parent])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _make_env(flags, take):
    choose_opengl()
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        return make_env(Args(flags), 0, lambda raw: Filmed(raw, take))


def _render_once(flags):
    """Raises if rendering fails, before any episode is played."""
    try:
        with closing(_make_env(flags, lambda picture, rate: None)) as env:
            env.reset()
    except UserError:
        raise
    except gymnasium.error.DependencyNotInstalled as error:
        raise UserError(f'--video: {flags["env"]} cannot be rendered: {error}') from error
    except Exception as error:      # OpenGL's bindings raise many types if a library is missing
        raise UserError(f'--video: {flags["env"]} cannot be rendered with MUJOCO_GL='
                        f'{os.environ.get("MUJOCO_GL", "")} ({error}); install EGL (apt-get install libegl1) '
                        'or OSMesa (apt-get install libosmesa6)') from error


def _film(flags, path, states, num_frames):
    with work_bar(num_frames, 'frame') as bar, closing(Film(path)) as film:
        def take(picture, rate):
            film.add(picture, rate)
            bar.update(1)

        with closing(_make_env(flags, take)) as env:
            for state in states:        # in order, so the episode before has been filmed
                env.load_state_dict({name: value for name, value in state.items() if name != 'before'})
    film.publish()
