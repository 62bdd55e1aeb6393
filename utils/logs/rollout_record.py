"""rews.npz: the return of every test roll-out of a run."""
from pathlib import Path

import numpy as np

from utils.errors import UserError, file_errors
from utils.foreign.files import reading
from utils.foreign.npz import read_arrays
from utils.whole_files import write_whole


class RolloutRecord:
    """Returns of each test, in a file written atomically: `steps [N]`, `returns [N, test_rollouts]`.

    Args:
        path: the .npz file; replaced at each test.
    """

    def __init__(self, path):
        self._path = Path(path)
        self._steps, self._returns = [], []

    def resume(self, num_tests):
        """Resumes the existing file and keeps its first `num_tests` tests.

        Raises:
            UserError: the file cannot be read, or has fewer tests.
        """
        if not num_tests:
            with file_errors(f'cannot remove {self._path}'):
                self._path.unlink(missing_ok=True)
            return
        arrays = read_arrays(self._path)
        with reading(self._path):       # they may be missing, or have no first axis
            steps, returns = list(arrays['steps']), list(arrays['returns'])
        if min(len(steps), len(returns)) < num_tests:
            raise UserError(f'{self._path} has {len(steps)} tests; expected the {num_tests} '
                            'that were there at the checkpoint')
        self._steps, self._returns = steps[:num_tests], returns[:num_tests]
        if len(steps) > num_tests:
            self._write()

    def append(self, step, returns):
        """Adds one test and writes the file.

        Args:
            step: environment steps of training before the test.
            returns: [test_rollouts] undiscounted returns; the same number at each test.
        """
        self._steps.append(step)
        self._returns.append(np.array(returns, np.float64))
        self._write()

    def _write(self):
        arrays = {'steps': np.array(self._steps, np.int64), 'returns': np.stack(self._returns)}
        with file_errors(f'cannot write {self._path}'):
            write_whole(self._path, lambda file: np.savez(file, **arrays))
