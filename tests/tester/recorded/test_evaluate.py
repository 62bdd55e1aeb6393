"""`python -m tester RUN_DIR` on recorded episodes: the metrics of a trained reward, and errors."""
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
from utils.errors import UserError, run
from utils.flags.flag import Args


@pytest.fixture(scope='module')
def place(tmp_path_factory):
    """The data of a user; below `other` are episodes and failures of another task."""
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
def evaluated(trained, place):
    """(lines of the report, object in the file) of the run evaluated on the other episodes."""
    handler = logging.StreamHandler(io.StringIO())
    logging.getLogger('rrd').addHandler(handler)
    main([str(trained), *on(place / 'other', place), f'--out={place}/evaluated.json'])
    logging.getLogger('rrd').removeHandler(handler)
    return handler.stream.getvalue().splitlines(), json.loads((place / 'evaluated.json').read_text())


def test_it_reports_the_checkpoint_the_episodes_and_that_all_are_evaluated(evaluated, trained):
    lines, _ = evaluated
    assert lines[0] == str(newest(trained).path)
    assert lines[1].startswith('5 episodes of 1 of the 10 tasks of libero_spatial, 2 of them failures, ')
    assert 'evaluated on 3 successes and 2 failures' in lines


def test_numbers_in_the_file_have_the_names_and_the_order_of_progress(evaluated, trained):
    _, values = evaluated
    with open(trained / 'progress.csv', newline='') as file:
        header = next(csv.reader(file))
    assert list(values) == ['checkpoint', *(name for name in header if name.startswith('test/'))]
    assert tuple(values)[1:] == COLUMNS and values['checkpoint'] == str(newest(trained).path)
    unknown = [name for name, value in values.items() if value is None]     # one task; progress is unknown
    assert unknown == ['test/swap_auc', 'test/progress_correlation', 'test/progress_correlation_failure']


def test_numbers_in_the_file_are_those_of_the_table(evaluated):
    lines, values = evaluated
    shown = {line.split()[0]: line.split()[1] for line in lines if line.startswith(' test/')}
    assert shown.keys() == set(COLUMNS)
    for name, text in shown.items():
        assert values[name] is None if text == '-' else float(text) == pytest.approx(values[name], abs=1e-3)


def test_evaluated_on_its_held_out_episodes_a_run_has_the_metrics_of_its_last_row(trained, place, tmp_path):
    """The run held out whole files; both evaluations use all episodes of these."""
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


def test_an_older_checkpoint_is_evaluated_by_name(trained, place, caplog):
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
    (['--seed=1'], '--seed=1 needs --sim on recorded episodes: nothing is played'),
    (['--val_fraction=0.5'], 'unknown flag --val_fraction=0.5'),
]


@pytest.mark.parametrize('flags, message', REFUSED, ids=[' '.join(flags) for flags, _ in REFUSED])
def test_a_run_that_cannot_be_evaluated_is_an_error_in_one_line(flags, message, trained, place, capfd):
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
    output = capsys.readouterr().out
    assert all(f'  --{name} ' in output for name in (
        'libero_path', 'libero_failures', 'libero_alignment', 'libero_orientation', 'libero_skip_bad',
        'cache_dir', 'out', 'checkpoint'))


def test_an_unseen_task_and_the_training_data_of_the_baselines_are_reported(evaluated):
    lines, _ = evaluated
    assert f'warning: the run has learned from no episode of {SPATIAL[7]}: its task number has no ' in (
        '\n'.join(lines))
    assert 'baselines are fitted to the same episodes that are evaluated' in lines
    assert 'files, except for' not in '\n'.join(lines)


def test_without_a_path_the_runs_own_episodes_are_evaluated_with_a_warning(trained, capsys):
    handler = logging.StreamHandler(io.StringIO())
    logging.getLogger('rrd').addHandler(handler)
    main([str(trained)])
    logging.getLogger('rrd').removeHandler(handler)
    lines = handler.stream.getvalue()
    assert 'evaluated on 6 successes and 6 failures' in lines
    assert 'warning: the run has learned from 4 of these 4 files, except for held-out episodes' in lines


@pytest.mark.parametrize('given, failures', [
    ({}, 'own'), ({'cache_dir': 'c'}, 'own'), ({'libero_path': 'p'}, ''),
    ({'libero_path': 'p', 'libero_failures': 'f'}, 'f')])
def test_episodes_are_read_as_by_the_run_and_a_new_path_drops_its_failures(given, failures):
    recorded = Args({'env': 'libero_goal', 'libero_path': 'q', 'libero_failures': 'own',
                     'libero_orientation': 'upright', 'cache_dir': 'd'})
    flags = reading(recorded, {**given, 'checkpoint': 'ckpt-000001'})
    assert flags == {**recorded, **given, 'libero_failures': failures}


@pytest.mark.parametrize('env, given, expected', [
    ('recorded', 'libero_path', 'data_path'), ('libero_goal', 'data_path', 'libero_path')])
def test_the_path_of_another_kind_of_data_is_refused(env, given, expected):
    with pytest.raises(UserError, match=f'^--{given}=p: this run is on --env={env}; expected --{expected}$'):
        reading(Args({'env': env}), {given: 'p'})


def test_the_report_of_a_run_is_on_its_held_out_episodes(trained, place):
    main([str(trained), '--report', f'--cache_dir={place}/cache'])
    html = (trained / 'report.html').read_text()
    with open(trained / 'progress.csv', newline='') as file:
        last = list(csv.DictReader(file))[-1]
    assert f'<td>{float(last["test/return_rmse"]):.3f}</td>' in html


def test_the_report_on_other_episodes_is_on_all_of_them(trained, place):
    main([str(trained), '--report', *on(place / 'other', place)])
    assert 'Evaluated on 3 successes and 2 failures.' in (trained / 'report.html').read_text()
