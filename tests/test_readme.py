"""What the README prints, held against the program."""
import re
import shlex
from pathlib import Path

import pytest

import common
import plot
import sweep
from sweeps.plan import plan
from tester.__main__ import TABLE, parse_words
from tester.recorded.tester import COLUMNS
from tester.true_rewards import CORRELATIONS
from tests.algorithm.agents import make_agent
from tests.fakes import arguments
from utils.flags.table import FLAGS
from utils.runs.columns import OFFLINE_COUNTS
from utils.runs.record import write_args

README = (Path(common.__file__).parent / 'README.md').read_text(encoding='utf-8')
COMMANDS = re.findall(r'^python train\.py [^#\n]*', README, re.MULTILINE)
TESTER_COMMANDS = re.findall(r'^python -m tester [^#\n]*', README, re.MULTILINE)

PLOT_COMMANDS = re.findall(r'^python plot\.py [^#\n]*', README, re.MULTILINE)
SWEEP_COMMANDS = re.findall(r'^python sweep\.py [^#\n]*', README, re.MULTILINE)


@pytest.fixture
def a_run(tmp_path, monkeypatch):
    """A working directory in which the run that the README goes on with has begun."""
    directory = tmp_path / 'log' / 'rrd-sac-Ant-v2-seed0'
    directory.mkdir(parents=True)
    write_args(directory, common.get_args([]), {})
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize('command', COMMANDS)
def test_every_command_of_the_readme_parses(command, a_run):
    words = shlex.split(command)[2:]
    if words == ['--help']:
        with pytest.raises(SystemExit, match='0'):
            common.get_args(words)
    else:
        common.get_args(words)


@pytest.mark.parametrize('command', TESTER_COMMANDS)
def test_every_command_of_the_readme_that_plays_a_run_parses(command):
    directory, _ = parse_words(shlex.split(command)[3:])
    assert str(directory) in ('log/rrd-sac-Ant-v2-seed0', 'log/rrd-libero_spatial-seed0')


@pytest.mark.parametrize('command', PLOT_COMMANDS)
def test_every_command_of_the_readme_that_draws_parses(command):
    plot.parse_words(shlex.split(command)[2:])


@pytest.mark.parametrize('command', SWEEP_COMMANDS)
def test_every_command_of_the_readme_that_sweeps_can_be_run(command, tmp_path):
    given, own = sweep.parse_words(shlex.split(command)[2:])
    assert len(plan(given, tmp_path)) > 1


def test_three_runs_a_seed_are_what_the_readme_says(tmp_path):
    given, _ = sweep.parse_words(['--alg', 'rrd', 'sac', '--basis_alg', 'sac', 'td3'])
    assert [run.name for run in plan(given, tmp_path)] == [
        'rrd-sac-Ant-v2-seed0', 'rrd-td3-Ant-v2-seed0', 'sac-Ant-v2-seed0']


def test_every_flag_of_plots_and_sweeps_is_in_the_readme():
    names = [flag.name for table in (plot.TABLES, sweep.TABLE) for group in table.values() for flag in group]
    assert [name for name in names if f'--{name}' not in README] == []


def test_every_flag_of_the_tester_is_in_the_readme():
    names = [flag.name for group in TABLE.values() for flag in group]
    assert [name for name in names if f'--{name}' not in README] == []


def test_the_commands_of_the_readme_were_found():
    assert len(COMMANDS) > 7 and len(TESTER_COMMANDS) == 3
    assert (len(PLOT_COMMANDS), len(SWEEP_COMMANDS)) == (8, 7)


def test_every_flag_that_can_be_used_is_in_the_readme():
    usable = [group for title, group in FLAGS.items() if 'not implemented' not in title]
    names = [flag.name for group in usable for flag in group]
    assert [name for name in names if f'`{name}`' not in README] == []


@pytest.mark.parametrize('basis', ['sac', 'td3', 'ddpg'])
def test_every_column_of_progress_is_in_the_readme(basis):
    agent = make_agent(arguments('rrd', basis, rrd_bias_correction=True))
    judgements = [f'test/{name}_mean' for name in agent.judgement_names]
    columns = {*common.COUNTS, *common.RETURNS, *common.TIMES, *judgements, *agent.info_names, *CORRELATIONS}
    named = set(re.findall(r'`([a-z0-9_/]+)`', README)) | {f'test/return_{x}' for x in ('std', 'min', 'max')}
    assert columns - named == set()


def test_every_column_of_recorded_episodes_is_in_the_readme():
    assert [name for name in (*OFFLINE_COUNTS, *COLUMNS) if f'`{name}`' not in README] == []
