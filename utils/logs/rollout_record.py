"""rews.npz: the return of every test roll-out of a run."""
import zipfile
from pathlib import Path

import numpy as np

from utils.errors import UserError, file_errors
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
        try:
            if not num_tests:
                self._path.unlink(missing_ok=True)
                return
            with np.load(self._path, allow_pickle=False) as data:
                steps, returns = list(data['steps']), list(data['returns'])
        except (OSError, EOFError, TypeError, ValueError, KeyError, zipfile.BadZipFile,
                NotImplementedError, RuntimeError) as error:        # raised for damaged files
            raise UserError(f'cannot read {self._path}: {error}') from error
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
