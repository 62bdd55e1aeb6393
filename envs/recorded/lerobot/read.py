"""A data set of LeRobot as a `RawFile`: episodes as stored, no convention applied."""
import functools
from pathlib import Path

from envs.recorded.lerobot.data_files import read_numbers
from envs.recorded.lerobot.faults import one_line
from envs.recorded.lerobot.gathering import gathered
from envs.recorded.lerobot.info import read_info
from envs.recorded.lerobot.listing import read_listing
from envs.recorded.lerobot.pictures import PictureRows, encoding_of, pictures
from envs.recorded.lerobot.videos import VideoRows, check_video, video_facts, video_pictures
from envs.recorded.raw import RawEpisode, RawFile
from utils.errors import UserError
from utils.foreign.files import ContentError


def read_set(folder, wanted_columns, skip_bad=False) -> RawFile:
    """Reads a data set without its frames.

    The files of the cameras among `wanted_columns` are checked as far as their headers go; damage inside a
    picture is found when it is decoded.

    Args:
        folder: of the data set.
        wanted_columns: names of the cameras and vectors to read.
        skip_bad: records invalid episodes in `skipped`, even if all are, instead of raising.

    Raises:
        UserError: the data set, or an episode, is invalid, or a library is not installed.
    """
    try:
        return _SetReader(Path(folder), tuple(wanted_columns), skip_bad).read()
    except ContentError as error:
        raise UserError(one_line(error)) from error


class _SetReader:
    """Reads one data set; holds what its parts share while they are read."""

    def __init__(self, folder, wanted, skip_bad):
        self._info = read_info(folder)
        missing = [name for name in wanted if name not in self._info.columns]
        if missing:
            raise ContentError(f'{folder}/meta/info.json: feature {missing[0]} is missing; found '
                               f'{", ".join(self._info.columns)[:300] or "no camera and no vector"}')
        self._wanted, self._skip_bad = wanted, skip_bad
        self._cameras = [name for name in wanted if self._info.columns[name].kind == 'camera']
        self._headers = {}      # {path of a video: its facts, or what is wrong with it}
        self._columns = dict(self._info.columns)
        self._known = set()     # cameras whose encoding was seen in a file

    def read(self):
        """The `RawFile`."""
        info = self._info
        listed, tasks = read_listing(info, [camera for camera in self._cameras if camera in info.videos])
        numbers = self._numbers(listed)
        kept, episodes, skipped = [], [], {}
        for episode in listed:
            try:
                own = numbers.pop(episode.index)
                if isinstance(own, ContentError):
                    raise own
                raw = _raw_episode(episode, own, tasks, info)
                self._check_frames(episode)
            except ContentError as error:
                self._skip(episode.name, error, skipped)
                continue
            episodes.append(raw)
            kept.append((episode, own.first_row))
        for index, error in numbers.items():
            self._skip(f'episode {index}', error, skipped)
        if not listed:
            raise ContentError(f'{info.folder}/meta lists no episodes')
        read = _FrameReader(info, self._columns, self._cameras, kept)
        return RawFile(info.folder, f'LeRobot {info.version}', episodes, self._columns, info.action, read,
                       self._facts(kept), skipped)

    def _skip(self, name, error, skipped):
        if not self._skip_bad:
            raise error
        skipped[name] = one_line(error)

    def _numbers(self, listed):
        """{index: `Numbers` or `ContentError`} of all episodes."""
        files, numbers = {}, {}
        for episode in listed:
            files.setdefault(episode.data, []).append(episode)
        for path, episodes in files.items():
            try:
                found = read_numbers(path, episodes, self._info, self._wanted)
            except ContentError as error:
                found = {episode.index: error for episode in episodes}
            # an episode with rows in a file that does not list it stays invalid
            numbers |= {index: own for index, own in found.items()
                        if not isinstance(numbers.get(index), ContentError)}
        return numbers

    def _check_frames(self, episode):
        """Checks the files of the cameras; the first one decides the encoding of a camera."""
        for camera in self._cameras:
            column = self._columns[camera]
            if camera in episode.videos:
                part = _video_rows(episode, camera)
                facts = self._header(part.path)
                check_video(facts, part, column, self._info.fps)
                encoding, path = facts.codec, part.path
            elif camera in self._known:
                continue        # every picture is checked when it is decoded
            else:
                encoding, path = encoding_of(episode.data, camera), episode.data
            if camera in self._known and encoding != column.encoding:
                raise ContentError(f'{path}: {episode.name}: expected {camera} as {column.encoding}, as in '
                                   f'the episodes before, got {encoding}')
            self._known.add(camera)
            self._columns[camera] = column._replace(encoding=encoding)

    def _header(self, path):
        if path not in self._headers:
            try:
                self._headers[path] = video_facts(path)
            except ContentError as error:
                self._headers[path] = error
        if isinstance(self._headers[path], ContentError):
            raise self._headers[path]
        return self._headers[path]

    def _facts(self, kept):
        """JSON values that the frames depend on."""
        paths = {episode.videos[camera].path if camera in episode.videos else episode.data
                 for episode, _ in kept for camera in self._cameras}
        try:
            stats = {path.relative_to(self._info.folder).as_posix(): path.stat() for path in sorted(paths)}
        except OSError as error:
            raise ContentError(f'{error.filename} cannot be read: {error.strerror}') from error
        return [self._info.version, self._info.fps,
                [[episode.index, episode.length, int(row), [part.start for part in episode.videos.values()]]
                 for episode, row in kept],
                [[name, stat.st_size, stat.st_mtime_ns] for name, stat in stats.items()]]


class _FrameReader:
    """The function `read` of a `RawFile`; it keeps the places of the frames and opens files when called."""

    def __init__(self, info, columns, cameras, kept):
        self._info, self._columns, self._cameras = info, columns, cameras
        self._kept = kept       # [(`ListedEpisode`, first row in its parquet file)]

    def __call__(self, camera, positions):
        """Yields the frames of the episodes at `positions`; a batch may span episodes.

        `Damaged` follows the frames of an episode, if some of them cannot be read.

        Args:
            camera: one of the cameras that were requested.
            positions: indices into `episodes`.

        Raises:
            UserError: a library is not installed.
        """
        if camera not in self._cameras:
            raise ValueError(f'{camera} was not requested; got {self._cameras}')
        column, places = self._columns[camera], [self._kept[position] for position in positions]
        if camera in self._info.videos:
            parts = [_video_rows(episode, camera) for episode, _ in places]
            read = functools.partial(video_pictures, column=column, fps=self._info.fps)
            again = functools.partial(read, apart=True)
        else:
            parts = [PictureRows(episode.data, row, episode.length, episode.name) for episode, row in places]
            read, again = functools.partial(pictures, camera=camera, column=column), None
        yield from gathered(parts, read, again, column.shape, self._info.folder)


def _video_rows(episode, camera):
    part = episode.videos[camera]
    return VideoRows(part.path, part.start, episode.length, episode.name)


def _raw_episode(episode, numbers, tasks, info):
    if numbers.task not in tasks:
        raise ContentError(f'{episode.data}: {episode.name}: task_index {numbers.task} is missing in '
                           f'{info.folder}/meta/tasks')
    return RawEpisode(episode.name, tasks[numbers.task], '', numbers.actions, numbers.vectors,
                      numbers.rewards, numbers.success)
