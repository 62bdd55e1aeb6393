"""The command line of `python -m tester`, and its errors."""
import json

import pytest

from tester.__main__ import main, other_run
from utils.errors import UserError, run

REFUSED = [
    ([], 'expected the directory of a run first: python -m tester RUN_DIR'),
    (['--rollouts=3'], 'expected the directory of a run first'),
    (['nowhere'], 'nowhere is no run (it has no args.json)'),
    (['empty', '--rollouts=0'], '--rollouts=0: expected an integer from 1'),
    (['empty', '--epochs=3'], 'unknown flag --epochs=3'),
    (['empty', 'more'], "unexpected 'more'"),
    (['empty'], 'empty is no run (it has no args.json)'),
    (['begun'], 'begun has no checkpoint'),
    (['begun', '--checkpoint=ckpt-000001'],
     'begun/checkpoints has no checkpoint ckpt-000001; expected one, but there is none'),
    (['other'], 'other/args.json is not the record of a run'),
]


@pytest.mark.parametrize('words, message', REFUSED, ids=[' '.join(words) or '-' for words, _ in REFUSED])
def test_a_run_that_cannot_be_played_is_an_error_in_one_line(words, message, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    for name in ('empty', 'begun', 'other'):
        (tmp_path / name).mkdir()
    (tmp_path / 'begun' / 'args.json').write_text(
        '{"flags": {"env": "Pendulum-v1"}, "environment": {}, "versions": {}, "host": {}}')
    (tmp_path / 'other' / 'args.json').write_text('[1]')
    with pytest.raises(SystemExit, match='2'):
        run(lambda: main(words))
    out, err = capfd.readouterr()
    assert out == '' and err.startswith(f'error: {message}') and err.count('\n') == 1


def test_help_names_every_flag(capsys):
    with pytest.raises(SystemExit, match='0'):
        main(['--help'])
    output = capsys.readouterr().out
    assert all(f'  --{name} ' in output for name in ('rollouts', 'checkpoint', 'seed', 'video'))


@pytest.mark.parametrize('name, message', [
    ('nowhere', 'nowhere is no run (it has no args.json)'),
    ('acting', '--against=acting: expected a run on recorded episodes, got one on --env=Pendulum-v1'),
    ('begun', 'begun has no checkpoint')])
def test_a_run_that_cannot_be_compared_with_is_refused_before_anything_is_read(
        name, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder, env in (('acting', 'Pendulum-v1'), ('begun', 'libero_spatial')):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / 'args.json').write_text(json.dumps(
            {'flags': {'env': env}, 'environment': {}, 'versions': {}, 'host': {}}))
    with pytest.raises(UserError) as caught:
        other_run(name)
    assert str(caught.value) == message
