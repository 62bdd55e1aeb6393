"""One recorded episode of a file, without its frames."""
from typing import NamedTuple

import h5py
import numpy as np

from envs.recorded.hdf5_checks import frames, member, numbers
from envs.recorded.noops import idle
from utils.foreign.files import ContentError

CAMERAS = {'agentview': 'agentview_rgb', 'wrist': 'eye_in_hand_rgb'}      # below `obs`


class Demo(NamedTuple):
    """One episode; T steps are stored, and T' of them have both s and s'.

    Attributes:
        name: `demo_3`.
        first_row: index of its first frame among those of the whole file.
        rows: [T' + 1] int64, indices of the frames of o_0 .. o_T'.
        vectors: {key: [T' + 1, D] float32}.
        actions: [T', 7] float32; action k led from o_k to o_(k + 1).
        total_reward: sum of all T rewards.
        unrewarded: how many of the T' steps end before the first stored reward that is not 0.
        stored_steps: [T'] int64, numbers of these steps among the T.
        num_stored: T.
        final_action: [7] float32 action that was taken at o_T', or None if it is not stored.
        has_rewards: whether rewards are stored; without them the total is 0.
    """

    name: str
    first_row: int
    rows: np.ndarray
    vectors: dict[str, np.ndarray]
    actions: np.ndarray
    total_reward: float
    unrewarded: int
    stored_steps: np.ndarray
    num_stored: int
    final_action: np.ndarray | None
    has_rewards: bool = True


def read_demo(name, group, keys, alignment, noops, row, needs_rewards=True):
    """The `Demo` of one open group.

    Args:
        name: of the group.
        group: the open `h5py.Group`.
        keys: as for `read_file`.
        alignment: 'after' or 'before'.
        noops: as for `read_file`.
        row: index of its first frame.
        needs_rewards: whether to refuse an episode without rewards.

    Raises:
        ContentError: a part of it is invalid or missing.
    """
    label = f'data/{name}'
    actions = numbers(group, 'actions', label, width=7)
    length = len(actions)
    if length < 2:
        raise ContentError(f'{label}/actions: expected at least 2 steps, got {length}')
    has_rewards = needs_rewards or 'rewards' in group
    rewards = numbers(group, 'rewards', label, length, width=0) if has_rewards else np.zeros(length)
    for key in keys:
        if key in CAMERAS:
            frames(group, f'obs/{CAMERAS[key]}', label, length)
    vectors = {'feature' if key.startswith('feature:') else key: _vector(group, key, label, length)
               for key in keys if key not in CAMERAS}
    part = slice(1, None) if alignment == 'after' else slice(-1)    # the steps that have both s and s'
    steps = np.flatnonzero(~idle(actions)[part]) if noops == 'drop' else np.arange(length - 1)
    if not len(steps):
        raise ContentError(f'{label}/actions: expected at least one step that is not a no-op, got none '
                           '(--libero_noops=drop)')
    kept = np.concatenate([[0], steps + 1])     # the s' of a dropped step is dropped too
    final = actions[kept[-1]].astype(np.float32) if alignment == 'before' else None
    stored = np.arange(length)[part][steps]
    return Demo(name, row, row + kept, {key: values[kept] for key, values in vectors.items()},
                actions[stored].astype(np.float32), _total(rewards, label), _unrewarded(rewards, stored),
                stored, length, final, has_rewards)


def _total(rewards, label):
    """Sum of rewards [T].

    Raises:
        ContentError: it is beyond float32.
    """
    total = float(rewards.sum())
    if abs(total) > float(np.finfo(np.float32).max):
        raise ContentError(f'{label}/rewards: expected a sum within float32, got {total:.2g}')
    return total


def _unrewarded(rewards, steps):
    """How many of `steps` [T'], numbers of stored steps, come before the first reward [T] that is not 0."""
    rewarded = np.flatnonzero(rewards)
    return int(np.searchsorted(steps, rewarded[0])) if len(rewarded) else len(steps)


def _vector(group, key, label, length):
    """[T, D] float32 of 'proprio', 'state' or a feature."""
    if key.startswith('feature:'):
        return numbers(group, key.removeprefix('feature:'), label, length).astype(np.float32)
    present = member(group, 'obs', label, h5py.Group).keys()
    if 'ee_states' in present and not {'ee_pos', 'ee_ori'} <= set(present):
        pose = [numbers(group, 'obs/ee_states', label, length, width=6)]
    else:
        pose = [numbers(group, f'obs/{name}', label, length, width=3) for name in ('ee_pos', 'ee_ori')]
    parts = (('gripper_states', 2),) if key == 'state' else (('gripper_states', 2), ('joint_states', 7))
    rest = [numbers(group, f'obs/{name}', label, length, width=width) for name, width in parts]
    return np.concatenate([*pose, *rest], axis=1).astype(np.float32)
