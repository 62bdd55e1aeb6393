"""The suite whose tasks a data set holds."""
from envs.recorded.lerobot import reader as lerobot
from envs.recorded.libero.listing import found_below
from envs.recorded.rlds import reader as rlds
from envs.recorded.task_names import suite_tasks
from utils.errors import UserError
from utils.flags.suites import OWN_DATA, SUITES, task_of, tasks_of

_JOINED = ('libero_long', 'libero_100')     # the same tasks as in other suites


def suite_of(path):
    """Name of the one suite that has all tasks of the data at `path`.

    Raises:
        UserError: none or several suites have them all, or the data cannot be read.
    """
    form = next((each.FORMAT for each in (lerobot, rlds) if each.recognizes(path)), None)
    if form is None:
        tasks = {task_of(file) for files in _files(path).values() for file in files}
        found = [suite for suite in SUITES if tasks and tasks <= set(tasks_of(suite))
                 and suite not in _JOINED]
    else:
        raws = [form.read(each, (), True) for each in form.find(path, '')]
        episodes = [episode for raw in raws for episode in raw.episodes]
        found = [suite for suite in SUITES if suite not in _JOINED and _has_all(suite, episodes, path)]
    if len(found) != 1:
        held = f'all of {" and of ".join(found)}' if found else 'not of one suite'
        raise UserError(f'{path}: its tasks are {held}; expected --env=SUITE, one of {", ".join(SUITES)}; or '
                        f'--env={OWN_DATA} for data of your own')
    return found[0]


def _files(path):
    """{folder: files} in LIBERO's layout; own data are named in the error."""
    try:
        return found_below(path)[0]
    except UserError as error:
        raise UserError(f'{error}; or --env={OWN_DATA} for data of your own') from error


def _has_all(suite, episodes, label):
    """Whether each episode is of one task of a suite."""
    try:
        return None not in suite_tasks(suite, episodes, label)[0]
    except UserError:       # none is of the suite, or a sentence is ambiguous in it
        return False
