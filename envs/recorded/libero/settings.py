"""LIBERO's own settings, a YAML file that its installation writes."""
import yaml


def datasets_of(config):
    """(the entry `datasets` of a YAML file, why there is none): one of them is empty."""
    try:
        entries = yaml.safe_load(config.read_text(encoding='utf-8'))
    except FileNotFoundError:
        return '', f'{config} does not exist'
    except (OSError, UnicodeDecodeError) as error:
        return '', f'{config} cannot be read ({error})'
    except (yaml.YAMLError, ValueError) as error:       # ValueError: of a date that is none
        return '', f'{config} is not valid YAML ({" ".join(str(error).split())})'
    if not isinstance(entries, dict) or entries.get('datasets') in (None, ''):
        return '', f'{config} has no line "datasets: FOLDER"'
    folder = entries['datasets']
    if not isinstance(folder, str):
        return '', f'{config}: expected a folder as datasets, got {folder!r}'
    return folder, ''
