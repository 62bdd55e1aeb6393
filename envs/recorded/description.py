"""What a data set holds and how it would be read, as text."""
import shlex
from collections import Counter

from envs.recorded import gripper
from envs.recorded.assembly import turned
from envs.recorded.column_names import choose_own
from envs.recorded.content import CAMERA, SHORTEST, described, verdict
from envs.recorded.duplicates import copy_lines
from envs.recorded.orientation import UPRIGHT
from envs.recorded.outcomes import outcomes_of
from envs.recorded.task_names import suites_of
from utils.flags.suites import OWN_DATA
from utils.logs.tables import text_table


def describe_sets(form, path):
    """[text] about each data set at a path; damaged episodes are listed.

    Args:
        form: the `Format`.
        path: a folder or file.

    Raises:
        UserError: a data set cannot be read.
    """
    return [_described(form, each) for each in form.find(path, '')]


def _described(form, path):
    chosen = choose_own(form.columns(path), '', '', path)
    raw = form.read(path, chosen.columns, True)
    suites = suites_of(raw.episodes) if form.reads_suites else []
    orientation = form.libero_orientation if suites else UPRIGHT
    lines = [f'{path}: {raw.format}', *_episodes(raw), *_columns(raw, chosen), *_actions(raw),
             *_orientation(raw, chosen, orientation), *_use(path, suites, chosen)]
    lines += copy_lines([episode.name for episode in raw.episodes],
                        [episode.actions for episode in raw.episodes])
    lines += [f'left out: {name}: {why}' for name, why in raw.skipped.items()]
    return '\n'.join([*lines, _tasks(raw.episodes, suites)])


def _episodes(raw):
    lengths = [len(episode.actions) for episode in raw.episodes]
    if not lengths:
        return ['episodes: none can be read']
    stored = sum(lengths) + sum(episode.final_vectors is not None for episode in raw.episodes)
    outcomes = outcomes_of(raw.episodes, '', {}, raw.path)
    returns = [outcome.total_reward for outcome in outcomes.each]
    if not outcomes.stored:
        text = 'not recorded: the flag that names the set decides, or --outcomes'
    elif set(returns) <= {0.0, 1.0}:
        text = f'{outcomes.source}: {returns.count(1.0)} successes, {returns.count(0.0)} failures'
    else:
        text = f'{outcomes.source}: returns from {min(returns):g} to {max(returns):g}'
    after = 'and after the last' if raw.episodes[0].final_vectors is not None else 'none after the last'
    return [f'episodes: {len(lengths)} of {min(lengths)} to {max(lengths)} steps, {stored} frames',
            f'outcomes: {text}', f'observations: before each action, {after}']


def _columns(raw, chosen):
    """Lines about cameras and vectors; those that are not read by default are marked."""
    keys = {chosen.cameras[key]: key for key in chosen.cameras}
    keys |= {names[0]: key for key, names in chosen.vectors.items()}
    lines = []
    for name, column in raw.columns.items():
        is_camera = column.kind == 'camera'
        size = ' x '.join(map(str, column.shape[:2])) if is_camera else f'{column.shape[0]} numbers'
        key = keys.get(name, '(not read)')
        lines.append(f'{column.kind}: {key} = {name}, {size} {column.encoding}'.strip())
    return lines


def _actions(raw):
    if not raw.episodes:
        return []
    actions = [episode.actions for episode in raw.episodes]
    text = f'actions: {raw.action}, {actions[0].shape[1]} numbers'
    if all(each.shape[1] == gripper.WIDTH for each in actions):
        text += f'; gripper: {gripper.convention(actions)}'
    return [text]


def _orientation(raw, chosen, orientation):
    """Lines about how frames are turned, by the format and by what moves in them."""
    if CAMERA not in chosen.cameras or 'state' not in chosen.vectors:
        return []
    name, camera = chosen.vectors['state'][0], chosen.cameras[CAMERA]
    return [described(verdict(_looks(raw, camera, name, orientation), orientation))]


def _looks(raw, camera, name, orientation):
    """Yields the episodes that can show how frames are turned, for `verdict`."""
    for position, episode in enumerate(raw.episodes):
        if len(episode.actions) >= SHORTEST and episode.vectors[name].shape[1] >= 3:
            yield (turned(raw.read(camera, [position]), orientation), slice(len(episode.actions)),
                   episode.vectors[name][:, :3])


def _use(path, suites, chosen):
    """Lines about the command that reads the set."""
    present = (*chosen.cameras, *chosen.vectors)
    keys = ','.join(key for key in ('agentview', 'wrist', 'state') if key in present)
    place = shlex.quote(f'{path}')
    commands = [f'--env={suite} --libero_path={place} --libero_obs={keys}' for suite in suites]
    return [f'train: {command}' for command in [*commands, f'--env={OWN_DATA} --data_path={place}']]


def _tasks(episodes, suites):
    counts = Counter(episode.task for episode in episodes)
    rows = [[' '.join(task.split()) or '(no name)', f'{count}'] for task, count in counts.items()]
    title = f'task ({", ".join(suites)})' if suites else 'task'
    return text_table([title, 'episodes'], rows, left=(0,))
