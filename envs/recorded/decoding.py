"""Decodes the frames of files of episodes, and leaves out the episodes whose frames cannot be read."""
from envs.recorded.frame_cache import cached_frames, default_directory
from envs.recorded.mapped_rows import MappedRows
from utils.runs.directory import expanded


def decode(files, args, progress=None):
    """Frames of files, by the cache.

    Args:
        files: [`RecordedFile`].
        args: reads cache_dir, libero_image_size and libero_skip_bad.
        progress: as for `cached_frames`.

    Returns:
        ([`RecordedFile`] without the episodes whose frames cannot be read, {path: {camera: `MappedRows`}}).

    Raises:
        UserError: frames cannot be read, without --libero_skip_bad.
    """
    directory = expanded('cache_dir', args.cache_dir) if args.cache_dir else default_directory()
    usable, frames = [], {}
    for file in files:
        damaged = {}
        if file.episodes:
            frames[file.path] = {
                camera: MappedRows(cached_frames(stored, args.libero_image_size, directory, progress,
                                                 damaged.setdefault if args.libero_skip_bad else None))
                for camera, stored in file.cameras.items()}
        usable.append(without_episodes(file, damaged))
    return usable, frames


def without_episodes(file, reasons):
    """A `RecordedFile` without the episodes {name: reason}; itself if it has none of them."""
    places = [place for place, recording in enumerate(file.episodes) if recording.name not in reasons]
    if len(places) == len(file.episodes):
        return file
    names = {recording.name for recording in file.episodes}
    skipped = {name: why for name, why in reasons.items() if name in names}
    cameras = {camera: _at_places(stored, places) for camera, stored in file.cameras.items()}
    return file._replace(episodes=[file.episodes[place] for place in places], cameras=cameras,
                         skipped=file.skipped | skipped)


def _at_places(stored, places):
    """`StoredFrames` whose `read_one` takes a position in `places`."""
    if stored.read_one is None:
        return stored
    return stored._replace(read_one=lambda place: stored.read_one(places[place]))
