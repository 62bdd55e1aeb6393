"""One recorded file: its arrays, and how far ours are from them."""
import json
from typing import NamedTuple

import numpy as np


class Case:
    """Arrays of one golden file, with a record of what was compared.

    Errors are in units of the tolerance: above 1 is a failure. Keys that were neither read nor
    compared are reported, so that none is silently ignored.

    Args:
        path: an .npz file, read without pickle; only its name counts where `arrays` are given.
        arrays: {key: array} of a file of another kind.
    """

    def __init__(self, path, arrays=None):
        self.name = path.stem
        self._arrays = arrays
        if arrays is None:
            with np.load(path, allow_pickle=False) as data:
                self._arrays = {key: data[key] for key in data.files}
        self.used, self.compared = set(), 0
        self.worst, self.worst_at = 0.0, 'nothing'

    def __contains__(self, key):
        return key in self._arrays

    def __getitem__(self, key):
        self.used.add(key)
        return self._arrays[key]

    def keys(self, prefix=''):
        """Keys that begin with `prefix`, in the order of the file; reading them marks nothing as used."""
        return [key for key in self._arrays if key.startswith(prefix)]

    def config(self, key='config_json'):
        """The parsed settings of the recording."""
        return json.loads(str(self[key]))

    @property
    def unused(self):
        """Keys that were never read."""
        return [key for key in self._arrays if key not in self.used]

    def close(self, key, ours, tolerance, recorded=None):
        """Compares `ours` with the array `key` (or a part of it, `recorded`): |difference| / tolerance.

        A NaN on one side only, or another shape, is an infinite error.

        Args:
            key: name under which the largest error is reported.
            ours: array of the recorded shape.
            tolerance: absolute, a number or an array that broadcasts; 0 asks for equality.
            recorded: what to compare with, instead of the whole array `key`.
        """
        recorded = self[key] if recorded is None else np.asarray(recorded)
        self.used.add(key)
        self.compared += 1
        ours = np.asarray(ours)
        if ours.shape != recorded.shape:
            return self._note(key, np.inf)
        if recorded.dtype.kind in 'US' or ours.dtype.kind in 'US':
            return self._note(key, 0.0 if np.array_equal(ours, recorded) else np.inf)
        ours, recorded = ours.astype(np.float64), recorded.astype(np.float64)
        same = (ours == recorded) | (np.isnan(ours) & np.isnan(recorded))
        with np.errstate(divide='ignore', invalid='ignore'):
            ratio = np.where(same, 0.0, np.abs(ours - recorded) / tolerance)
        return self._note(key, np.nan_to_num(ratio, nan=np.inf, posinf=np.inf).max(initial=0.0))

    def equal(self, key, ours, recorded=None):
        """Exact comparison, for integers, flags and text."""
        self.close(key, ours, 0.0, recorded)

    def _note(self, key, ratio):
        if ratio > self.worst:
            self.worst, self.worst_at = float(ratio), key

    @property
    def failed(self):
        """True when an error exceeds its tolerance, or nothing was compared at all."""
        return self.worst > 1.0 or self.compared == 0


class Result(NamedTuple):
    """The result of a recorded case.

    Attributes:
        name: what the report calls it.
        case: what was compared, or None where what it records has no implementation here.
        not_compared: names of what it records beyond that.
        error: what went wrong while it was checked, or ''.
    """

    name: str
    case: Case | None
    not_compared: tuple = ()
    error: str = ''

    @property
    def failed(self):
        """True when it differs, or could not be checked although it should."""
        return bool(self.error) or self.case is not None and self.case.failed

    @property
    def unimplemented(self):
        """True when there is no implementation to compare."""
        return self.case is None and not self.error
