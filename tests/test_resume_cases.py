"""--resume=True on a run that is whole, damaged, finished, or incompatible."""
import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import train
from tester.__main__ import main as evaluate
from tests.outcome import assert_same, newest, rows, variables
from utils.errors import run
from utils.runs.directory import locked

ROOT = Path(train.__file__).parent
RRD = ('--alg=rrd', '--basis_alg=ddpg', '--rrd_batch_size=6', '--rrd_sample_size=3')
FLAGS = ('--env=Pendulum-v1', *RRD, '--cycles=2', '--iterations=2', '--timesteps=10', '--test_timesteps=10',
         '--warmup=10', '--train_batches=2', '--batch_size=4', '--buffer_size=1000', '--test_rollouts=1',
         '--obs_normalization=True')


@pytest.fixture(scope='module')
def whole(tmp_path_factory):
    """The directory of a finished run of two cycles, for reading only."""
    directory = tmp_path_factory.mktemp('runs') / 'whole'
    train.main([*FLAGS, '--epochs=1', '--keep_checkpoints=3', f'--run_dir={directory}'])
    return directory


@pytest.fixture
def copy(whole, tmp_path):
    """A copy of the run, for writing."""
    shutil.copytree(whole, tmp_path / 'copy')
    return tmp_path / 'copy'


def resume(directory, *flags):
    run(lambda: train.main(['--resume=True', f'--run_dir={directory}', *flags]))


def refusal(capfd, directory, *flags):
    """The line on standard error of a resume that is refused and changes no file."""
    before = snapshot(directory)
    capfd.readouterr()
    with pytest.raises(SystemExit, match='2'):
        resume(directory, *flags)
    out, err = capfd.readouterr()
    assert out == '' and err.startswith('error: ') and err.count('\n') == 1
    assert snapshot(directory) == before
    return err


def snapshot(directory):
    return {path: (path.read_bytes(), path.stat().st_mtime_ns)
            for path in directory.rglob('*') if path.is_file()}


def remove(directory, *names):
    for name in names:
        shutil.rmtree(directory / 'checkpoints' / name)


def test_a_finished_run_is_unchanged_and_reports_it(copy, capfd):
    before = snapshot(copy)
    resume(copy)
    assert capfd.readouterr() == (f'nothing to do: the run in {copy} has done 2 of 2 cycles; '
                                  '--epochs=N adds some\n', '')
    assert snapshot(copy) == before


def test_a_finished_run_resumes_with_more_epochs_as_if_it_had_had_them_from_the_start(copy, tmp_path):
    train.main([*FLAGS, '--epochs=2', f'--run_dir={tmp_path / "long"}'])
    resume(copy, '--epochs=2')
    assert_same(tmp_path / 'long', copy)
    assert json.loads((copy / 'args.json').read_text())['flags']['epochs'] == 2


def test_rows_past_the_checkpoint_are_played_again_and_not_doubled(copy, whole):
    remove(copy, 'ckpt-000002', 'ckpt-000001')
    with open(copy / 'progress.csv', 'a') as file:
        file.write('1,3,to')            # torn
    resume(copy)
    assert_same(whole, copy)


@pytest.mark.parametrize('file', [
    'variables.data-00000-of-00001', 'state.json', 'arrays.npz', 'manifest.json'])
def test_a_damaged_checkpoint_is_named_and_the_one_before_it_used(file, copy, whole, capfd):
    path = copy / 'checkpoints' / 'ckpt-000002' / file
    path.write_bytes(path.read_bytes()[:-7])
    resume(copy)
    out = capfd.readouterr().out
    assert f'ckpt-000002 is damaged ({path}' in out and 'resumed from ' + str(path.parents[1]) in out
    assert 'ckpt-000001\n' in out
    assert (copy / 'checkpoints' / 'damaged-ckpt-000002').is_dir()
    assert_same(whole, copy)


def test_a_replay_file_that_all_checkpoints_need_and_that_is_damaged_is_an_error(copy, capfd):
    remove(copy, 'ckpt-000000')
    path = sorted((copy / 'checkpoints' / 'replay').iterdir())[0]
    path.write_bytes(path.read_bytes()[::-1])
    err = refusal(capfd, copy, '--epochs=2')
    assert f'no checkpoint in {copy}/checkpoints is sound' in err
    assert err.count(f'{path} has another checksum than when it was written') == 2


def test_a_run_killed_before_its_first_checkpoint_starts_from_the_beginning(copy, whole, capfd):
    shutil.rmtree(copy / 'checkpoints')
    header = (copy / 'progress.csv').read_text().splitlines(keepends=True)[0]
    (copy / 'progress.csv').write_text(header)
    (copy / 'rews.npz').unlink()
    resume(copy)
    assert f'no checkpoint yet in {copy}: starting from the beginning\n' in capfd.readouterr().out
    assert_same(whole, copy)


def test_results_without_any_checkpoint_are_not_overwritten(copy, capfd):
    shutil.rmtree(copy / 'checkpoints')
    (copy / 'checkpoints').mkdir()
    (copy / 'checkpoints' / 'lock').touch()
    assert f'{copy} has results but no checkpoint' in refusal(capfd, copy)


def test_what_is_not_the_run_of_the_checkpoint_is_refused_with_both_sides_named(copy, capfd):
    record = json.loads((copy / 'args.json').read_text())
    record['flags'] |= {'env': 'MountainCarContinuous-v0', 'obs_normalization': False, 'epochs': 5}
    (copy / 'args.json').write_text(json.dumps(record))
    err = refusal(capfd, copy)
    assert 'it has env Pendulum-v1 instead of MountainCarContinuous-v0, obs_normalization True instead of ' \
        "False, observation {'state': [[3], 'float32', 1]} instead of {'state': [[2], 'float32', 1]}" in err


def test_progress_that_lost_rows_is_refused(copy, capfd):
    lines = (copy / 'progress.csv').read_text().splitlines(keepends=True)
    (copy / 'progress.csv').write_text(''.join(lines[:2]))
    capfd.readouterr()
    with pytest.raises(SystemExit, match='2'):
        resume(copy, '--epochs=2')
    assert 'progress.csv has 1 whole rows; expected the 2 that were there' in capfd.readouterr().err
    assert (copy / 'progress.csv').read_text() == ''.join(lines[:2])


def test_a_directory_in_use_is_refused(copy, capfd):
    with locked(copy):
        assert f'{copy} is in use by another process' in refusal(capfd, copy, '--epochs=2')


def test_a_full_disk_while_saving_is_reported_and_the_run_continues_with_its_earlier_checkpoint(
        whole, tmp_path, capfd, monkeypatch):
    savez, full = np.savez, []

    def sometimes(file, **arrays):
        if Path(getattr(file, 'name', file)).name == 'arrays.npz' and 'ckpt-000001' in str(file):
            full.append(1)
            raise OSError(28, os.strerror(28))
        savez(file, **arrays)

    monkeypatch.setattr(np, 'savez', sometimes)
    train.main([*FLAGS, '--epochs=1', '--keep_checkpoints=3', f'--run_dir={tmp_path / "run"}'])
    assert full == [1]
    assert 'warning: the checkpoint ckpt-000001 cannot be written: No space left on device; the newest is ' \
        'ckpt-000000\n' in capfd.readouterr().out
    assert [path.name for path in sorted((tmp_path / 'run' / 'checkpoints').glob('ckpt*'))] == [
        'ckpt-000000', 'ckpt-000002']
    assert_same(whole, tmp_path / 'run')


def test_a_run_that_cannot_save_its_start_does_not_begin_and_does_not_block_its_next_start(
        whole, tmp_path, capfd, monkeypatch):
    def full(path, destination):
        if 'ckpt' in os.fspath(destination):
            raise OSError(28, os.strerror(28))
        rename(path, destination)

    rename, words = os.rename, [*FLAGS, '--epochs=1', '--keep_checkpoints=3', f'--run_dir={tmp_path / "run"}']
    with monkeypatch.context() as patch:
        patch.setattr(os, 'rename', full)
        with pytest.raises(SystemExit, match='2'):
            run(lambda: train.main(words))
    assert capfd.readouterr().err == \
        'error: the checkpoint ckpt-000000 cannot be written: No space left on device\n'
    train.main(words)
    assert_same(whole, tmp_path / 'run')


def test_without_the_replay_store_a_run_fills_it_anew_and_warns_that_it_is_not_exact(tmp_path, capfd):
    directory = tmp_path / 'run'
    train.main([*FLAGS, '--epochs=1', '--save_buffer=False', f'--run_dir={directory}'])
    assert not (directory / 'checkpoints' / 'replay').exists()
    resume(directory, '--epochs=2')
    assert 'warning: the replay store was not saved (--save_buffer=False)' in capfd.readouterr().out
    assert [row['updates'] for row in rows(directory)] == ['4', '8', '12', '16']


def test_a_reward_model_is_taken_over_with_its_normaliser_and_stays_without_a_rate(whole, tmp_path, capfd):
    directory = tmp_path / 'run'
    train.main([*FLAGS, '--epochs=1', '--cycles=1', '--basis_alg=td3', '--r_lr=0', '--keep_checkpoints=9',
                f'--reward_from={whole}', f'--run_dir={directory}'])
    assert f'reward model from {newest(whole).path}\n' in capfd.readouterr().out
    source, last = variables(whole), variables(directory)
    for name in (name for name in source if name.startswith('reward/') and 'Adam' not in name):
        np.testing.assert_array_equal(last[name], source[name])
    assert last['normalizer/state/cnt'] == source['normalizer/state/cnt'] + 2 * 4 * 2   # two more batches


@pytest.mark.parametrize('flags, message', [
    (['--reward_from={whole}', '--obs_normalization=False'], 'obs_normalization True instead of False'),
    (['--reward_from={whole}', '--env=MountainCarContinuous-v0'], 'observation '),
    (['--reward_from={whole}/none'], '{whole}/none has no checkpoint'),
    (['--reward_from={whole}', '--alg=sac'],
     '--reward_from={whole} needs rrd or lrr or diaster; this run is mujoco sac')])
def test_an_incompatible_reward_model_is_refused(flags, message, whole, tmp_path, capfd):
    own = [flag for flag in FLAGS if '--alg=sac' not in flags or flag not in RRD]
    words = [*own, *(flag.format(whole=whole) for flag in flags), f'--run_dir={tmp_path / "run"}']
    with pytest.raises(SystemExit, match='2'):
        run(lambda: train.main(words))
    err = capfd.readouterr().err
    assert err.startswith('error: --reward_from=') and message.format(whole=whole) in err
    assert not (tmp_path / 'run').exists()


def test_the_logger_of_the_program_is_left_without_handlers(whole):
    assert logging.getLogger('rrd').handlers == []


def test_a_checkpoint_is_evaluated_by_the_tester(whole, caplog):
    with caplog.at_level(logging.INFO, 'rrd'):
        evaluate([str(whole), '--rollouts=3'])
    text = '\n'.join(caplog.messages)
    assert text.startswith(f'{newest(whole).path}\nepisodes 4   steps 40   updates 8\n')
    assert all(f'test/return_{name} ' in text for name in ('mean', 'std', 'min', 'max'))


@pytest.mark.slow
def test_a_process_of_the_tester_prints_its_report_and_nothing_else(whole):
    done = subprocess.run([sys.executable, '-m', 'tester', whole, '--rollouts=3'], cwd=ROOT, text=True,
                          capture_output=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, '')
    assert done.stdout.startswith(f'{newest(whole).path}\nepisodes 4   steps 40   updates 8\n')
