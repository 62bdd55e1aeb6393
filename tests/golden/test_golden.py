"""The recorded numbers, and the program that checks them."""
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest

from tests.golden import checker
from tests.golden.__main__ import main
from tests.golden.recordings import LARGER, RECORDED, ROOT, SHARED, SMALL, needs_larger

# defects and exact draws of the original, its names of simulators and columns, lines that ours refuses
NOT_FACTS = re.compile(
    r'.*/(quirk/.*|hist/.*|seeded_batch_seed|gym_id|env_info_keys|learner_info)|cli_args/--.*|'
    r'buffer_framestack_rrd/rrd/(duplicates_fraction|mean_distinct|hist)')
ON_THE_KINK = RECORDED / 'agent_dqn_conv_rrd.npz'       # see __main__
# each basis algorithm, network and reward loss is in another recording; the temperature of SAC that does not
# move is in tests/algorithm/test_agent.py
SLOW = ('agent_ddpg', 'agent_ddpg_rrd_l', 'agent_dqn_conv', 'agent_dqn_conv_double', 'agent_dqn_conv_dueling',
        'agent_dqn_conv_rrd_l', 'agent_dqn_mlp', 'agent_dqn_mlp_double', 'agent_dqn_mlp_rmsprop',
        'agent_dqn_mlp_rrd_l', 'agent_sac', 'agent_sac_fixed_alpha', 'agent_sac_rrd_obs_norm', 'agent_td3',
        'agent_td3_rrd_l')
FILES = [pytest.param(path, marks=[pytest.mark.slow] if path.stem in SLOW else [])
         for path in sorted(RECORDED.iterdir()) if path != ON_THE_KINK]


def only_what_is_no_fact(names):
    return [name for name in names if not NOT_FACTS.fullmatch(name)] == []


def reproduces(path):
    """Checks a file; only values that are not facts may be left out."""
    results = checker.check(path)
    assert [checker.line(result) for result in results if result.failed or result.unimplemented] == []
    assert only_what_is_no_fact(checker.not_compared(path, results))


@pytest.mark.parametrize('path', FILES, ids=lambda path: path.stem)
def test_recorded_numbers_are_reproduced(path):
    reproduces(path)


def program(directory):
    """(exit status, lines on standard output) of the program, in a process of its own."""
    done = subprocess.run([sys.executable, '-m', 'tests.golden', directory], cwd=ROOT, capture_output=True,
                          text=True, timeout=120)
    return done.returncode, done.stdout.splitlines()


@pytest.mark.slow
def test_recorded_numbers_on_a_kink_are_reproduced_by_the_program(tmp_path):
    shutil.copy(ON_THE_KINK, tmp_path)
    status, lines = program(tmp_path)
    assert status == 0 and lines[0].startswith('agent_dqn_conv_rrd: ok, ')
    assert lines[1:] == ['1 cases, 0 failed, 0 without an implementation']


@needs_larger
@pytest.mark.parametrize('path', LARGER, ids=lambda path: path.stem)
def test_larger_recordings_are_reproduced(path):
    reproduces(path)


@needs_larger
def test_every_small_recording_is_in_the_repository():
    for path in SHARED.iterdir():
        if any(path.match(pattern) for pattern in checker.KINDS) and path.stat().st_size < SMALL:
            assert (RECORDED / path.name).read_bytes() == path.read_bytes()


def report(capsys, directory):
    """(exit status, lines on standard output) of the program."""
    status = main([str(directory)])
    return status, capsys.readouterr().out.splitlines()


def test_the_report_names_what_is_compared_and_what_is_not(tmp_path, capsys):
    shutil.copy(RECORDED / 'ircr_heap_ties.npz', tmp_path)
    np.savez(tmp_path / 'buffer_of_nobody.npz', x=1)
    np.savez(tmp_path / 'logger.npz', x=1)
    np.savez(tmp_path / 'other.npz', x=1)
    (tmp_path / 'README.md').write_text('about')
    (tmp_path / 'agent_of_nobody.npz').mkdir()
    assert report(capsys, tmp_path) == (0, [
        'buffer_of_nobody: without an implementation',
        'ircr_heap_ties: ok, largest error 0 of the tolerance',
        'not compared: logger.npz',
        'not compared: other.npz',
        '2 cases, 0 failed, 1 without an implementation'])


def test_a_file_that_cannot_be_read_fails(tmp_path, capsys):
    shutil.copy(RECORDED / 'ircr_heap_ties.npz', tmp_path)
    whole = (RECORDED / 'agent_ddpg.npz').read_bytes()
    (tmp_path / 'agent_cut.npz').write_bytes(whole[:len(whole) // 2])
    (tmp_path / 'buffer_rrd.npz').symlink_to(tmp_path / 'nowhere')
    (tmp_path / 'cli_args.json').write_text('{')
    status, lines = report(capsys, tmp_path)
    assert status == 1
    assert lines[0].startswith('agent_cut: FAILED, BadZipFile: ')
    assert lines[1].startswith('buffer_rrd: FAILED, FileNotFoundError: ')
    assert lines[2].startswith('cli_args: FAILED, JSONDecodeError: ')
    assert lines[4:] == ['4 cases, 3 failed, 0 without an implementation']


def test_a_case_in_which_nothing_is_compared_fails(tmp_path, capsys):
    (tmp_path / 'cli_args.json').write_text('[]')
    assert report(capsys, tmp_path) == (1, [
        'cli_args: FAILED, nothing was compared', '1 cases, 1 failed, 0 without an implementation'])


@pytest.mark.slow
def test_the_program_exits_1_and_names_the_number_that_differs(tmp_path):
    with np.load(RECORDED / 'normalizer.npz') as data:
        arrays = dict(data)
    arrays['after/mean'] = arrays['after/mean'] * 1.01
    np.savez(tmp_path / 'normalizer_scaled.npz', **arrays)
    status, (first, *_, last) = program(tmp_path)
    assert status == 1
    assert first == 'normalizer_scaled: FAILED, largest error 990 of the tolerance at after/mean'
    assert last == '1 cases, 1 failed, 0 without an implementation'


@pytest.mark.parametrize('words, expected', [
    ([], 'the following arguments are required: DIR'),
    (['{}/nowhere'], 'expected a directory of recorded files, got {}/nowhere'),
    (['{}/README.md'], 'expected a directory of recorded files, got {}/README.md'),
    (['{}'], 'expected recorded files such as agent_*.npz, '),
    (['{}', '--fast'], 'unrecognized arguments: --fast'),
])
def test_invalid_input_is_an_error_of_one_line_with_exit_status_2(tmp_path, capsys, words, expected):
    (tmp_path / 'README.md').write_text('about')
    with pytest.raises(SystemExit) as stopped:
        main([word.format(tmp_path) for word in words])
    out, err = capsys.readouterr()
    assert stopped.value.code == 2 and out == ''
    assert err.startswith(f'error: {expected.format(tmp_path)}') and err.count('\n') == 1
