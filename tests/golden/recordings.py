"""Where the recorded numbers are."""
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECORDED = ROOT / 'tests' / 'golden_data'
SHARED = ROOT.parent / 'shared' / 'golden'
SMALL = 500_000         # bytes; larger recordings are not in the repository
LARGER = sorted(path for path in SHARED.glob('*.npz') if path.stat().st_size >= SMALL)
needs_larger = pytest.mark.skipif(not LARGER, reason='no larger recordings in ../shared/golden')
