"""The program plot.py: its command line, its files, and its errors."""
import json

import pandas as pd
import pytest

import plot
import train
from figures.rewards import draw_rewards
from tests.figures.made_runs import make_run
from utils.errors import run

PENDULUM = ('--alg=rrd', '--basis_alg=ddpg', '--env=Pendulum-v1', '--epochs=1', '--cycles=1',
            '--iterations=2', '--timesteps=50', '--train_batches=1', '--warmup=50', '--test_timesteps=40',
            '--test_rollouts=1', '--batch_size=8', '--rrd_batch_size=8', '--rrd_sample_size=4',
            '--inter_op_threads=1', '--intra_op_threads=1')


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working directory, with runs of K = 4 and 8 in `log`."""
    monkeypatch.chdir(tmp_path)
    for seed, k in ((0, 4), (1, 4), (0, 8)):
        make_run(tmp_path / 'log' / f'{k}-{seed}', '--env=Hopper-v2', f'--seed={seed}',
                 f'--rrd_sample_size={k}', returns=[1.0 * k, 2.0 * k + seed])
    return tmp_path


@pytest.mark.parametrize('words, files', [
    (['curves', 'log'], ['curves.png']),
    (['curves', 'log/4-0', 'log/4-1', '--out=x.svg', '--band=ci', '--smooth=2'], ['x.svg']),
    (['ablation', 'log', '--over=rrd_sample_size', '--out=k.pdf'], ['k.pdf']),
    (['table', 'log', '--out=x.md'], ['x.csv', 'x.md'])], ids=' '.join)
def test_each_figure_and_table_is_written_to_the_given_path(words, files, folder, caplog):
    plot.main(words)
    assert sorted(path.name for path in folder.iterdir()) == sorted([*files, 'log'])
    assert all(name in caplog.text for name in files)


def test_the_table_is_shown_too(folder, caplog):
    plot.main(['table', 'log', '--final_share=1', '--reference=RRD + SAC, K = 4', '--out=table'])
    assert caplog.messages[0].startswith((folder / 'table.md').read_text())


@pytest.mark.parametrize('words', [[], ['--out=']])
def test_without_out_a_table_is_shown_and_nothing_is_written(words, folder, caplog):
    plot.main(['table', 'log', *words])
    assert '| Hopper-v2 | RRD + SAC, K = 4 |' in caplog.messages[0] and caplog.messages[0].endswith('3 runs')
    assert [path.name for path in folder.iterdir()] == ['log']


REFUSED = [
    ([], 'plot.py : expected one of curves, ablation, rewards, table, then runs'),
    (['pie', 'log'], 'plot.py pie: expected one of curves, ablation, rewards, table, then runs'),
    (['curves'], 'plot.py curves: expected directories of runs'),
    (['curves', '--out=x.png', 'log'], "unexpected 'log'"),
    (['curves', 'log', '--over=gamma'], 'unknown flag --over=gamma'),
    (['curves', 'log', '--band=iqr'], '--band=iqr: expected std, ci or minmax'),
    (['curves', 'log', '--smooth=0'], '--smooth=0: expected an integer from 1'),
    (['curves', 'log', '--out=x.gif'], '--out=x.gif: expected a name that ends in .png, .pdf, .svg'),
    (['curves', 'nowhere'], 'nowhere does not exist; expected the directory of a run'),
    (['curves', 'empty'], 'empty holds no run'),
    (['curves', 'log', '--column=reward/loss'], 'log/4-0/progress.csv has no column reward/loss to draw'),
    (['table', 'log', '--final_share=0'], '--final_share=0: expected a number from'),
    (['table', 'log', '--out=no/x'], '--out=no/x: no is not a directory'),
    (['table', 'nowhere', '--out=no/x'], '--out=no/x: no is not a directory'),
    (['table', 'log', '--out=..'], '--out=..: '),
    (['table', 'log', '--out=log'], '--out=log: log is a directory; expected a name for files'),
    (['table', 'log', '--reference=SAC'], '--reference=SAC: no such run in Hopper-v2; there are RRD'),
    (['ablation', 'log', '--over=gamma'], '--over=gamma: every run has gamma=0.99; expected two values'),
    (['rewards', 'log', 'log'], 'plot.py rewards: expected one run, got 2'),
    (['rewards', 'log'], 'log is no run (it has no args.json)'),
    (['rewards', 'log/4-0'], 'log/4-0 has no checkpoint'),
    (['rewards', 'sac'], 'sac is a run of --alg=sac on --env=Hopper-v2; expected one that'),
    (['rewards', 'pong'], 'pong is a run of --alg=rrd on --env=Pong; expected one'),
    (['rewards', 'libero'], 'libero is a run of --alg=rrd on --env=libero_goal; expected one'),
]


@pytest.mark.parametrize('words, message', REFUSED, ids=[' '.join(words) or '-' for words, _ in REFUSED])
def test_bad_input_is_refused_in_one_line_and_nothing_is_written(words, message, folder, capfd):
    (folder / 'empty').mkdir()
    for name, flags in (('sac', ['--alg=sac', '--env=Hopper-v2']), ('pong', ['--env=Pong']),
                        ('libero', ['--env=libero_goal'])):
        make_run(folder / name, *flags)
    before = sorted(folder.rglob('*'))
    with pytest.raises(SystemExit, match='2'):
        run(lambda: plot.main(words))
    out, err = capfd.readouterr()
    assert out == '' and err.startswith(f'error: {message}') and err.count('\n') == 1
    assert sorted(folder.rglob('*')) == before


def test_an_existing_figure_stays_when_it_cannot_be_redrawn(folder):
    (folder / 'curves.png').write_text('old')
    with pytest.raises(SystemExit):
        run(lambda: plot.main(['curves', 'log', '--column=no']))
    assert (folder / 'curves.png').read_text() == 'old'


@pytest.mark.parametrize('words, text', [
    (['--help'], 'plot.py ablation RUN_DIR'), (['table', '-h'], '--reference')])
def test_help_is_there_with_and_without_a_kind_of_figure(words, text, capsys):
    with pytest.raises(SystemExit, match='0'):
        plot.main(words)
    assert text in capsys.readouterr().out


def test_rewards_of_a_run_are_drawn_against_the_true_ones_of_as_many_episodes(folder, monkeypatch, caplog):
    train.main([*PENDULUM, '--run_dir=learned'])
    drawn = []
    monkeypatch.setattr(plot, 'draw_rewards', lambda *parts: drawn.append(parts) or draw_rewards(*parts))
    plot.main(['rewards', 'learned', '--rollouts=3'])
    (episodes, judgements, title), = drawn
    assert [true.shape for _, true in episodes] == [(40,)] * 3 and len(judgements) == 3
    assert all((true < 0).all() and predicted.std() > 0 for predicted, true in episodes)    # not episodic
    assert [text[:18] for text in caplog.messages[-4:-1]] == [f'episode {i}: Pearson' for i in (1, 2, 3)]
    assert title == 'RRD + DDPG, Pendulum-v1, seed 0, ckpt-000001'
    assert (folder / 'rewards.png').read_bytes().startswith(b'\x89PNG')


def test_a_resumed_run_and_an_unfinished_one_are_in_one_figure(folder):
    """Only progress.csv and args.json are required, and flags of other versions are ignored."""
    path = folder / 'log' / '4-0' / 'args.json'
    record = json.loads(path.read_text())
    record['flags'] |= {'of_another_version': 1, 'resume': True, 'epochs': 7}
    path.write_text(json.dumps(record))
    make_run(folder / 'log' / 'new', '--env=Hopper-v2', '--seed=2', '--rrd_sample_size=4')
    plot.main(['table', 'log', '--out=table'])
    assert pd.read_csv(folder / 'table.csv')[['algorithm', 'seeds']].to_numpy().tolist() == [
        ['RRD + SAC, K = 4', 2], ['RRD + SAC, K = 8', 1]]
