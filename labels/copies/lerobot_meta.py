"""What changes in the metadata of a data set of LeRobot when its rewards do."""
import json

import numpy as np

from envs.recorded.lerobot.info import REWARD
from envs.recorded.lerobot.json_files import read_json_lines, whole_number
from envs.recorded.lerobot.rewrite import rewrite_table
from envs.recorded.lerobot.statistics import combined, statistics
from envs.recorded.lerobot.tables import check_type, open_table, whole_numbers
from utils.foreign.files import ContentError

RECORDED = 'recorded_reward'
VALUE = {'dtype': 'float32', '_type': 'Value'}      # of a column, as the package `datasets` has it
_NUMBERS = (REWARD, 'timestamp', 'frame_index', 'index', 'episode_index')


def with_recorded(entries, new, keep):
    """{name: entry} with the new entry of the reward, and the old one as that of the recorded reward.

    Args:
        entries: {name of a feature: what is said about it}.
        new: what is said about the new reward.
        keep: whether to keep the old one, if there is one.
    """
    recorded = {RECORDED: entries[REWARD]} if keep and REWARD in entries else {}
    return {**entries, REWARD: new, **recorded}


def with_statistics(entries, found, keep, label):
    """{feature: {statistic: [value]}} with those of the new reward.

    Args:
        entries: of a data set or an episode.
        found: {statistic: [1] array} of the new reward.
        keep: whether to keep those of the recorded one.
        label: of the file in an error.

    Raises:
        ContentError: the entries are invalid.
    """
    is_valid = isinstance(entries, dict) and all(isinstance(each, dict) for each in entries.values())
    if not is_valid:
        raise ContentError(f'{label}: expected statistics of each feature, got {entries!r:.60}')
    model = next((entries[name] for name in _NUMBERS if name in entries), found)
    return with_recorded(entries, {name: _known(found, name, label).tolist() for name in model}, keep)


def write_lines(path, file, rewards, keep):
    """Writes `episodes_stats.jsonl` of v2.1 again, into an open binary file; `rewards` are {episode: [S]}."""
    for label, line in read_json_lines(path):
        index = whole_number(line.get('episode_index'), f'{label}: episode_index')
        if index in rewards:
            line['stats'] = with_statistics(line.get('stats'), _statistics(rewards[index]), keep, label)
        file.write(f'{json.dumps(line)}\n'.encode())


def write_episodes(path, file, rewards, keep):
    """Writes a table of `meta/episodes` of v3.0 again, into an open binary file.

    Args:
        path: of the table.
        file: the open file.
        rewards: {episode: [S]}.
        keep: whether to keep the statistics of the recorded reward.

    Raises:
        ContentError: the table is invalid, or an episode in it is not listed.
    """
    schema = open_table(path).schema_arrow
    check_type(open_table(path), 'episode_index', 'int', path)
    model = next((f'stats/{name}/' for name in _NUMBERS if f'stats/{name}/count' in schema.names), None)
    names = [name.removeprefix(model) for name in schema.names if name.startswith(model)] if model else []
    olds = [name for name in schema.names if name.startswith(f'stats/{REWARD}/')] if keep else []

    def columns(table):
        import pyarrow as pa
        episodes = whole_numbers(table.column('episode_index'), f'{path}: episode_index').tolist()
        found = [_statistics(rewards[index]) for index in episodes]
        new = {_recorded(name): table.column(name) for name in olds}
        for name in names:
            kind = schema.field(f'{model}{name}').type
            new[f'stats/{REWARD}/{name}'] = pa.array([_known(each, name, path).tolist() for each in found],
                                                     kind)
        return new

    def describe(features):
        new = {f'stats/{REWARD}/{name}': features[f'{model}{name}'] for name in names
               if f'{model}{name}' in features}
        return new | {_recorded(name): features[name] for name in olds if name in features}

    rewrite_table(path, file, columns, describe)


def statistics_of_all(rewards):
    """{statistic: [1]} of all episodes, from {episode: [S]}."""
    return combined([_statistics(values) for values in rewards.values()])


def _known(found, name, label):
    """A statistic by its name."""
    if name not in found:
        raise ContentError(f'{label}: expected statistics among {", ".join(found)}, got {name[:60]!r}')
    return found[name]


def _statistics(rewards):
    return statistics(np.asarray(rewards, np.float64)[:, None])


def _recorded(name):
    """The column of a statistic of the recorded reward, from that of the reward."""
    return name.replace(f'stats/{REWARD}/', f'stats/{RECORDED}/', 1)
