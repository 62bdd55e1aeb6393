"""LIBERO's own settings, a YAML file that its installation writes."""
import reprlib

from utils.foreign.files import DamagedError, MissingError, UnreadableError
from utils.foreign.yaml_files import read_yaml


def datasets_of(config):
    """(the entry `datasets` of a YAML file, why there is none): one of them is empty."""
    try:
        entries = read_yaml(config)
    except MissingError:
        return '', f'{config} does not exist'
    except DamagedError as error:
        return '', f'{config} is not valid YAML ({error.cause})'
    except UnreadableError as error:
        return '', f'{config} cannot be read ({error.cause})'
    if not isinstance(entries, dict) or entries.get('datasets') in (None, ''):
        return '', f'{config} has no line "datasets: FOLDER"'
    folder = entries['datasets']
    if not isinstance(folder, str):
        return '', f'{config}: expected a folder as datasets, got {reprlib.repr(folder)}'
    return folder, ''
