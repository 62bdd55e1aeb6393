"""The lifetime of a run: the effect of each call, and their fixed order."""
import json
import logging

import pytest

from tests.utils.runs.whole_runs import begun, bound, do_cycles, flags, play, rows
from utils.checkpoints.files import CheckpointFiles
from utils.errors import Finished
from utils.runs.directory import in_use
from utils.runs.run import Run


def names(directory, folder='checkpoints'):
    return CheckpointFiles(directory / folder).names()


def test_a_new_run_that_is_open_has_written_nothing(tmp_path):
    with Run.open(flags(tmp_path / 'a' / 'run')) as run:
        assert run.directory == tmp_path / 'a' / 'run'
        assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_bound_has_its_directory_its_lock_its_record_and_its_log(tmp_path):
    with Run.open(flags(tmp_path / 'a' / 'run')) as run:
        bound(run)
        assert in_use(run.directory)
        assert json.loads((run.directory / 'args.json').read_text())['environment']['id'] == 'Fake-v0'
        assert (run.directory / 'log.txt').read_text() == f'run directory: {run.directory}\n'
    assert not in_use(run.directory)


def test_a_run_that_has_begun_has_its_first_checkpoint_and_a_header(tmp_path):
    with Run.open(flags(tmp_path / 'run')) as run:
        begun(bound(run))
        assert names(run.directory) == ['ckpt-000000'] and rows(run.directory) == []


def test_each_commit_writes_a_row_and_a_checkpoint_where_one_is_due(tmp_path):
    assert play(tmp_path / 'run', save_every=3, keep_checkpoints=9) == [1, 2, 3, 4]
    assert rows(tmp_path / 'run') == [(1, 1, 10), (1, 2, 20), (2, 3, 30), (2, 4, 40)]
    assert names(tmp_path / 'run') == ['ckpt-000000', 'ckpt-000003', 'ckpt-000004']     # the last one always


def test_a_run_resumes_from_its_newest_checkpoint_and_ends_like_an_uninterrupted_one(tmp_path):
    play(tmp_path / 'run', 2)
    assert play(tmp_path / 'run', resume=True) == [3, 4]
    assert rows(tmp_path / 'run') == [(1, 1, 10), (1, 2, 20), (2, 3, 30), (2, 4, 40)]
    with pytest.raises(Finished, match='has done 4 of 4 cycles'):
        Run.open(flags(tmp_path / 'run', resume=True))
    assert not in_use(tmp_path / 'run')


def test_a_record_that_vanishes_is_written_again_with_a_warning(tmp_path):
    with Run.open(flags(tmp_path / 'run')) as run:
        begun(bound(run))
        record = (tmp_path / 'run' / 'args.json').read_text()
        (tmp_path / 'run' / 'args.json').unlink()
        do_cycles(run, 2)
    assert (tmp_path / 'run' / 'args.json').read_text() == record
    assert (tmp_path / 'run' / 'log.txt').read_text().count('/args.json has vanished; it is written') == 1


def test_a_run_whose_shared_files_and_rows_vanish_can_be_resumed(tmp_path):
    with Run.open(flags(tmp_path / 'run')) as run:
        begun(bound(run))
        do_cycles(run, 1)
        for path in (tmp_path / 'run' / 'checkpoints' / 'replay').iterdir():
            path.unlink()
        (tmp_path / 'run' / 'progress.csv').unlink()
        do_cycles(run, 1)
    assert play(tmp_path / 'run', resume=True) == [3, 4]
    assert rows(tmp_path / 'run') == [(1, 1, 10), (1, 2, 20), (2, 3, 30), (2, 4, 40)]


def test_an_exhausted_tester_ends_the_cycles_with_a_checkpoint(tmp_path):
    with Run.open(flags(tmp_path / 'run', save_every=9)) as run:
        begun(bound(run))['tester'].exhausted = True
        assert do_cycles(run) == [1]
    assert names(tmp_path / 'run') == ['ckpt-000000', 'ckpt-000001']


def test_the_best_checkpoint_is_kept_separately_and_restored_at_the_end(tmp_path):
    with Run.open(flags(tmp_path / 'run')) as run:
        parts = begun(bound(run), keep_best=True)
        for cycle in run.cycles():
            run.learner.learn(cycle)
            parts['tester'].improved = cycle == 2
            parts['agent'].text = f'after {cycle}'
            run.commit(cycle)
        run.conclude()
    assert names(tmp_path / 'run', 'best') == ['ckpt-000002']
    assert parts['agent'].text == 'after 2' and parts['tester'].concluded == tmp_path / 'run'
    lines = (tmp_path / 'run/log.txt').read_text().splitlines()
    assert lines[lines.index(f'finished: {tmp_path}/run/progress.csv') + 1].startswith('curves: ')


def test_without_a_best_checkpoint_a_run_concludes_with_its_last_weights(tmp_path):
    with Run.open(flags(tmp_path / 'run')) as run:
        parts = begun(bound(run))
        parts['tester'].improved, parts['agent'].text = True, 'last'
        do_cycles(run)
        run.conclude()
    assert parts['agent'].text == 'last' and not (tmp_path / 'run' / 'best').exists()


@pytest.mark.parametrize('name, quoted', [('a', '{}/a'), ('a b', "'{}/a b'")])
def test_a_stopped_run_is_saved_and_the_command_that_resumes_it_is_logged(tmp_path, name, quoted, caplog):
    with Run.open(flags(tmp_path / name)) as run:
        begun(bound(run))['learner'].iterations = 4
        run.save_and_report()
    assert names(tmp_path / name)[-1] == 'ckpt-000000-000004'
    last = (tmp_path / name / 'log.txt').read_text().splitlines()[-1]
    assert last == f'stopped; to resume: python train.py --resume=True --run_dir={quoted.format(tmp_path)}'


def test_the_command_that_resumes_is_logged_even_if_the_last_save_failed(tmp_path, monkeypatch):
    def fail(prefix):
        raise OSError(28, 'No space left on device')

    with Run.open(flags(tmp_path / 'run')) as run:
        parts = begun(bound(run))
        parts['learner'].iterations, parts['agent'].save_variables = 4, fail
        run.save_and_report()
    warning, last = (tmp_path / 'run' / 'log.txt').read_text().splitlines()[-2:]
    assert 'the newest is ckpt-000000' in warning and last.startswith('stopped; to resume: ')


def test_a_reward_model_of_another_run_is_loaded(tmp_path):
    with Run.open(flags(tmp_path / 'source')) as run:
        begun(bound(run), text='source')
    with Run.open(flags(tmp_path / 'run', reward_from=tmp_path / 'source')) as run:
        assert begun(bound(run))['agent'].text == 'reward of source'


def test_a_run_that_is_resumed_does_not_look_for_the_reward_model_again(tmp_path):
    play(tmp_path / 'run', 1)
    assert play(tmp_path / 'run', resume=True, reward_from=tmp_path / 'deleted') == [2, 3, 4]


CALLS = {'bind': bound, 'begin': begun, 'commit': lambda run: run.commit(1),
         'cycles': lambda run: list(run.cycles()), 'conclude': Run.conclude,
         'save_and_report': Run.save_and_report, 'close': Run.close}


@pytest.mark.parametrize('done, call, text', [
    ([], 'begin', 'Run.begin needs a run that is bound, and this one is opened; '),
    ([], 'cycles', 'Run.cycles needs a run that is begun, and this one is opened; '),
    ([], 'save_and_report', 'Run.save_and_report needs a run that is begun, and this one is opened; '),
    (['bind'], 'bind', 'Run.bind needs a run that is opened, and this one is bound; '),
    (['bind'], 'commit', 'Run.commit needs a run that is begun, and this one is bound; '),
    (['bind'], 'conclude', 'Run.conclude needs a run that is begun, and this one is bound; '),
    (['bind', 'begin'], 'begin', 'Run.begin needs a run that is bound, and this one is begun; '),
    (['bind', 'begin'], 'bind', 'Run.bind needs a run that is opened, and this one is begun; '),
    (['close'], 'bind', 'Run.bind needs a run that is opened, and this one is closed; '),
    (['bind', 'begin', 'close'], 'commit', 'Run.commit needs a run that is begun, and this one is closed; ')])
def test_a_call_out_of_order_is_an_error_that_names_the_order(tmp_path, done, call, text):
    with Run.open(flags(tmp_path / 'run')) as run:
        for name in done:
            CALLS[name](run)
        with pytest.raises(RuntimeError, match=f'^{text}the order is open, bind, begin, commit, close$'):
            CALLS[call](run)


def test_registered_objects_are_closed_with_the_run_before_the_lock(tmp_path):
    class Part:
        def close(self):
            used.append(in_use(tmp_path / 'run'))

    used = []
    with pytest.raises(ZeroDivisionError), Run.open(flags(tmp_path / 'run')) as run:
        assert run.keep(part := Part()) is part
        bound(run)
        run.keep(Part())
        raise ZeroDivisionError
    assert used == [True, False]    # the first was registered before the directory
    assert logging.getLogger('rrd').handlers == []
