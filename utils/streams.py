"""Standard streams that nothing fails on: one that is closed, or one that lacks a character."""
import io
import os
import sys


def prepare_streams():
    """Opens the null device in place of a closed stream; characters that a stream lacks become escapes.

    The descriptors are opened as well. Otherwise a file of the run would get the number of a standard stream,
    and messages of compiled libraries would be written into it.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:         # closed
            os.open(os.devnull, os.O_RDWR)      # gets the lowest free number
    sys.stdout = sys.stdout or open(os.devnull, 'w', encoding='utf-8')
    sys.stderr = sys.stderr or open(os.devnull, 'w', encoding='utf-8')
    for stream in (sys.stdout, sys.stderr):
        # any text stream may replace these, as in a notebook
        if isinstance(stream, io.TextIOWrapper) and not _takes_everything(stream):
            stream.reconfigure(errors='backslashreplace')


def _takes_everything(stream):
    return stream.errors != 'strict' and stream.encoding.lower() in ('utf-8', 'utf8')
