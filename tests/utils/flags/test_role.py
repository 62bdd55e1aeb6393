"""Roles of flags: the sets that follow from them, and a new flag that needs no other list."""
import re
from pathlib import Path

import pytest

import sweep
from figures.labels import labels, same_algorithm
from sweeps.plan import plan
from utils.errors import UserError
from utils.flags.flag import Args, Flag
from utils.flags.role import Role
from utils.flags.table import FLAGS, every_flag
from utils.runs.flags import get_args, may_change, parse_args
from utils.runs.naming import base_label, run_name
from utils.runs.record import write_args

ROOT = Path(__file__).parents[3]


def names(has):
    return {flag.name for flag in every_flag() if has(flag)}


def test_the_flags_that_a_resumed_run_may_change():
    assert set(may_change()) == {
        'epochs', 'cycles', 'save_every', 'keep_checkpoints', 'inter_op_threads', 'intra_op_threads',
        'libero_path', 'libero_failures', 'libero_mixed', 'data_path', 'outcomes', 'cache_dir'}


def test_the_flags_that_sweep_sets_itself():
    assert names(lambda flag: not flag.role.can_be_swept) == {'tag', 'run_dir', 'resume'}


def test_the_flags_that_take_one_value_for_all_runs_of_a_sweep():
    assert names(lambda flag: flag.role.can_be_swept and not flag.role.makes_run) == {
        'save_every', 'keep_checkpoints', 'inter_op_threads', 'intra_op_threads', 'cache_dir'}


def test_the_flags_that_make_a_run_longer():
    assert names(lambda flag: flag.role is Role.LENGTH) == {'epochs', 'cycles'}


def test_the_flags_that_no_label_shows():
    assert same_algorithm() == {
        'env', 'env_category', 'seed', 'tag', 'run_dir', 'resume', 'epochs', 'cycles', 'test_rollouts',
        'save_rews', 'save_every', 'keep_checkpoints', 'save_buffer', 'inter_op_threads', 'intra_op_threads',
        'libero_path', 'libero_failures', 'libero_mixed', 'data_path', 'outcomes', 'cache_dir'}


def test_the_flags_that_the_name_of_a_run_shows():
    assert names(lambda flag: flag.names_run) == {
        'env', 'alg', 'basis_alg', 'env_type', 'seed', 'rrd_bias_correction', 'rrd_exact',
        'reward_form', 'ircr_credit'}


def test_the_flags_whose_values_cannot_share_a_figure():
    assert names(lambda flag: flag.changes_returns) == {'test_timesteps', 'sticky'}


def test_resume_and_run_dir_are_the_only_flags_of_one_command():
    assert names(lambda flag: flag.role is Role.COMMAND) == {'resume', 'run_dir'}


def changed_pairs():
    """(name, flags of a run, the same with another value of one flag), of every flag with `names_run`."""
    played, ircr, recorded = (dict(parse_args(words))
                              for words in ([], ['--alg=ircr'], ['--env=libero_goal']))
    bases = {'rrd_exact': recorded, 'reward_form': recorded, 'ircr_credit': ircr}
    others = {'env': 'Hopper-v2', 'alg': 'ircr', 'basis_alg': 'td3', 'env_type': 'normal', 'seed': 1,
              'rrd_bias_correction': True, 'rrd_exact': True, 'reward_form': 'potential',
              'ircr_credit': 'mean'}
    for name in names(lambda flag: flag.names_run):
        base = bases.get(name, played)
        yield name, base, {**base, name: others[name]}


def test_another_value_of_a_flag_with_names_run_is_another_name():
    for name, before, after in changed_pairs():
        assert run_name(Args(before)) != run_name(Args(after)), name


def test_another_value_of_an_algorithms_flag_with_names_run_is_another_label():
    for name, before, after in changed_pairs():
        assert (base_label(before) == base_label(after)) == (name in ('env', 'seed')), name


@pytest.mark.parametrize('env', ['Ant-v2', 'Pong', 'libero_goal'])
def test_another_value_of_any_other_flag_is_the_same_name_and_algorithm(env):
    args = parse_args([f'--env={env}'])
    for name in args.keys() & names(lambda flag: not flag.names_run and flag.role is not Role.TAG):
        other = Args({**args, name: 'other'})
        assert (run_name(other), base_label(other)) == (run_name(args), base_label(args)), name


@pytest.fixture
def add(monkeypatch):
    """A function that adds the flag `made_up` with these properties to the table."""
    def extend(**properties):
        monkeypatch.setitem(FLAGS, 'Made up', (Flag('made_up', int, 1, 'for a test', **properties),))
    return extend


def resume_with_another_value(directory):
    directory.mkdir()
    write_args(directory, parse_args([]), {})
    return get_args(['--resume=True', f'--run_dir={directory}', '--made_up=2']).made_up


def two_labels():
    return labels([dict(parse_args([])), dict(parse_args(['--made_up=2']))])


def test_a_new_flag_is_one_of_the_method(add, tmp_path):
    add()
    assert [run.name for run in plan({'made_up': [1, 2]}, tmp_path)] == [
        'rrd-sac-Ant-v2-made_up1-seed0', 'rrd-sac-Ant-v2-made_up2-seed0']
    assert two_labels() == ['RRD + SAC, made_up = 1', 'RRD + SAC, made_up = 2']
    with pytest.raises(UserError, match='^--made_up=2: the run in .* has --made_up=1; only epochs, '):
        resume_with_another_value(tmp_path / 'run')


def test_a_new_flag_of_the_machine_may_change_and_makes_no_other_run(add, tmp_path):
    add(role=Role.MACHINE)
    assert resume_with_another_value(tmp_path / 'run') == 2
    assert two_labels() == ['RRD + SAC', 'RRD + SAC']
    with pytest.raises(UserError, match='^--made_up takes one value'):
        plan({'made_up': [1, 2]}, tmp_path / 'out')


def test_a_new_flag_of_the_length_may_change_and_is_found_in_the_shorter_run(add, tmp_path):
    add(role=Role.LENGTH)
    assert resume_with_another_value(tmp_path / 'run') == 2
    assert [run.name for run in plan({'made_up': [3]}, tmp_path)] == ['run']


def test_a_new_flag_of_the_command_is_not_swept_and_not_compared_by_resume(add, tmp_path):
    add(role=Role.COMMAND)
    assert resume_with_another_value(tmp_path / 'run') == 2
    with pytest.raises(UserError, match='^unknown flag --made_up=2'):
        sweep.parse_words(['--made_up=2'])


def test_a_new_flag_that_the_name_shows_is_not_repeated_in_the_name(add, tmp_path):
    add(names_run=True)
    with pytest.raises(UserError, match='would both get the directory'):
        plan({'made_up': [1, 2]}, tmp_path)


TABLES = {'utils/flags/table.py', 'utils/flags/recorded.py', 'utils/flags/checks.py'}
PATHS = [path for path in ROOT.rglob('*.py')
         if path.relative_to(ROOT).parts[0] not in ('tests', 'benchmarks', '.venv')
         and path.relative_to(ROOT).as_posix() not in TABLES]
CODE = '\n'.join(path.read_text(encoding='utf-8') for path in PATHS)
ONLY_CHECKED = {'offline_reward_only'}      # the one value that is accepted is the only thing there is


def is_read(name, code):
    """Whether code uses the value of a flag: `args.NAME`, `flags.NAME`, `'NAME'`; messages do not count."""
    built = r"|args\[f'{kind}_share'\]" if name.endswith('_share') else ''
    return re.search(rf"(args|flags)\.{name}\b|'{name}'{built}", code) is not None


def test_every_flag_is_read_outside_of_the_table_and_its_checks():
    unread = {flag.name for flag in every_flag() if not is_read(flag.name, CODE)}
    assert unread == ONLY_CHECKED


def test_a_flag_that_nobody_reads_is_noticed():
    assert not is_read('made_up', CODE)
    assert is_read('made_up', 'x = self._args.made_up') and is_read('made_up', "x = args['made_up']")
    assert not is_read('made_up', 'x = args.made_up_too') and not is_read('made_up', "text = '--made_up=2'")
