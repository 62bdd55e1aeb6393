"""What the machine has."""
import os
import sys


def cores():
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == 'linux' else os.cpu_count()


def memory_bytes():
    """Physical memory, or None on a platform that does not tell."""
    try:
        return os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES')
    except (AttributeError, ValueError):
        return None
