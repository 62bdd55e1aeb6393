"""`python -m tester RUN_DIR` on recorded episodes: the numbers of a trained reward, and what it refuses."""
import csv
import io
import json
import logging

import pytest

from tester.__main__ import main, reading
from tester.recorded.tester import COLUMNS
from tests.envs.recorded.libero.folders import SPATIAL, TASKS, fill, write
from tests.outcome import newest
from tests.recorded_runs import LENGTHS, sources, train_run, user
from utils.errors import run
from utils.flags.flag import Args


@pytest.fixture(scope='module')
def place(tmp_path_factory):
    """All that a user has; below `other` are episodes of another task, and failures of it."""
    with user(tmp_path_factory.mktemp('user')) as folder:
        write(folder / 'other' / 'libero_spatial', SPATIAL[7], lengths=LENGTHS, size=24, seed=20)
        write(folder / 'other' / 'libero_spatial_failures', SPATIAL[7], lengths=(14, 16), size=24, seed=21,
              success=False)
        write(folder / 'one_camera', TASKS[0], lengths=LENGTHS, size=24, cameras=['agentview_rgb'])
        fill(folder / 'goal', 'turn_on_the_stove')
        yield folder


@pytest.fixture(scope='module')
def trained(place):
    """The directory of a finished run, for reading only."""
    return train_run(place, 'trained', '--libero_obs=wrist,proprio')


def on(folder, place):
    """Flags that read the episodes and failures below `folder`."""
    return [f'--libero_path={folder}', f'--libero_failures={folder}', f'--cache_dir={place}/cache']


@pytest.fixture(scope='module')
def judged(trained, place):
    """(lines for a reader, object in the file) of the run judged on the other episodes."""
    told = logging.StreamHandler(io.StringIO())
    logging.getLogger('rrd').addHandler(told)
    main([str(trained), *on(place / 'other', place), f'--out={place}/judged.json'])
    logging.getLogger('rrd').removeHandler(told)
    return told.stream.getvalue().splitlines(), json.loads((place / 'judged.json').read_text())


def test_it_tells_the_checkpoint_the_episodes_and_that_all_are_judged(judged, trained):
    lines, _ = judged
    assert lines[0] == str(newest(trained).path)
    assert lines[1].startswith('5 episodes of 1 of the 10 tasks of libero_spatial, 2 of them failures, ')
    assert 'judged on 3 successes and 2 failures' in lines


def test_numbers_in_the_file_have_the_names_and_the_order_of_progress(judged, trained):
    _, values = judged
    with open(trained / 'progress.csv', newline='') as file:
        header = next(csv.reader(file))
    assert list(values) == ['checkpoint', *(name for name in header if name.startswith('test/'))]
    assert tuple(values)[1:] == COLUMNS and values['checkpoint'] == str(newest(trained).path)
    unknown = [name for name, value in values.items() if value is None]     # one task; nobody knows progress
    assert unknown == ['test/swap_auc', 'test/progress_correlation', 'test/progress_correlation_failure']


def test_numbers_in_the_file_are_those_of_the_table(judged):
    lines, values = judged
    told = {line.split()[0]: line.split()[1] for line in lines if line.startswith(' test/')}
    assert told.keys() == set(COLUMNS)
    for name, text in told.items():
        assert values[name] is None if text == '-' else float(text) == pytest.approx(values[name], abs=1e-3)


def test_judged_by_what_a_run_held_out_its_numbers_are_those_of_its_last_row(trained, place, tmp_path):
    """With nothing held out of the files that a run held out wholly, both see the same episodes."""
    directory = train_run(place, 'holdout', '--libero_obs=proprio', f'--holdout_tasks={TASKS[1]}',
                          '--val_fraction=0', '--libero_negatives=rewind')
    main([str(directory), f'--libero_path={place}/libero_spatial/{TASKS[1]}_demo.hdf5',
          f'--libero_failures={place}/failures/{TASKS[1]}_demo.hdf5', f'--out={tmp_path}/x.json'])
    values = json.loads((tmp_path / 'x.json').read_text())
    with open(directory / 'progress.csv', newline='') as file:
        last = list(csv.DictReader(file))[-1]
    assert values['test/swap_auc'] is None      # there is no other task here
    for name in (name for name in COLUMNS if values[name] is not None):
        assert float(last[name]) == pytest.approx(values[name], rel=1e-5), name


def test_an_older_checkpoint_is_judged_where_it_is_named(trained, place, caplog):
    with caplog.at_level(logging.INFO, 'rrd'):
        main([str(trained), *on(place / 'other', place), '--checkpoint=ckpt-000001'])
    assert caplog.messages[0] == str(trained / 'checkpoints' / 'ckpt-000001')


REFUSED = [
    (['--out={place}/there.json'], '--out={place}/there.json exists and is not overwritten'),
    (['--out={place}/none/x.json'], '--out={place}/none/x.json: {place}/none is not a writable directory'),
    (['--libero_path={place}/goal'], '--libero_path={place}/goal: none of the 1 files is of a task of '
                                     '--env=libero_spatial; the first is turn_on_the_stove_demo.hdf5'),
    (['--libero_path={place}/one_camera'], '{place}/one_camera/' + TASKS[0] + '_demo.hdf5: data/demo_0/obs/'
                                           'eye_in_hand_rgb is missing; found '),
    (['--libero_path={place}/none'], '--libero_path={place}/none: expected a folder or an .hdf5 file; '),
    (['--checkpoint=ckpt-000009'], '{place}/trained/checkpoints has no checkpoint ckpt-000009; expected '
                                   'ckpt-000001 or ckpt-000002'),
    (['--rollouts=3'], '--rollouts=3 needs mujoco or atari; this run is recorded'),
    (['--video=a.mp4'], '--video=a.mp4 needs mujoco or atari; this run is recorded'),
    (['--seed=1'], '--seed=1 needs mujoco or atari; this run is recorded'),
    (['--val_fraction=0.5'], 'unknown flag --val_fraction=0.5'),
]


@pytest.mark.parametrize('flags, message', REFUSED, ids=[' '.join(flags) for flags, _ in REFUSED])
def test_what_cannot_be_judged_is_told_in_one_line(flags, message, trained, place, capfd):
    (place / 'there.json').write_text('kept')
    words = [str(trained), *sources(place), *(flag.format(place=place) for flag in flags)]
    with pytest.raises(SystemExit, match='2'):
        run(lambda: main(words))
    out, err = capfd.readouterr()
    assert out == '' and err.startswith(f'error: {message.format(place=place)}') and err.count('\n') == 1
    assert (place / 'there.json').read_text() == 'kept'


def test_help_names_every_flag(capsys):
    with pytest.raises(SystemExit, match='0'):
        main(['--help'])
    told = capsys.readouterr().out
    assert all(f'  --{name} ' in told for name in (
        'libero_path', 'libero_failures', 'libero_alignment', 'libero_orientation', 'libero_skip_bad',
        'cache_dir', 'out', 'checkpoint'))


def test_a_task_that_the_run_has_not_seen_is_told_and_whom_the_baselines_have_seen(judged):
    lines, _ = judged
    assert f'warning: the run has learned from no episode of {SPATIAL[7]}: the number of the task says ' in (
        '\n'.join(lines))
    assert 'baselines are fitted to the very episodes that are judged' in lines
    assert 'files, but for' not in '\n'.join(lines)


def test_without_a_path_the_runs_own_episodes_are_judged_and_that_is_told(trained, capsys):
    told = logging.StreamHandler(io.StringIO())
    logging.getLogger('rrd').addHandler(told)
    main([str(trained)])
    logging.getLogger('rrd').removeHandler(told)
    lines = told.stream.getvalue()
    assert 'judged on 6 successes and 6 failures' in lines
    assert 'warning: the run has learned from 4 of these 4 files, but for what it held out' in lines


@pytest.mark.parametrize('given, failures', [
    ({}, 'own'), ({'cache_dir': 'c'}, 'own'), ({'libero_path': 'p'}, ''),
    ({'libero_path': 'p', 'libero_failures': 'f'}, 'f')])
def test_episodes_are_read_as_the_run_read_them_and_its_failures_go_with_its_path(given, failures):
    recorded = Args({'libero_path': 'q', 'libero_failures': 'own', 'libero_orientation': 'upright',
                     'cache_dir': 'd'})
    flags = reading(recorded, {**given, 'checkpoint': 'ckpt-000001'})
    assert flags == {**recorded, **given, 'libero_failures': failures}
