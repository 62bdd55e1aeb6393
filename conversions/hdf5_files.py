"""Frames in new HDF5 files."""


def add_frames(group, name, frames):
    """Adds [T, height, width, 3] uint8 frames, compressed one by one."""
    group.create_dataset(name, data=frames, compression='gzip', compression_opts=4,
                         chunks=(1, *frames.shape[1:]))
