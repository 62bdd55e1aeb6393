"""Frames that are stored as videos: one episode in a file, or many, selected by presentation time."""
from pathlib import Path
from typing import NamedTuple

from envs.recorded.lerobot.faults import check_present, one_line, video_library
from utils.foreign.files import ContentError


class VideoFacts(NamedTuple):
    """What the header of a video says.

    Attributes:
        codec: such as 'av1' or 'h264'.
        size: (height, width), pixels.
        count: number of frames; 0 if it is not known.
    """

    codec: str
    size: tuple[int, int]
    count: int


class VideoRows(NamedTuple):
    """Where the frames of an episode are.

    Attributes:
        path: of the video.
        start: presentation time of the first frame, seconds; None if the whole video is the episode.
        length: T.
        name: of the episode.
    """

    path: Path
    start: float | None
    length: int
    name: str


def video_facts(path):
    """The `VideoFacts` of a file; nothing is decoded.

    Raises:
        ContentError: the file is missing or is not a video.
        UserError: av is not installed.
    """
    av = video_library()
    with _opened(av, path) as (container, stream):
        context = stream.codec_context
        size = (context.height, context.width)
        return VideoFacts(context.codec.canonical_name, size, max(0, stream.frames))


def check_video(facts, part, column, fps):
    """Checks that a header and an episode fit.

    Args:
        facts: the `VideoFacts` of the file.
        part: the `VideoRows` of the episode.
        column: `Column` of the camera.
        fps: frames per second.

    Raises:
        ContentError: another size, or another number of frames.
    """
    label = f'{part.path}: {part.name}'
    if facts.size != column.shape[:2]:
        raise ContentError(f'{label}: expected {column.shape[0]} x {column.shape[1]} pixels, as '
                           f'meta/info.json says, got {facts.size[0]} x {facts.size[1]}')
    if not facts.count:
        return
    if part.start is None and facts.count != part.length:
        raise ContentError(f'{label}: expected a video of {part.length} frames, got {facts.count}')
    if part.start is not None and round(part.start * fps) + part.length > facts.count:
        raise ContentError(f'{label}: expected {part.length} frames from {part.start:.3f} s on, got a video '
                           f'of {facts.count} frames at {fps:g} a second')


def video_pictures(parts, column, fps, apart=False):
    """Yields the frames of episodes in turn, [height, width, 3] uint8, and None after each episode.

    Episodes that are neighbours in a file are decoded in one pass, without seeking.

    Args:
        parts: a `VideoRows` for each episode.
        column: `Column` of the camera.
        fps: frames per second.
        apart: whether the decoder gets nothing of what follows an episode. Otherwise it is given some frames
            ahead, and damage to those may cost the frames before them.

    Raises:
        ContentError: a video cannot be decoded, or has other frames than expected.
        UserError: av is not installed.
    """
    av = video_library()
    for path, own in _by_file(parts):
        with _opened(av, path) as (container, stream):
            stream.thread_type = 'AUTO'
            stream.codec_context.options = {'err_detect': 'explode'}   # damage raises, no guess
            decoded, end = container.decode(stream), 0.0
            for part in own:
                start = part.start or 0.0
                if abs(start - end) * fps >= 0.5:
                    container.seek(int(start / stream.time_base), stream=stream)
                    decoded = container.decode(stream)
                if apart and part.start is not None:
                    decoded = _decoded_until(container, stream, start + (part.length - 0.5) / fps)
                for frame in _span(decoded, part, fps) if part.start is not None else _whole(decoded, part):
                    yield _pixels(frame, part, column)
                yield None
                end = start + part.length / fps


def _decoded_until(container, stream, end):
    """Yields the decoded frames up to a presentation time in seconds; later packets are not decoded."""
    for packet in container.demux(stream):
        if packet.pts is None or packet.pts * stream.time_base <= end:      # the last packet, None, flushes
            yield from packet.decode()


def _pixels(frame, part, column):
    """The RGB values of a decoded frame, [height, width, 3] uint8."""
    if frame.is_corrupt:
        raise ContentError(f'{part.path}: {part.name}: a frame cannot be decoded')
    if (frame.height, frame.width) != column.shape[:2]:
        raise ContentError(f'{part.path}: {part.name}: expected {column.shape[0]} x {column.shape[1]} '
                           f'pixels, got {frame.height} x {frame.width}')
    return frame.to_ndarray(format='rgb24')


def _by_file(parts):
    """[(path, [part])]: runs of parts in one file; a video of one episode is always a run of its own."""
    runs = []
    for part in parts:
        if runs and runs[-1][0] == part.path and part.start is not None:
            runs[-1][1].append(part)
        else:
            runs.append((part.path, [part]))
    return runs


def _whole(decoded, part):
    """Yields all frames of a video."""
    count = 0
    for frame in decoded:
        count += 1
        if count <= part.length:
            yield frame
    if count != part.length:
        raise ContentError(f'{part.path}: {part.name}: expected a video of {part.length} frames, got {count}')


def _span(decoded, part, fps):
    """Yields the frames from `part.start` on; what a seek decodes before them is dropped."""
    count = 0
    while count < part.length:
        frame = next(decoded, None)
        if frame is None or frame.pts is None:
            raise ContentError(f'{part.path}: {part.name}: expected {part.length} frames from '
                               f'{part.start:.3f} s on, got {count}')
        ahead = (frame.time - part.start) * fps - count     # frames; 0 but for rounding
        if count == 0 and ahead < -0.5:
            continue
        if abs(ahead) > 0.5:
            raise ContentError(f'{part.path}: {part.name}: expected frame {count} at '
                               f'{part.start + count / fps:.3f} s, got one at {frame.time:.3f} s')
        yield frame
        count += 1


class _opened:       # noqa: N801 (used as a function)
    """Context manager of (container, first video stream); an error of the decoder inside names the file."""

    def __init__(self, av, path):
        self._av, self._path, self._container = av, path, None

    def __enter__(self):
        check_present(self._path)
        # the format is fixed: a playlist, which may name any file, is not tried
        try:
            self._container = self._av.open(str(self._path.absolute()), format='mp4')
            if self._container.streams.video:
                return self._container, self._container.streams.video[0]
            self._container.close()
        except self._av.FFmpegError as error:
            raise ContentError(f'{self._path} cannot be read as a video: {one_line(error)}') from error
        raise ContentError(f'{self._path} has no video stream and may be half-written')

    def __exit__(self, kind, error, trace):
        self._container.close()
        if isinstance(error, self._av.FFmpegError):
            raise ContentError(f'{self._path} cannot be decoded: {one_line(error)}') from error
