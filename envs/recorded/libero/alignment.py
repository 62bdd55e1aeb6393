"""Whether the observation of a recorded step was taken after its action or before it."""
import numpy as np

from envs.recorded.hdf5_checks import numbers
from utils.errors import UserError
from utils.foreign.files import ContentError

ARM = slice(1, 8)       # a state is the time, then positions: those of the seven joints of the arm first
_CLEARLY = 4            # ratio of the larger distance to the smaller; in LIBERO: over 20
_CLOSE = 0.01           # radians
_EXPECTED = 'expected --libero_alignment=after (raw recordings) or before (regenerated ones)'


def check_filled(name, demo):
    """Refuses an episode whose last states are zeros: an array that was allocated but filled only in part.

    Args:
        name: of the episode.
        demo: its open group.

    Raises:
        ContentError: names the array and the steps.
    """
    for key in ('states', 'obs/joint_states'):
        try:
            values = numbers(demo, key, f'data/{name}')
        except ContentError:
            continue        # reported where it is needed
        filled = np.flatnonzero(values.any(axis=1))
        if len(filled) and filled[-1] + 1 < len(values):
            raise ContentError(f'data/{name}/{key}: the last {len(values) - 1 - filled[-1]} of {len(values)} '
                               'steps are zeros, as if the array had been filled only in part')


def agreeing(path, demos, skip_bad):
    """(alignment, [(name, open group)] of the episodes without contradiction, {name: why one is left out}).

    The alignment is `'after'` or `'before'`, from the joint angles in observations and in simulator states.
    In a raw file, observation t has the joint angles of state t + 1; in a regenerated one those of state t.

    Args:
        path: the file, for errors.
        demos: [(name, open group)].
        skip_bad: whether episodes that contradict the majority are left out.

    Raises:
        UserError: the alignment cannot be detected, or episodes contradict each other; a tie is a
            contradiction too.
    """
    found = {name: _errors(name, demo) for name, demo in demos}
    kinds = {name: _nearest(_medians(own)) for name, (own, _) in found.items() if own}
    count = {kind: list(kinds.values()).count(kind) for kind in ('after', 'before')}
    if not skip_bad or count['after'] == count['before']:
        return _alignment(path, found), demos, {}
    most, fewest = sorted(count, key=count.get, reverse=True)
    contrary = {name: f'data/{name}: its observations were taken {fewest} the actions, those of most '
                      f'episodes of the file {most} them' for name, kind in kinds.items() if kind == fewest}
    kept = [(name, demo) for name, demo in demos if name not in contrary]
    return _alignment(path, {name: found[name] for name, _ in kept}), kept, contrary


def _alignment(path, found):
    """The alignment of a file from {name of an episode: what `_errors` found}; raises as `agreeing`."""
    errors, votes, reasons = {'after': [], 'before': []}, {}, []
    for name, (own, why) in found.items():
        reasons += [f' ({why})'] if why else []
        for kind, values in own.items():
            errors[kind].append(values)
        if own:
            votes.setdefault(_nearest(_medians(own)), name)
    if not votes:
        raise UserError(f'{path}: cannot detect when observations were taken: no episode has both '
                        f'obs/joint_states [T, 7] and states{"".join(reasons[:1])}; {_EXPECTED}')
    if {'after', 'before'} <= votes.keys():
        raise UserError(f'{path}: observations of {votes["after"]} were taken after the actions, those of '
                        f'{votes["before"]} before them; expected one or the other in a file')
    median = _medians({kind: np.concatenate(each) for kind, each in errors.items()})
    if _nearest(median) is None:
        raise UserError(f'{path}: cannot detect from obs/joint_states when observations were taken (they are '
                        f'{median["before"]:.2g} rad from states before the action, {median["after"]:.2g} '
                        f'from those after it); {_EXPECTED}')
    return _nearest(median)


def _errors(name, demo):
    """({kind: [T or T - 1] radians between observations and states}, why the first is {})."""
    label = f'data/{name}'
    try:
        joints = numbers(demo, 'obs/joint_states', label, _num_actions(demo, label), width=7)
        states = numbers(demo, 'states', label, len(joints))
    except ContentError as error:
        return {}, str(error)           # another episode may have both
    if len(joints) < 2:
        return {}, f'{label}: expected at least 2 steps, got {len(joints)}'
    if states.shape[1] < ARM.stop:
        return {}, f'{label}/states: expected at least {ARM.stop} numbers a step, got {states.shape[1]}'
    arm = states[:, ARM]
    return {'after': np.abs(joints[:-1] - arm[1:]).max(axis=1),
            'before': np.abs(joints - arm).max(axis=1)}, ''


def _num_actions(demo, label):
    """Number of actions; None if they are unusable, which is reported when the episode is read."""
    try:
        return len(numbers(demo, 'actions', label))
    except ContentError:
        return None


def _medians(errors):
    return {kind: float(np.median(values)) for kind, values in errors.items()}


def _nearest(median):
    """The kind whose median {kind: radians} is clearly the smaller; None if neither is."""
    nearest, other = sorted(median, key=median.get)
    is_clear = median[nearest] <= _CLOSE and median[other] > _CLEARLY * median[nearest]
    return nearest if is_clear else None
