"""CPU cores, memory and thread counts."""
import os
import sys


def cores():
    """Number of CPU cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == 'linux' else os.cpu_count()


def memory_bytes():
    """Physical memory in bytes, or None where the platform does not report it."""
    try:
        return os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES')
    except (AttributeError, ValueError):
        return None


def thread_counts(inter_op_threads=0, intra_op_threads=0, many_frames=False):
    """(inter-op, intra-op) threads of a session; 0 is replaced by a default that suits small layers.

    By default two operations run at once, each on half of the cores but at most four. On two cores this is
    twice as fast as one operation on both. More than two cores were not measured.

    Args:
        inter_op_threads: requested number, or 0.
        intra_op_threads: requested number, or 0.
        many_frames: convolutions of hundreds of frames take most of the time. Each operation then gets all
            cores, which is a quarter faster on two cores.
    """
    inter = inter_op_threads or min(2, cores())
    return inter, intra_op_threads or max(1, cores() if many_frames else min(4, cores() // inter))
