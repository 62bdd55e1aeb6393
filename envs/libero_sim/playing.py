"""Plays actions in a scene, and keeps what was seen."""
from typing import NamedTuple

import numpy as np

from envs.libero_sim.disturbances import rest

HELD = 10       # steps for which the goal holds at the end of a success, as in LIBERO's recordings


class Played(NamedTuple):
    """T steps of an episode.

    Attributes:
        actions: [T, 7] float64.
        states: [T, S] float64 simulator states before the actions.
        observations: {key: [T + 1, ...]} before the first action and after each.
        progress: [T + 1] float32 true progress at the observations, or None where it is unknown.
        goal: [T + 1] bool, whether the goal holds at the observations.
        success: whether the episode counts as a success.
    """

    actions: np.ndarray
    states: np.ndarray
    observations: dict[str, np.ndarray]
    progress: np.ndarray | None
    goal: np.ndarray
    success: bool


class Player:
    """Plays one episode, step by step.

    Args:
        scene: a `Scene`, which is started here.
        state: [S] to start from.
        model_file: as for `Scene.start`.
        idle: steps of rest with an open gripper that come first and are not kept.
    """

    def __init__(self, scene, state, model_file='', idle=0):
        seen = scene.start(state, model_file)
        for action in rest(-1, idle):
            seen = scene.step(action)
        self._scene, self._actions, self._states = scene, [], []
        self._seen, self._truth = [seen], [(scene.success(), scene.progress())]

    def step(self, action):
        """Plays an action."""
        self._actions.append(np.asarray(action, np.float64))
        self._states.append(self._scene.state())
        self._seen.append(self._scene.step(action))
        self._truth.append((self._scene.success(), self._scene.progress()))

    @property
    def held(self):
        """For how many of the last steps the goal held."""
        after = [goal for goal, _ in self._truth[1:]]
        return next((count for count, goal in enumerate(reversed(after)) if not goal), len(after))

    def played(self, success):
        """The `Played` so far."""
        goal, progress = zip(*self._truth, strict=True)
        known = None if None in progress else np.array(progress, np.float32)
        stacked = {key: np.stack([seen[key] for seen in self._seen]) for key in self._seen[0]}
        return Played(np.stack(self._actions), np.stack(self._states), stacked, known, np.array(goal),
                      success)


def play_to_end(scene, state, actions, model_file=''):
    """Plays an episode that ends as LIBERO's recordings do: when the goal has held for ten steps.

    Where actions run out while the goal holds, the arm rests until it has. An episode that ends otherwise is
    a failure.

    Args:
        scene: a `Scene`.
        state: [S] to start from.
        actions: [T, 7].
        model_file: as for `Scene.start`.

    Returns:
        The `Played`.
    """
    player = Player(scene, state, model_file)
    for action in actions:
        player.step(action)
        if player.held == HELD:
            return player.played(True)
    while 0 < player.held < HELD:
        player.step(rest(action[6], 1)[0])
    return player.played(player.held == HELD)


def play_all(scene, state, actions, model_file='', idle=0):
    """Plays all actions; a success is an episode whose goal holds after the last one, as for OpenVLA.

    Arguments as of `play_to_end` and `Player`.
    """
    player = Player(scene, state, model_file, idle)
    for action in actions:
        player.step(action)
    return player.played(player.held > 0)
