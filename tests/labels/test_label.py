"""`label.py` end to end, on tiny data in several formats."""
import shutil

import h5py
import numpy as np
import pyarrow.parquet as pq
import pytest

import convert
import label
from envs.recorded.opening import open_source
from labels import predicting
from tests.envs.recorded.libero.folders import SPATIAL, TASKS, write
from tests.labels.copies.made import files_of
from tests.labels.labelled import close_or_open, rows, table, valid_rows
from tests.recorded_runs import LENGTHS, train_run, user
from utils.errors import Finished, UserError
from utils.flags.flag import Args
from utils.runs.flags import recorded_args


@pytest.fixture(scope='module')
def place(tmp_path_factory):
    with user(tmp_path_factory.mktemp('user')) as folder:
        for path in folder.glob('*/*.hdf5'):
            close_or_open(path)
        train_run(folder, 'run', '--cycles=1')
        yield folder


@pytest.fixture(scope='module', params=['rlds', 'lerobot'])
def converted(place, request):
    """(the successes of `place` in another format, the table of their rewards)."""
    folder, path = place / request.param, place / f'{request.param}.parquet'
    convert.main([f'--to={request.param}', f'{place}/libero_spatial', f'{folder}', '--encoding=png'])
    label.main([str(place / 'run'), f'--data_path={folder}', f'--sidecar={path}'])
    return folder, table(path)[0]


def test_another_format_of_the_same_episodes_has_the_same_rewards_and_splits(place, converted):
    whole, _ = table(place / 'run/rewards.parquet')
    found, expected = valid_rows(converted[1]), [row for row in valid_rows(whole) if 'failures' not in row[0]]
    for row, other in zip(found, expected, strict=True):
        assert row[1:3] == other[1:3] and row[3] == pytest.approx(other[3], rel=1e-4, abs=1e-6)


@pytest.fixture(scope='module')
def own(place):
    """The table of the successes of the run."""
    label.main([str(place / 'run'), f'--data_path={place}/libero_spatial', f'--sidecar={place}/own.parquet'])
    return table(place / 'own.parquet')


@pytest.fixture(scope='module')
def copy(place):
    """A copy of the successes of the run, with a list of episodes."""
    label.main([str(place / 'run'), f'--data_path={place}/libero_spatial', f'--out={place}/copy',
                '--mask=good', '--above=-1'])
    return place / 'copy'


def test_a_sidecar_of_the_runs_own_successes_has_the_rewards_of_its_end(place, own):
    columns, notes = own
    whole, _ = table(place / 'run/rewards.parquet')
    names = ('file', 'episode', 'step', 'reward', 'valid', 'split', 'recorded_return')
    assert rows(columns, *names) == [row for row in rows(whole, *names) if 'failures' not in row[0]]
    assert len(columns['step']) == 2 * sum(LENGTHS)
    assert (notes['run'], notes['training_episodes'], notes['episodes']) == ('run', 4, 6)
    assert not list(place.glob('own.parquet.*'))


def test_a_run_and_its_copy_label_as_the_run_alone_and_are_both_named(place, own):
    shutil.copytree(place / 'run', place / 'twin')
    label.main([str(place / 'run'), str(place / 'twin'), f'--data_path={place}/libero_spatial',
                f'--sidecar={place}/mean.parquet'])
    columns, notes = table(place / 'mean.parquet')
    assert columns == own[0] and notes['run'] == ['run', 'twin']


def test_a_copy_holds_the_rewards_of_the_sidecar(place, copy):
    whole, _ = table(place / 'run/rewards.parquet')
    expected = {(row[0].rpartition('/')[2], *row[1:3]): row[3]
                for row in rows(whole, 'file', 'episode', 'step', 'reward') if 'failures' not in row[0]}
    found = {}
    for path in copy.glob('*.hdf5'):
        with h5py.File(path) as file:
            assert len(file['mask/good']) == 3
            found |= {(path.name, name, step): reward for name, demo in file['data'].items()
                      for step, reward in enumerate(demo['rewards'][:])}
    assert found == expected


def test_a_copy_is_not_labelled_again_unless_a_flag_accepts_it(place, copy):
    words = [str(place / 'run'), f'--data_path={copy}', f'--sidecar={place}/again.parquet']
    with pytest.raises(UserError, match='was labelled before; expected the data set that it was made of, or '
                                        '--relabel=True'):
        label.main(words)
    label.main([*words, '--relabel=True'])
    columns, _ = table(place / 'again.parquet')
    assert set(columns['recorded_return']) == {None} and set(columns['split']) == {'train', 'held_out'}


def test_files_without_rewards_are_labelled_and_their_returns_are_unknown(place, tmp_path):
    path = write(tmp_path / 'policy', TASKS[0], lengths=(9,), size=24)
    with h5py.File(path, 'r+') as file:
        del file['data/demo_0/rewards']
    label.main([str(place / 'run'), f'--data_path={tmp_path}/policy', f'--sidecar={tmp_path}/p.parquet'])
    columns, _ = table(tmp_path / 'p.parquet')
    assert columns['recorded_return'] == [None] * 9 and columns['split'] == ['new'] * 9


@pytest.mark.parametrize('converted', ['lerobot'], indirect=True)
def test_rabc_gets_its_file_in_the_data_set(place, converted, caplog):
    folder, sidecar = converted
    words = [str(place / 'run'), f'--data_path={folder}', '--for=lerobot-rabc', '--chunk=4']
    label.main(words)
    progress = pq.read_table(folder / 'sarm_progress.parquet').to_pydict()['progress_sparse']
    np.testing.assert_allclose(progress, np.array(sidecar['cumulative_reward']) - sidecar['reward'],
                               rtol=1e-5, atol=1e-7)
    assert 'kappa for RA-BC' in caplog.text
    with pytest.raises(UserError, match=r'sarm_progress\.parquet exists and is not overwritten'):
        label.main(words)
    assert {path.name for path in folder.iterdir()} == {'data', 'meta', 'sarm_progress.parquet'}


@pytest.mark.parametrize('converted', ['rlds'], indirect=True)
def test_the_copy_for_openvla_has_only_the_episodes_above_a_predicted_return(place, converted):
    folder, sidecar = converted
    returns = [sum(reward for name, reward in zip(sidecar['episode'], sidecar['reward'], strict=True)
                   if name == episode) for episode in dict.fromkeys(sidecar['episode'])]
    above = float(np.median(returns))
    label.main([str(place / 'run'), f'--data_path={folder}', '--for=openvla-filter',
                f'--out={place}/filtered', f'--above={above}'])
    args = Args({**recorded_args(place / 'run'), 'libero_path': f'{place}/filtered', 'libero_failures': ''})
    lengths = [len(each.actions) for file in open_source(args).files for each in file.episodes]
    assert len(lengths) == 3 == sum(value > above for value in returns)


@pytest.mark.parametrize('words, message', [
    ([], 'expected one of --out=DST, --sidecar=FILE.parquet and --for=lerobot-rabc or rlinf-returns, got '
         'none'),
    (['--out=a', '--sidecar=b.parquet'], 'got --out=a and --sidecar=b.parquet'),
    (['--sidecar=table.csv'], '--sidecar=table.csv: expected the name of a .parquet file'),
    (['--for=robomimic', '--sidecar=b.parquet'], '--for=robomimic: expected --out=DST, a new copy'),
    (['--for=lerobot-rabc', '--out=a'], '--out=a: --for=lerobot-rabc writes into the data set'),
    (['--for=rlinf-returns'], 'expected --data_path, a data set in the layout of LeRobot, got '
                                '.*libero_spatial, HDF5; python convert.py --to=lerobot makes one of it'),
    (['--out={place}/libero_spatial/inside'], 'is inside .*libero_spatial, which is read'),
    (['--out={place}/libero_spatial'], 'libero_spatial exists and is not overwritten'),
    (['--sidecar={place}/run/rewards.parquet'], 'rewards.parquet exists and is not overwritten'),
    (['--libero_path=a', '--out=b'], '--libero_path=a: expected only --data_path'),
    (['--checkpoint=ckpt-000009', '--out=b'], 'has no checkpoint ckpt-000009')])
def test_what_cannot_be_written_is_refused_at_once(place, words, message):
    words = [word.replace('{place}', str(place)) for word in words]
    with pytest.raises(UserError, match=message):
        label.main([str(place / 'run'), f'--data_path={place}/libero_spatial', *words])


def test_frames_of_another_size_are_refused_unless_a_flag_accepts_them(place, tmp_path):
    write(tmp_path / 'large', TASKS[0], lengths=(9,), size=32)
    words = [str(place / 'run'), f'--data_path={tmp_path}/large', f'--sidecar={tmp_path}/large.parquet']
    with pytest.raises(UserError, match='expected agentview of 24 x 24 pixels, as the run was trained with, '
                                        'got 32 x 32; --resize=True labels them all the same'):
        label.main(words)
    label.main([*words, '--resize=True'])
    assert set(table(tmp_path / 'large.parquet')[0]['split']) == {'new'}


def test_a_task_without_training_episodes_is_refused(place, tmp_path):
    write(tmp_path / 'other', SPATIAL[0], lengths=(9,), size=24)
    known = ', '.join(sorted(TASKS))
    with pytest.raises(UserError, match=f'the run has learned from no episode of {SPATIAL[0]}; expected '
                                        f'tasks among {known}'):
        label.main([str(place / 'run'), f'--data_path={tmp_path}/other', f'--sidecar={tmp_path}/o.parquet'])
    assert [path.name for path in tmp_path.iterdir()] == ['other']


def test_a_killed_command_resumes_and_its_table_is_that_of_an_uninterrupted_one(place, own, monkeypatch):
    monkeypatch.setattr(label, '_PART_STEPS', 20)
    words = [str(place / 'run'), f'--data_path={place}/libero_spatial', f'--sidecar={place}/killed.parquet']
    saved, save = [], predicting.save_part

    def killed(folder, number, rewards):
        if len(saved) == 1:
            raise KeyboardInterrupt
        save(folder, number, rewards)
        saved.append(number)

    monkeypatch.setattr(predicting, 'save_part', killed)
    with pytest.raises(KeyboardInterrupt):
        label.main(words)
    assert saved == [0] and not (place / 'killed.parquet').exists()
    monkeypatch.setattr(predicting, 'save_part', lambda *part: saved.append(part[1]) or save(*part))
    label.main(words)
    assert saved == list(range(3))      # the first is not predicted again
    assert table(place / 'killed.parquet')[0] == own[0]
    assert not list(place.glob('killed.parquet.*'))


def killing(target):
    """The target, in a process that is killed when it has been written."""
    def write(labels, notes):
        target.write(labels, notes)
        raise KeyboardInterrupt
    return target._replace(write=write)


@pytest.mark.parametrize('words, other', [(['--out={}/t', '--mask=good', '--above=-1'], '--above=-2'),
                                          (['--sidecar={}/t.parquet'], '--chunk=3')])
def test_a_command_that_was_killed_after_writing_is_complete(place, tmp_path, monkeypatch, words, other):
    words = [str(place / 'run'), f'--data_path={place}/libero_spatial',
             *(word.format(tmp_path) for word in words)]
    target_of = label.target_of
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(label, 'target_of', lambda *given: killing(target_of(*given)))
        label.main(words)
    with pytest.raises(UserError, match='exists and is not overwritten'):
        label.main([*words, other])
    files = {name: content for name, content in files_of(tmp_path).items() if '.predictions' not in name}
    with pytest.raises(Finished, match='is complete: this command has written it before'):
        label.main(words)
    assert files and files_of(tmp_path) == files and not list(tmp_path.glob('*.predictions*'))


@pytest.mark.slow
def test_several_processes_predict_what_one_does(place, own, monkeypatch):
    monkeypatch.setattr(label, '_PART_STEPS', 20)
    label.main([str(place / 'run'), f'--data_path={place}/libero_spatial', f'--sidecar={place}/jobs.parquet',
                '--jobs=2'])
    np.testing.assert_allclose(table(place / 'jobs.parquet')[0]['reward'],
                               own[0]['reward'], rtol=1e-4, atol=1e-7)
