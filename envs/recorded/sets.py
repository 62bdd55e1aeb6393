"""Opens data sets that are read as `RawFile`s: RLDS, LeRobot, Minari, robomimic."""
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from envs.recorded import gripper
from envs.recorded.assembly import Conventions, check_widths, recorded_file
from envs.recorded.column_names import Choice, choose, choose_own
from envs.recorded.orientation import UPRIGHT
from envs.recorded.outcomes import FAILURES, Outcomes, outcomes_of, read_returns
from envs.recorded.raw import RawFile
from envs.recorded.source import RecordedFile
from envs.recorded.task_names import suite_tasks
from utils.errors import UserError
from utils.flags.suites import OWN_DATA, tasks_of
from utils.runs.directory import expanded


class Format(NamedTuple):
    """The functions of a format.

    Attributes:
        find: of (path, suite or '') to the paths of its data sets.
        columns: of the path of a data set to its {name: `Column`}.
        read: of (path, names of columns, skip_bad) to a `RawFile`.
        libero_orientation: how it stores frames of LIBERO's suites.
        reads_suites: whether it reads them, with LIBERO's names and conventions; own data are always read.
    """

    find: Callable
    columns: Callable
    read: Callable
    libero_orientation: str = UPRIGHT
    reads_suites: bool = True


class SetSource(NamedTuple):
    """The episodes of data sets; attributes as of `EpisodeSource`."""

    tasks: tuple[str, ...]
    files: list[RecordedFile]
    notices: list[str]
    facts: dict


class ReadSet(NamedTuple):
    """One data set as it is stored, and what the flags say about it.

    Attributes:
        flag: name of the flag that names it.
        raw: the `RawFile`, read with the columns of `choice`.
        choice: the `Choice` of columns.
        outcomes: the `Outcomes` of its episodes.
    """

    flag: str
    raw: RawFile
    choice: Choice
    outcomes: Outcomes


def open_sets(args, form):
    """The `EpisodeSource` of what --data_path or --libero_path, and --libero_failures, name.

    Args:
        args: flags of the run.
        form: the `Format`.

    Raises:
        UserError: a path is missing, or a data set or an episode is invalid.
    """
    is_own, files, notices = args.env == OWN_DATA, [], []
    for each in read_sets(args, form):
        file, lines = _file(args, form.libero_orientation, each)
        files.append(file)
        notices += lines
    check_widths(files)
    tasks = tasks_of(args.env) if not is_own else tuple(dict.fromkeys(
        recording.task for file in files for recording in file.episodes))
    files = _scored(files) if is_own else files
    return SetSource(tasks, files, notices, {'id': args.env, 'kwargs': {}})


def read_sets(args, form):
    """[`ReadSet`] of what --data_path or --libero_path, and --libero_failures, name, successes first.

    Args:
        args: flags of the run.
        form: the `Format`.

    Raises:
        UserError: a path is missing, or a data set, an episode or --outcomes is invalid.
    """
    is_own = args.env == OWN_DATA
    named = _named(args, form, 'data_path' if is_own else 'libero_path')
    returns, used, found = read_returns(args.outcomes), set(), []
    for flag, path in named:
        listed = _of_set(returns, path, single=len(named) == 1)
        choice = (choose_own if is_own else choose)(form.columns(path), args.libero_obs, args.columns, path)
        raw = form.read(path, choice.columns, args.libero_skip_bad)
        used |= {listed[name] for name in [*(episode.name for episode in raw.episodes), *raw.skipped]
                 if name in listed}
        outcomes = outcomes_of(raw.episodes, flag, {name: returns[key] for name, key in listed.items()}, path,
                               at_end=not is_own)
        found.append(ReadSet(flag, raw, choice, outcomes))
    unused = [name for name in returns if name not in used]
    if unused:
        raise UserError(f'--outcomes={args.outcomes}: there is no episode {unused[0]!r}; with several sets a '
                        'name is SET/EPISODE')
    return found


def task_of(raw, episode):
    """Name of the task of an episode of own data: as the data name it, else that of the file."""
    return episode.task or raw.path.stem


def _named(args, form, flag):
    """[(name of a flag, path of a data set)], successes first."""
    found = []
    for name, texts in ((flag, [args[flag]]), (FAILURES, args.libero_failures.split(','))):
        for text in filter(None, texts):
            path = expanded(name, text)
            if not os.path.exists(path):
                raise UserError(f'--{name}={text}: expected a data set; it does not exist')
            found += [(name, each) for each in form.find(path, '' if args.env == OWN_DATA else args.env)]
    for path, count in Counter(Path(path).resolve() for _, path in found).items():
        if count > 1:
            raise UserError(f'{path} is named {count} times by --{flag} and --libero_failures; expected '
                            'every data set once')
    return found


def _file(args, libero_orientation, found):
    """(`RecordedFile`, [line of text]) of a `ReadSet`; the orientation is that of LIBERO in its format."""
    raw, path = found.raw, found.raw.path
    conventions = _conventions(args, libero_orientation, [episode.actions for episode in raw.episodes], path)
    is_known = found.outcomes.stored or args.get('needs_outcomes', True)
    outcomes = found.outcomes.source if is_known else 'unknown'
    lines = [f'{path}: {raw.format}, {len(raw.episodes)} episodes; outcomes: {outcomes}; '
             f'gripper: {conventions.gripper or "actions as stored"}']
    if args.env == OWN_DATA:
        tasks = [task_of(raw, episode) for episode in raw.episodes]
    else:
        tasks, others = suite_tasks(args.env, raw.episodes, path)
        lines += others
    return recorded_file(raw, found.flag, found.choice, tasks, found.outcomes, conventions), lines


def _conventions(args, libero_orientation, actions, path):
    """The `Conventions` of a set with these actions [[T, A]]."""
    if not actions:
        return Conventions(args.env != OWN_DATA, 'before', UPRIGHT, '')
    is_robot = all(each.shape[1] == gripper.WIDTH for each in actions)
    found = gripper.convention(actions) if is_robot else gripper.OTHER
    alignment = 'before' if args.libero_alignment == 'auto' else args.libero_alignment
    if args.env == OWN_DATA:
        orientation = UPRIGHT if args.libero_orientation == 'auto' else args.libero_orientation
        return Conventions(False, alignment, orientation, found if found != gripper.OTHER else '')
    if not is_robot:
        raise UserError(f'{path}: expected actions of {gripper.WIDTH} numbers, got {actions[0].shape[1]}')
    gripper.check(found, actions, path)
    orientation = libero_orientation if args.libero_orientation == 'auto' else args.libero_orientation
    return Conventions(True, alignment, orientation, found, args.libero_noops == 'drop')


def _of_set(returns, path, single):
    """{name of an episode of the set: its name in --outcomes}."""
    prefix = f'{path.name}/'
    listed = {name.removeprefix(prefix): name for name in returns if name.startswith(prefix)}
    return {**{name: name for name in returns if single and name not in listed.values()}, **listed}


def _scored(files):
    """The files, with episodes that are scored if a return is neither 0 nor 1."""
    returns = {recording.total_reward for file in files for recording in file.episodes}
    if returns <= {0.0, 1.0}:
        return files
    return [file._replace(episodes=[recording._replace(scored=True) for recording in file.episodes])
            for file in files]
