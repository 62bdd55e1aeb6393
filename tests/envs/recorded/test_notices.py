"""What is reported about the episodes that were read."""
from pathlib import Path

import pytest

from envs.recorded.notices import notices_of
from envs.recorded.source import RecordedFile
from tests.recordings import recording


@pytest.mark.parametrize('known, needed, expected', [
    ((True, True), False, '1 of them failures, '), ((True, False), False, '0 of them failures, outcomes of 1 '
                                                                          'unknown, '),
    ((False, False), False, ', outcomes of 2 unknown, '), ((False, False), True, ', 1 of them failures, ')])
def test_episodes_without_outcomes_are_no_failures_unless_a_flag_says_so(known, needed, expected):
    files = [RecordedFile(Path('x'), '', [recording(3, total_reward=value)], {}, {}, '', {}, has_returns=each)
             for value, each in zip((1.0, 0.0), known, strict=True)]
    assert expected in notices_of(('a', 'b'), files, 'libero_goal', needed)[0]
