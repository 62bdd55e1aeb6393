"""Roll-outs for a run, by a fake in place of the simulator's process."""
import subprocess
from pathlib import Path

import pytest

import loading_simulated
from utils.errors import UserError
from utils.flags.flag import Args

FLAGS = Args({'episodes': 2, 'seed': 3, 'jobs': 1})
HEADER = 'suite,task,disturbance,success,folder,name\n'


@pytest.fixture
def play(monkeypatch, tmp_path):
    """A function that plays one demonstration: a process that writes these rows, or ends with this status."""
    monkeypatch.setattr('envs.libero_sim.rollouts.write_selection', lambda folder, chosen: None)
    seen = []

    def run(rows, status=0):
        def process(words, **more):
            seen.append(words)
            target = next(Path(word.partition('=')[2]) for word in words if word.startswith('--out='))
            target.mkdir()
            (target / 'episodes.csv').write_text(HEADER + rows)
            return subprocess.CompletedProcess(words, status)

        monkeypatch.setattr(loading_simulated.subprocess, 'run', process)
        found = loading_simulated._play(tmp_path, {'x/t_demo.hdf5': ['demo_4']}, FLAGS,
                                        lambda words: (None, words, {}))
        return found, seen[-1]
    return run


def test_roll_outs_are_read_as_successes_and_failures_and_keep_their_kinds(play, tmp_path):
    (given, kinds), words = play('s,t,none,1,s,demo_0\ns,t,noise,0,s_failures,demo_0\n')
    assert words[0] == 'rollouts' and words[3:] == ['--per_demo=1', '--seed=3', '--jobs=1']
    assert given['libero_path'] == str(tmp_path / 'rollouts')
    assert given['libero_failures'] == str(tmp_path / 'rollouts' / 's_failures')
    assert kinds == {('s', 't', 'demo_0'): 'none', ('s_failures', 't', 'demo_0'): 'noise'}


def test_without_a_success_there_is_nothing_to_compare(play):
    with pytest.raises(UserError, match='--sim: none of 1 roll-outs succeeded'):
        play('s,t,none,0,s_failures,demo_0\n')


def test_a_simulator_that_fails_ends_the_program_with_its_status(play):
    with pytest.raises(SystemExit, match='2'):
        play('', status=2)


def test_own_data_have_no_simulator():
    with pytest.raises(UserError, match='--sim: expected a run on a suite of LIBERO, got .*=recorded'):
        with loading_simulated.rolled_out(Args({'env': 'recorded'}), {}, None, FLAGS):
            pass
