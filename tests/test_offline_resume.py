"""A run on recorded episodes that was stopped or killed ends, when resumed, as if it had not been."""
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import train
from algorithm.recorded.sampler import RecordedSampler
from tester.recorded.tester import OfflineTester
from tests.envs.recorded.libero.folders import SPATIAL, TASKS, write
from tests.outcome import assert_same_reward, newest
from tests.recorded_runs import LENGTHS, TINY, sources, train_run, user, write_vectors
from utils.errors import run
from utils.stop_signals import StopSignals

ROOT = Path(train.__file__).parent
FLAGS = ('--epochs=2', '--libero_negatives=swap,rewind,prefix', '--patience=9')


@pytest.fixture(scope='module')
def place(tmp_path_factory):
    with user(tmp_path_factory.mktemp('user')) as folder:
        write_vectors(folder)
        yield folder


@pytest.fixture(scope='module')
def whole(place):
    """The directory of an uninterrupted run of four cycles, for reading only."""
    return train_run(place, 'whole', *FLAGS)


@pytest.fixture(scope='module')
def half(place):
    """The directory of one that has ended after two, without frames, for reading only."""
    return train_run(place, 'half', *without_frames(place), '--epochs=1')


def without_frames(place):
    """Flags of a run of four cycles that observes no frames, which is shorter."""
    return [*FLAGS, f'--task_embedding={place}/tasks.npz', '--libero_obs=proprio']


def resume(directory, *flags):
    run(lambda: train.main(['--resume=True', f'--run_dir={directory}', *flags]))


def same_best(first, second):
    """Whether the best checkpoints of two runs are of one cycle."""
    names = [[path.name for path in (directory / 'best').glob('ckpt*')] for directory in (first, second)]
    return len(names[0]) == 1 and names[0] == names[1]


def test_a_run_stopped_after_an_update_and_within_a_test_ends_as_if_it_had_not_been(
        place, half, capfd, monkeypatch):
    directory = place / 'stopped'
    words = [*TINY, *sources(place), *without_frames(place), '--epochs=1', f'--run_dir={directory}']
    for number, name in ((3, 'ckpt-000000-000002'), (5, 'ckpt-000000-000003')):
        stopped(words, number, monkeypatch)
        words = ['--resume=True', f'--run_dir={directory}']
        assert capfd.readouterr().out.endswith(f'to resume: python train.py {" ".join(words)}\n')
        assert newest(directory).path.name == name
    train.main(words)
    assert_same_reward(half, directory)
    assert same_best(half, directory)


def stopped(words, number, monkeypatch):
    """Begins or resumes a run, which is asked to stop before its `number`-th check."""
    check, checks = StopSignals.check, []

    def asked(stop):
        checks.append(1)
        if len(checks) == number:
            os.kill(os.getpid(), signal.SIGTERM)
        check(stop)

    with monkeypatch.context() as patch, pytest.raises(SystemExit, match='143'):
        patch.setattr(StopSignals, 'check', asked)
        run(lambda: train.main(words))


def test_a_run_of_a_potential_that_is_stopped_ends_as_if_it_had_not_been(place, monkeypatch):
    flags = ['--reward_form=potential', '--libero_obs=proprio', '--epochs=1']
    whole, directory = train_run(place, 'potential', *flags), place / 'stopped-potential'
    stopped([*TINY, *sources(place), *flags, f'--run_dir={directory}'], 2, monkeypatch)
    assert newest(directory).path.name == 'ckpt-000000-000001'
    resume(directory)
    assert_same_reward(whole, directory)


# where the process is killed: before the n-th call of a function
PLACES = [pytest.param(*place, marks=pytest.mark.slow) for place in (
    ('algorithm.recorded.sampler:RecordedSampler.draw', 9),         # by the thread that prefetches
    ('tester.recorded.tester:OfflineTester._predict_one', 6), ('os:rename', 4), ('os:fsync', 19),
    ('utils.logs.logger:Logger.write', 2), ('tester.recorded.tester:OfflineTester.conclude', 1),
    ('utils.runs.run:mark_concluded', 1))]


@pytest.mark.parametrize('function, count', PLACES)
def test_a_run_that_is_killed_ends_as_if_it_had_not_been(function, count, place, whole):
    directory = place / f'killed-{function}'
    done = subprocess.run(
        [sys.executable, '-m', 'tests.killed', function, str(count), *TINY, *sources(place), *FLAGS,
         f'--run_dir={directory}'], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == -signal.SIGKILL, done.stderr
    resume(directory)
    assert_same_reward(whole, directory)
    assert same_best(whole, directory)


@pytest.mark.slow
def test_the_number_of_prefetched_batches_changes_nothing(place, whole, monkeypatch):
    draw, late = RecordedSampler.draw, []

    def slow(sampler, number):
        late.append(number)
        time.sleep(0.02)
        return draw(sampler, number)

    monkeypatch.setattr(RecordedSampler, 'draw', slow)
    monkeypatch.setattr('utils.prefetch.DEPTH', 1)
    assert_same_reward(whole, train_run(place, 'slow', *FLAGS))
    assert len(late) >= 12


def test_a_finished_run_reports_it_and_resumes_with_more_epochs(place, half, tmp_path, capfd):
    shutil.copytree(half, tmp_path / 'copy')
    resume(tmp_path / 'copy')
    assert capfd.readouterr().out == (f'nothing to do: the run in {tmp_path}/copy has done 2 of 2 cycles; '
                                      '--epochs=N adds some\n')
    resume(tmp_path / 'copy', '--epochs=2')
    assert_same_reward(tmp_path / 'copy', train_run(place, 'long', *without_frames(place)))


def test_a_run_stopped_between_its_last_checkpoint_and_its_report_reports_when_resumed(
        place, half, monkeypatch):
    directory, conclude = place / 'unreported', OfflineTester.conclude

    def interrupted(tester, path):
        tester._stop._received = signal.SIGTERM
        return conclude(tester, path)

    with monkeypatch.context() as patch:
        patch.setattr(OfflineTester, 'conclude', interrupted)
        with pytest.raises(SystemExit, match='143'):
            train_run(place, 'unreported', *without_frames(place), '--epochs=1')
    assert not (directory / 'rewards.png').exists()
    resume(directory)
    assert_same_reward(half, directory)
    assert f'finished: {directory}/progress.csv\npicture: ' in (directory / 'log.txt').read_text()


def more_episodes(place):
    write(place / 'libero_spatial', TASKS[0], lengths=(*LENGTHS, 12), size=24)
    return f"it has {{'name': 'libero_spatial/{TASKS[0]}_demo.hdf5', "


def other_actions(place):
    write(place / 'failures', TASKS[1], lengths=LENGTHS, size=24, seed=9, success=False)
    return f"it has {{'name': 'failures/{TASKS[1]}_demo.hdf5', "


def another_file(place):
    write(place / 'failures', SPATIAL[0], lengths=LENGTHS, size=24, success=False)
    np.savez(place / 'tasks.npz', **{task: np.arange(3) for task in (*TASKS, SPATIAL[0])})
    return f"instead of {{'name': 'failures/{SPATIAL[0]}_demo.hdf5', "


def file_less(place):
    (place / 'failures' / f'{TASKS[1]}_demo.hdf5').unlink()
    return "instead of {'name': 'tasks.npz', "


def other_vectors(place):
    np.savez(place / 'tasks.npz', **{task: np.zeros(3) for task in TASKS})
    return "it has {'name': 'tasks.npz', "


@pytest.mark.parametrize('change', [more_episodes, other_actions, another_file, file_less, other_vectors])
def test_a_run_whose_data_have_changed_is_not_resumed(change, place, half, tmp_path, capfd):
    for folder in ('libero_spatial', 'failures'):
        shutil.copytree(place / folder, tmp_path / folder)
    shutil.copy(place / 'tasks.npz', tmp_path / 'tasks.npz')
    directory = tmp_path / 'half'
    shutil.copytree(half, directory)
    record = (directory / 'args.json').read_text()
    (directory / 'args.json').write_text(record.replace(str(place), str(tmp_path)))    # moved with its data
    message = change(tmp_path)
    with pytest.raises(SystemExit, match='2'):
        resume(directory, '--epochs=2')
    err = capfd.readouterr().err
    assert err.startswith(f'error: {directory}/checkpoints/ckpt-000002 is of a run on other episodes: ')
    assert message in err and err.count('\n') == 1
