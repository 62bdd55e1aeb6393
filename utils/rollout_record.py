"""rews.npz: the return of every test roll-out of a run."""
import os
from pathlib import Path

import numpy as np

from utils.errors import UserError


class RolloutRecord:
    """Returns of each test, kept in a file that is always whole: `steps [N]`, `returns [N, test_rollouts]`.

    Args:
        path: the .npz file; replaced at each test.
    """

    def __init__(self, path):
        self._path = Path(path)
        self._steps, self._returns = [], []

    def append(self, step, returns):
        """Adds one test and writes the file.

        Args:
            step: environment steps of training before the test.
            returns: [test_rollouts] undiscounted returns, as many as ever before.
        """
        self._steps.append(step)
        self._returns.append(np.array(returns, np.float64))
        partial = self._path.with_name(self._path.name + '.partial')
        try:
            with open(partial, 'wb') as file:
                np.savez(file, steps=np.array(self._steps, np.int64), returns=np.stack(self._returns))
            os.replace(partial, self._path)
        except OSError as error:
            raise UserError(f'cannot write {self._path}: {error.strerror or error}') from error
