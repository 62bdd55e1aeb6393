"""The program end to end on small stores; no time is checked."""
import json

import pytest

from benchmarks import peers
from benchmarks.updates import main
from utils.errors import UserError


@pytest.mark.slow
def test_every_part_is_measured_and_written(tmp_path, capsys):
    path = tmp_path / 'numbers.json'

    main(['--rounds=1', '--store_steps=2000', f'--json={path}'])

    result = json.loads(path.read_text())
    output = capsys.readouterr().out
    loop, game = (['environment', f'act, {name}', 'record', 'append', f'whole step, {name}']
                  for name in ('rrd sac', 'rrd dqn'))
    assert [(row['task'], row['what']) for row in result['rows']] == [
        ('machine', 'matrix product 2048^3'),
        *(('Ant-v2', f'sample, {name}') for name in ('sac', 'rrd sac')),
        *(('Ant-v2', f'update, {name}') for name in ('rrd sac', 'sac', 'rrd td3', 'td3', 'rrd ddpg', 'ddpg')),
        *(('Ant-v2', name) for name in loop),
        *(('HalfCheetah-v2', name) for name in ('sample, rrd sac', 'update, rrd sac', *loop)),
        *(('Pong', name) for name in ('sample, rrd dqn', 'update, rrd dqn', *game))]
    assert all(row['median_ms'] > 0 and row['what'] in output for row in result['rows'])
    assert 1 <= result['memory_over_raw'] < 1.1


def test_missing_peers_are_reported_with_the_command_that_installs_them(tmp_path, monkeypatch):
    monkeypatch.setattr(peers, 'PACKAGES', {'json': 'json', 'no_such_module': 'no-such-package'})
    path = tmp_path / 'numbers.json'

    with pytest.raises(UserError, match='--peers needs no-such-package; install with: pip install -r bench'):
        main(['--peers', f'--json={path}'])
    assert not path.exists()


def test_unwritable_file_is_reported_before_anything_is_measured(tmp_path):
    with pytest.raises(UserError, match='--json=.* cannot be written: No such file or directory'):
        main([f'--json={tmp_path}/missing/numbers.json'])
