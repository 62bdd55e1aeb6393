"""The error about one part of a data set."""
from utils.foreign.files import ContentError


class BadDataError(ContentError):
    """A part of a file is invalid; the text names the part, the expected value and the actual one."""
