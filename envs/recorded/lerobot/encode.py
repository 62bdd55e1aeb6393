"""Frames into PNG files and videos."""
import fractions
import os

import cv2

from envs.recorded.lerobot.faults import video_library
from envs.recorded.lerobot.new_episode import ENCODERS
from utils.errors import UserError

# key frames are two apart as in LeRobot's own videos: single frames are read at random
_OPTIONS = {'av1': {'crf': '30', 'g': '2', 'preset': '8'}, 'h264': {'crf': '23', 'g': '2'}}


def checked_frames(episode, camera, size, label):
    """Yields the frames of an episode as its function does.

    Args:
        episode: the `NewEpisode`.
        camera: name of the camera.
        size: (height, width) that is expected.
        label: of the episode, for errors.

    Raises:
        UserError: there are more or fewer than T, or their shape or type is another.
    """
    count = 0
    for frames in episode.frames[camera]():
        if frames.dtype != 'uint8' or frames.shape[1:] != (*size, 3):
            raise UserError(f'{label}: expected uint8 frames of {size[0]} x {size[1]} pixels of {camera}, '
                            f'got {frames.dtype} {list(frames.shape[1:])}')
        count += len(frames)
        yield frames
    if count != len(episode.actions):
        raise UserError(f'{label}: expected {len(episode.actions)} frames of {camera}, got {count}')


def png(frame):
    """The bytes of a PNG file of an RGB [height, width, 3] uint8 frame."""
    done, data = cv2.imencode('.png', cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    if not done:
        raise UserError(f'a frame of {frame.shape[0]} x {frame.shape[1]} pixels cannot be encoded as PNG')
    return data.tobytes()


def write_video(file, frames, size, fps, encoding):
    """Encodes a video; frame n is presented at n / fps seconds.

    Args:
        file: open for writing in binary mode, seekable.
        frames: iterator of [n, height, width, 3] uint8.
        size: (height, width), even.
        fps: frames per second.
        encoding: 'av1' or 'h264'.

    Raises:
        UserError: av is not installed, or has no encoder for it.
    """
    av = video_library()
    if ENCODERS[encoding] not in av.codecs_available:
        raise UserError(f'the installed av cannot encode {encoding}: it has no {ENCODERS[encoding]}; write '
                        'PNG instead')
    os.environ.setdefault('SVT_LOG', '1')       # errors only; SVT-AV1 prints its settings otherwise
    try:
        with av.open(file, 'w', format='mp4') as container:
            stream = container.add_stream(ENCODERS[encoding], rate=fps, options=_OPTIONS[encoding])
            stream.height, stream.width, stream.pix_fmt = *size, 'yuv420p'
            stream.time_base = fractions.Fraction(1, fps)
            number = 0
            for batch in frames:
                for frame in batch:
                    picture = av.VideoFrame.from_ndarray(frame, format='rgb24')
                    picture.pts, number = number, number + 1
                    container.mux(stream.encode(picture))
            container.mux(stream.encode())
    except av.FFmpegError as error:
        raise UserError(f'cannot encode {encoding}: {error}') from error
