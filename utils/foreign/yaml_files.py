"""Foreign YAML files."""
from utils.foreign.files import DamagedError, read_bytes, reading

MAX_BYTES = 2 ** 14     # settings of a few lines; the reader is slow


def read_yaml(path):
    """The value in a YAML file of plain values; nothing in it is executed.

    Raises:
        UnreadableError: it cannot be read, is too large, or is not YAML.
    """
    import yaml
    content = read_bytes(path, MAX_BYTES)
    with reading(path):
        try:
            return yaml.safe_load(content.decode('utf-8'))
        except yaml.YAMLError as error:
            raise DamagedError(path, str(error)) from error
