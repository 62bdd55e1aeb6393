"""Frames in new HDF5 files, and room for arrays."""
from utils.room import check_room


def check_group(group, arrays):
    """Makes sure that there is room for arrays in a group of an open file.

    Raises:
        OSError: there is none.
    """
    check_room(group.file.filename, sum(array.nbytes for array in arrays))


def add_frames(group, name, frames):
    """Adds [T, height, width, 3] uint8 frames, compressed one by one.

    Raises:
        OSError: there is no room.
    """
    check_group(group, [frames])
    group.create_dataset(name, data=frames, compression='gzip', compression_opts=4,
                         chunks=(1, *frames.shape[1:]))
