"""A recorded episode: the offline training data of a reward model."""
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np


class Recording(NamedTuple):
    """One recorded episode: T steps between the T + 1 observations o_0 .. o_T.

    Attributes:
        path: the file that holds it.
        name: its name in the file, such as `demo_3`.
        task: name of its task.
        context: [C] float32 vector that identifies the task to a network.
        frames: {camera: [N, H, W, 3] uint8} of all episodes of the file: arrays or `MappedRows`.
        rows: [T + 1] int64 indices of o_0 .. o_T in `frames`.
        vectors: {key: [T + 1, D] float32}, the rest of each observation.
        actions: [T, A] float32.
        total_reward: undiscounted return of all steps, including those that are never sampled.
        progress: [T + 1] float32 true progress at each observation, or None where unknown.
        mode: kind of failure, where it is annotated; otherwise empty.
        unrewarded: number of initial steps that certainly have reward 0: at most those before the first other
            reward. A success may be cut within them to get an episode of return 0; with 0 it is never cut.
        backward: [A] float32 factors that turn an action into its inverse; None for -1 each.
        exact: keys of vectors without sensor noise; augmentation adds no noise to them.
        scored: whether returns measure more than success; then no episode is a failure.
        final_action: [A] float32 action that was taken at o_T, or None where unknown.
        stored_steps: [T] int64 numbers of its steps among those that the file stores for it, rising; None if
            nothing was stored, as of an episode made in memory.
        num_stored: number of steps that the file stores for it, with those without o_t or o_(t + 1).
    """

    path: Path
    name: str
    task: str
    context: np.ndarray
    frames: dict[str, Any]
    rows: np.ndarray
    vectors: dict[str, np.ndarray]
    actions: np.ndarray
    total_reward: float
    progress: np.ndarray | None = None
    mode: str = ''
    unrewarded: int = 0
    backward: np.ndarray | None = None
    exact: tuple[str, ...] = ()
    scored: bool = False
    final_action: np.ndarray | None = None
    stored_steps: np.ndarray | None = None
    num_stored: int = 0

    @property
    def length(self):
        """T, number of steps."""
        return len(self.actions)

    @property
    def success(self):
        """Whether its return is above 0, or it is scored."""
        return self.scored or self.total_reward > 0

    def observation(self, t):
        """{key: [..., *shape]} of the observations with indices `t` [...], cameras first; copies."""
        frames = {camera: frames[self.rows[t]] for camera, frames in self.frames.items()}
        return frames | {key: values[t] for key, values in self.vectors.items()}
