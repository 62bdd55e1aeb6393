"""The tasks that --holdout_tasks names; sentences with commas among them."""
from utils.errors import UserError


def named_tasks(text, tasks):
    """Names of the tasks in a list that is separated by commas.

    The name of a task may contain commas. So the longest part of the list that is a name counts as one.
    Blanks around a name and its commas do not count: of tasks that differ in these alone, all are named.

    Args:
        text: value of --holdout_tasks.
        tasks: names of the tasks that have episodes.

    Returns:
        Tuple of names among `tasks`.

    Raises:
        UserError: a part of the list is no such name.
    """
    pieces, found, unknown, at = text.split(','), [], [], 0
    known = {}
    for task in tasks:      # several may differ in blanks alone
        known.setdefault(_plain(task), []).append(task)
    while at < len(pieces):
        ends = range(len(pieces), at, -1)
        end = next((end for end in ends if _plain(','.join(pieces[at:end])) in known), None)
        if end is not None:
            found += known[_plain(','.join(pieces[at:end]))]
        elif pieces[at].strip():
            unknown.append(pieces[at].strip())
        at = end or at + 1
    if unknown:
        raise UserError(f'--holdout_tasks: there are no episodes of {", ".join(map(repr, unknown))}; '
                        f'expected some of {", ".join(map(_shown, tasks))}')
    return tuple(dict.fromkeys(found))


def _plain(name):
    """A name without the blanks around it and around its commas."""
    return ','.join(part.strip() for part in name.split(','))


def _shown(task):
    """A name for a list; in quotes if it has a comma itself."""
    return repr(task) if ',' in task else task
