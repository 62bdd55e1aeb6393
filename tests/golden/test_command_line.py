"""The checker of recorded command lines."""
import json
from pathlib import Path

import pytest

from tests.golden import command_line

RECORDED = Path(__file__).parents[1] / 'golden_data' / 'cli_args.json'


def test_every_recorded_line_that_ours_accepts_has_the_original_values():
    [result] = command_line.run(RECORDED)
    assert result.case.worst == 0.0, result.case.worst_at
    lines = json.loads(RECORDED.read_text())
    refused = [name for name in result.not_compared if '(' in name]
    assert len(lines) == 52 and len(refused) == 16


def written(tmp_path, *entries):
    path = tmp_path / 'cli_args.json'
    path.write_text(json.dumps(entries))
    return path


def recorded_line(*argv, **changes):
    entry, = (entry for entry in json.loads(RECORDED.read_text()) if entry['argv'] == list(argv))
    return {**entry, 'args': {**entry['args'], **changes}}


@pytest.mark.parametrize('changes', [
    {'polyak': 0.995 * 1.01}, {'epochs': 4}, {'alg': 'ircr'}, {'save_rews': False}, {'alpha_lr': 0.0},
    {'momentum': 0.9}])
def test_the_checker_fails_on_a_value_that_differs(tmp_path, changes):
    [result] = command_line.run(written(tmp_path, recorded_line(**changes)))
    assert result.case.failed and result.case.worst_at.endswith(f'/{next(iter(changes))}')


@pytest.mark.parametrize('changes', [{'rews_scale': 1.01}, {'frames': 3}, {'test_eps': 0.00101}])
def test_the_checker_fails_on_a_value_of_atari_that_differs(tmp_path, changes):
    line = recorded_line('--alg=dqn', '--env=Assault', '--env_type=normal', **changes)
    [result] = command_line.run(written(tmp_path, line))
    assert result.case.failed and result.case.worst_at.endswith(f'/{next(iter(changes))}')


def test_the_checker_fails_on_a_flag_that_only_ours_has(tmp_path):
    lacking = recorded_line()
    del lacking['args']['polyak']
    [result] = command_line.run(written(tmp_path, {**recorded_line(), 'argv': ['--seed=1']}, lacking))
    assert result.case.failed and result.case.worst_at == '(no flags)/polyak'


def test_the_checker_fails_when_ours_accepts_what_the_original_refuses(tmp_path):
    accepted = {'argv': ['--gamma=0.5'], 'exit_code': 2, 'error': 'refused'}
    [result] = command_line.run(written(tmp_path, recorded_line(), accepted))
    assert result.case.failed and result.case.worst_at == '--gamma=0.5/refused'


def test_the_checker_does_not_compare_a_flag_that_the_original_cannot_know(tmp_path):
    accepted = {'argv': ['--seed=1'], 'exit_code': 2, 'error': 'unrecognized arguments: --seed=1'}
    [result] = command_line.run(written(tmp_path, recorded_line(), accepted))
    assert not result.case.failed
    assert result.not_compared == ('--seed=1 (a flag that the original has not)',)
