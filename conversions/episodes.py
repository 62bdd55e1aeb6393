"""Episodes of LIBERO's suites in the form in which all formats are written."""
from typing import NamedTuple

import numpy as np

from conversions.damaged import fault, undamaged
from conversions.job import Content
from envs.recorded.content import check_orientation
from envs.recorded.opening import open_source
from envs.recorded.source import RecordedFile
from envs.recorded.task_names import sentence_of
from utils.errors import UserError
from utils.flags.flag import Args
from utils.flags.suites import ENDING
from utils.recording import Recording

STATE = 8       # numbers: end effector 3, axis-angle 3, gripper 2; the joints of the arm follow
_KEYS = ('agentview,wrist,proprio', 'agentview,wrist,state')


class Episode(NamedTuple):
    """One episode to write, as `conversions.job.Rows`: the T steps of a recording, and one more row.

    Attributes:
        recording: the `Recording`.
        file: the `RecordedFile` that holds it.
        place: its position in the episodes of the file.
    """

    recording: Recording
    file: RecordedFile
    place: int

    @property
    def sentence(self):
        """The instruction of its task."""
        return sentence_of(self.recording.task)

    @property
    def origin(self):
        """Name of the file of its task in LIBERO."""
        return f'{self.recording.task}{ENDING}'

    @property
    def success(self):
        """Whether it is a success."""
        return self.recording.success

    @property
    def cameras(self):
        """Keys of its cameras."""
        return tuple(self.file.cameras)

    @property
    def vectors(self):
        """{key: [S, D] float32}."""
        joints = {} if self.joints is None else {'joint_state': self.joints}
        return {'state': self.state, **joints}

    @property
    def actions(self):
        """[S, 7] float32; an unknown last action moves nothing and leaves the gripper as it is."""
        actions, last = self.recording.actions, self.recording.final_action
        if last is None:
            last = np.concatenate([np.zeros(6, np.float32), actions[-1, 6:]])
        return np.concatenate([actions, last[None]])

    @property
    def rewards(self):
        """[S] float32: the return on the last step, as in LIBERO."""
        rewards = np.zeros(len(self.recording.actions) + 1, np.float32)
        rewards[-1] = self.recording.total_reward
        return rewards

    @property
    def state(self):
        """[S, 8] float32: end effector, axis-angle, gripper."""
        vectors = self.recording.vectors
        return vectors['proprio'][:, :STATE] if 'proprio' in vectors else vectors['state']

    @property
    def joints(self):
        """[S, 7] float32, or None where they are unknown."""
        vectors = self.recording.vectors
        return vectors['proprio'][:, STATE:] if 'proprio' in vectors else None

    def frames(self, camera):
        """[S, height, width, 3] uint8 as recorded, upright and not mirrored.

        Raises:
            UserError: they cannot be read.
        """
        pieces = undamaged(self.file.cameras[camera].read_one(self.place), self.file.path)
        rows = self.recording.rows
        return np.concatenate(list(pieces))[rows - rows[0]]

    def pictures(self, camera):
        """Yields `frames`, mirrored: the form of LIBERO's sets in RLDS and of LeRobot."""
        yield self.frames(camera)[:, :, ::-1]


def open_suite(args):
    """The `Content` of a data set of a LIBERO suite.

    Raises:
        UserError: the data are invalid, there are no episodes, or their frames are turned in another way.
    """
    source, lacking = open_files(args)
    episodes = [Episode(recording, file, place) for file in source.files
                for place, recording in enumerate(file.episodes)]
    skipped = [f'left out: {file.path} {name}: {why}' for file in source.files
               for name, why in file.skipped.items()]
    why = [_fault(each) if args.libero_skip_bad else '' for each in episodes]
    damaged = [f'left out: {each.file.path} {each.recording.name}: {text}'
               for each, text in zip(episodes, why, strict=True) if text]
    episodes = [each for each, text in zip(episodes, why, strict=True) if not text]
    if not episodes:
        raise UserError(f'{args.libero_path}: expected episodes of {args.env}, found none')
    turned = check_orientation(source.files, args)
    notices = [*source.notices, *filter(None, [lacking]), *skipped, *damaged, *turned, *_unknown(episodes)]
    return Content(episodes, sizes_of(source.files), [facts_of(source.files), damaged], notices)


def _fault(episode):
    """Why frames of an `Episode` cannot be read; '' if they can."""
    return fault(camera.read_one(episode.place) for camera in episode.file.cameras.values())


def _unknown(episodes):
    """[line about the episodes whose last action is not recorded]."""
    count = sum(episode.recording.final_action is None for episode in episodes)
    return [f'{count} of {len(episodes)} episodes end with an observation whose action is not recorded; its '
            'action there is zeros, with the gripper as before'] if count else []


def open_files(args):
    """(the `EpisodeSource`, note on what it lacks or '').

    All that a source has is read: without --libero_obs, joint angles where every episode has them.

    Raises:
        UserError: the data are invalid.
    """
    if args.libero_obs:
        return open_source(args), ''
    try:
        return open_source(Args({**args, 'libero_obs': _KEYS[0]})), ''
    except UserError as error:
        return open_source(Args({**args, 'libero_obs': _KEYS[1]})), f'without joint angles: {error}'


def sizes_of(files):
    """{camera: (height, width)} of all files.

    Raises:
        UserError: two differ.
    """
    sizes = {}
    for file in files:
        for camera, stored in file.cameras.items():
            path, size = sizes.setdefault(camera, (file.path, stored.size))
            if size != stored.size:
                raise UserError(f'{file.path}: expected frames of {camera} of {size[0]} x {size[1]} pixels, '
                                f'as in {path}, got {stored.size[0]} x {stored.size[1]}')
    return {camera: size for camera, (_, size) in sizes.items()}


def facts_of(files):
    """JSON value that differs where other episodes would be written."""
    return [[str(file.path), file.flag, file.fingerprint, file.conventions,
             [recording.name for recording in file.episodes],
             {camera: stored.facts for camera, stored in file.cameras.items()}] for file in files]
