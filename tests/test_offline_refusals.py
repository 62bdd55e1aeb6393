"""Runs on recorded episodes that must not start: one line on standard error, and nothing written."""
import h5py
import numpy as np
import pytest

import algorithm
import train
from tests.envs.recorded.libero.folders import TASKS, fill, write
from tests.recorded_runs import TINY, sources, train_run, user
from utils.errors import run

FIRST = f'libero_spatial/{TASKS[0]}_demo.hdf5'


@pytest.fixture
def place(tmp_path):
    with user(tmp_path) as folder:
        yield folder


def refusal(place, capfd, *flags):
    """(standard output, line on standard error) of a run on the episodes in `place` that does not start."""
    with pytest.raises(SystemExit, match='2'):
        run(lambda: train.main([*TINY, *sources(place), *flags, f'--run_dir={place}/runs/run']))
    out, err = capfd.readouterr()
    assert err.startswith('error: ') and err.count('\n') == 1
    assert not (place / 'runs').exists() and not (place / 'home').exists()
    return out, err.removeprefix('error: ').rstrip('\n')


# (flags, how the message begins)
BAD_FLAGS = [
    (['--libero_path={place}/none'],
     '--libero_path={place}/none: expected a folder or an .hdf5 file; it does not exist'),
    (['--libero_failures={place}/none'],
     '--libero_failures={place}/none: expected a folder or an .hdf5 file; it does not exist'),
    (['--libero_path={place}/empty'], '--libero_path={place}/empty: expected <task>_demo.hdf5 files, or '
     'folders of them named libero_spatial, got notes.txt'),
    (['--env=libero_goal', '--libero_failures='], '--libero_path={place}/libero_spatial: none of the 2 files '
     'is of a task of --env=libero_goal; the first is '),
    (['--env=libero_goal', '--libero_path=', '--libero_failures='],
     '--env=libero_goal: no episodes found ({place}/home/.libero/config.yaml does not exist, and the sample '
     'is of libero_spatial); give --libero_path=DIR'),
    (['--holdout_tasks=fly'], "--holdout_tasks: there are no episodes of 'fly'; expected some of "),
    ([f'--holdout_tasks={",".join(TASKS)}'], f'--holdout_tasks={",".join(TASKS)} holds out every episode; '),
    (['--cache_dir={place}/empty/notes.txt'],
     '--cache_dir: {place}/empty/notes.txt cannot hold decoded frames ('),
    (['--cache_dir={place}/empty/notes.txt/cache'],
     '--cache_dir: {place}/empty/notes.txt/cache cannot hold decoded frames (Not a directory); '),
    (['--task_embedding={place}/none.npz'], '--task_embedding={place}/none.npz: expected an .npz file of '),
    (['--libero_obs=feature:obs/none'], '{place}/' + FIRST + ': data/demo_0/obs/none is missing; found '),
    (['--reward_from={place}/none'],
     '--reward_from={place}/none: {place}/none'),
    (['--offline_reward_only=False'], '--offline_reward_only=False: no policy is trained on recorded '),
    (['--env=libero_foo'], '--env=libero_foo: expected one of the suites libero_spatial, libero_object, '),
    (['--env=Ant-v2'], '--libero_image_size=24 needs recorded; this run is mujoco rrd sac'),
    (['--gamma=0.9'], '--gamma=0.9 needs mujoco or atari; this run is recorded rrd'),
    (['--libero_obs=agentview,camera'], '--libero_obs=agentview,camera: expected any of agentview, wrist, '),
    (['--val_fraction=0.5', '--val_fold=2'], '--val_fold=2 must be below 1 / --val_fraction = 2'),
    (['--rrd_batch_size=3'], '--rrd_batch_size=3 must be at least --rrd_sample_size=4'),
    (['--resume=True'], '--resume=True: {place}/runs/run is no run'),
]


@pytest.mark.parametrize('flags, message', BAD_FLAGS, ids=[' '.join(flags)[:60] for flags, _ in BAD_FLAGS])
def test_invalid_flags_are_an_error_of_one_line(flags, message, place, capfd, monkeypatch):
    monkeypatch.setattr(algorithm, 'create_reward_agent', None)     # a run that starts fails here
    (place / 'empty').mkdir()
    (place / 'empty' / 'notes.txt').touch()
    out, err = refusal(place, capfd, *(flag.format(place=place) for flag in flags))
    assert out == '' and err.startswith(message.format(place=place))


@pytest.mark.parametrize('flags, message', [
    (['--libero_negatives=swap', f'--holdout_tasks={TASKS[1]}'],
     '--libero_negatives=swap: swap requires episodes of two tasks or more '),
    (['--libero_negatives=rewound'],
     '--libero_negatives=rewound: expected auto, none, or any of swap, rewind, prefix, separated by commas'),
    (['--libero_negatives=prefix', '--prefix_share=0.96', '--failure_share=0'],
     '--prefix_share=0.96: expected a sum of at most 0.95, so that recorded successes are drawn too')])
def test_what_cannot_be_made_of_episodes_is_told_before_the_directory_is_made(flags, message, place, capfd):
    out, err = refusal(place, capfd, *flags)
    assert out == '' and err.startswith(message)


def other_suite(place):
    path, = fill(place / 'libero_spatial', 'turn_on_the_stove')
    return f'--libero_path={place}/libero_spatial: {path} is not of a task of --env=libero_spatial'


def other_size(place):
    path = write(place / 'libero_spatial', TASKS[1], size=16)
    return (f'agentview has several sizes: 24 x 24 pixels in {place}/{FIRST}, 16 x 16 pixels in {path}; '
            'expected one for all files')


def truncated(place):
    path = place / FIRST
    path.write_bytes(path.read_bytes()[:5000])
    return f'{path} cannot be read as HDF5: '


def empty(place):
    (place / FIRST).write_bytes(b'')
    return f'{place / FIRST} cannot be read as HDF5: '


def corrupt(place):
    (place / FIRST).write_bytes(bytes(range(256)) * 40)
    return f'{place / FIRST} cannot be read as HDF5: '


def without_number(place):
    with h5py.File(place / FIRST, 'r+') as file:
        file['data/demo_1/actions'][3, 2] = np.nan
    return f'{place / FIRST}: data/demo_1/actions: '


def without_frames(place):
    with h5py.File(place / FIRST, 'r+') as file:
        del file['data/demo_2/obs/agentview_rgb']
    return f'{place / FIRST}: data/demo_2/obs/agentview_rgb is missing; found '


def without_steps(place):
    write(place / 'libero_spatial', TASKS[0], lengths=(12, 1), size=24)
    return f'{place / FIRST}: data/demo_1/actions: expected at least 2 steps, got 1'


def success_among_failures(place):
    write(place / 'failures', TASKS[0], size=24, success=True)
    return (f'--libero_failures: {place}/failures/{TASKS[0]}_demo.hdf5 demo_0: the return is 1; expected '
            'failures (0 or less) (--libero_skip_bad=True leaves it out)')


def failure_among_successes(place):
    write(place / 'libero_spatial', TASKS[0], size=24, success=False)
    return (f'--libero_path: {place / FIRST} demo_0: the return is 0; expected successes (above 0) '
            '(--libero_mixed=True reads both from --libero_path, --libero_skip_bad=True leaves it out)')


def progress_of_another_length(place):
    np.savez(place / f'libero_spatial/progress_{TASKS[0]}.npz', **{'demo_0/progress': np.zeros(5)})
    return f'{place}/libero_spatial/progress_{TASKS[0]}.npz: demo_0/progress: expected numbers of shape [12]'


@pytest.mark.parametrize('damage', [
    other_suite, other_size, truncated, empty, corrupt, without_number, without_frames, without_steps,
    success_among_failures, failure_among_successes, progress_of_another_length])
def test_invalid_episodes_are_an_error_of_one_line(damage, place, capfd, monkeypatch):
    monkeypatch.setattr(algorithm, 'create_reward_agent', None)
    message = damage(place)
    out, err = refusal(place, capfd)
    assert out == '' and err.startswith(message)


def test_more_steps_than_the_shortest_episode_has_are_drawn_with_replacement_and_reported(place, capfd):
    directory = train_run(place, 'run', '--cycles=1', '--libero_obs=proprio', '--rrd_sample_size=16',
                          '--rrd_batch_size=32')
    line = ('--rrd_sample_size=16: steps of shorter episodes (the shortest has 11 steps) are drawn with '
            'replacement')
    assert line in capfd.readouterr().out.splitlines()
    assert line in (directory / 'log.txt').read_text().splitlines()


def test_an_invalid_episode_is_left_out_on_request_and_named(place, capfd):
    message = without_number(place)
    directory = train_run(place, 'run', '--cycles=1', '--libero_obs=proprio', '--libero_skip_bad=True')
    lines = (directory / 'log.txt').read_text().splitlines()
    assert lines[1].startswith('11 episodes of 2 of the 10 tasks')
    assert lines[2].startswith(f'left out: {place / FIRST} demo_1: ') and message.split(': ')[1] in lines[2]
