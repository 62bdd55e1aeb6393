"""The documents, checked against the program and against the rules of their style."""
import re
import subprocess

import pytest

import common
import convert
import export
import label
import plot
import sweep
from envs.libero_sim import producing
from envs.recorded.libero import listing
from sweeps.plan import plan
from tester.__main__ import TABLE, parse_words
from tester.recorded.tester import COLUMNS
from tester.true_rewards import CORRELATIONS
from tests.algorithm.agents import reported_names
from tests.fakes import DISCRETE, SPEC, arguments
from tests.pages import PAGES, ROOT, anchors, commands, links, read, sentences
from utils.flags.table import FLAGS
from utils.runs.columns import OFFLINE_COUNTS, SCORES
from utils.runs.record import write_args

TEXT = '\n'.join(map(read, PAGES))
COLUMNS_PAGE = read(ROOT / 'docs' / 'flags-and-columns.md')
COMMANDS = commands(TEXT)
ELSEWHERE = ('benchmark_scripts/download_libero_datasets.py',)      # a program of LIBERO's own
DIALECT = re.compile(r"\b(tells?|told|gone on with|goes on with|cannot be had)\b", re.IGNORECASE)
NAMES = [page.name for page in PAGES]


def named(*program):
    """The commands of one program, without its name."""
    return [words[len(program):] for words in COMMANDS if tuple(words[:len(program)]) == program]


def check(parse, words):
    """Has a program read its command line; --help ends it."""
    if words[-1] == '--help':
        with pytest.raises(SystemExit, match='0'):
            parse(words)
    else:
        parse(words)


@pytest.fixture
def a_run(tmp_path, monkeypatch):
    """A working directory in which the run that the pages resume has begun."""
    directory = tmp_path / 'log' / 'rrd-sac-Ant-v2-seed0'
    directory.mkdir(parents=True)
    write_args(directory, common.get_args([]), {})
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize('words', named('train.py'), ids=' '.join)
def test_every_command_that_trains_parses(words, a_run):
    check(common.get_args, words)


@pytest.mark.parametrize('words', named('-m', 'tester'), ids=' '.join)
def test_every_command_that_evaluates_a_run_parses(words):
    directory, _ = parse_words(words)
    assert directory.name in ('rrd-sac-Ant-v2-seed0', 'rrd-libero_spatial-seed0', 'rrd-recorded-seed0',
                              'potential-libero_spatial', 'RUN_DIR')


@pytest.mark.parametrize('words', named('plot.py'), ids=' '.join)
def test_every_command_that_draws_parses(words):
    check(plot.parse_words, words)


@pytest.mark.parametrize('words', named('sweep.py'), ids=' '.join)
def test_every_command_that_sweeps_plans_more_than_one_run(words, tmp_path):
    given, _ = sweep.parse_words(words)
    assert len(plan(given, tmp_path)) > 1


@pytest.mark.parametrize('words', named('-m', 'envs.libero'), ids=' '.join)
def test_every_command_that_lists_episodes_parses(words):
    listing.parse_words(words)


@pytest.mark.parametrize('words', named('convert.py'), ids=' '.join)
def test_every_command_that_converts_parses(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for word in words:
        if not word.startswith('-'):
            (tmp_path / word).mkdir(exist_ok=True)
    check(convert.parse_words, words)


@pytest.mark.parametrize('words', named('export.py'), ids=' '.join)
def test_every_command_that_exports_parses(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(export, 'MODULES', ())      # they may be missing
    export.parse_words(words)


@pytest.mark.parametrize('words', named('label.py'), ids=' '.join)
def test_every_command_that_labels_parses(words):
    check(label.parse_words, words)


@pytest.mark.parametrize('words', [words for words in named('-m', 'envs.libero_sim')
                                   if words[0] in ('perturb', 'replay')], ids=' '.join)
def test_every_command_that_replays_demonstrations_parses(words):
    producing.parse_words(words[0], words[1:])


def test_every_other_command_names_a_program_of_the_project():
    missing = []
    for words in COMMANDS:
        name = words[1].replace('.', '/') if words[0] == '-m' else words[0]
        ends = ('.py', '/__main__.py') if words[0] == '-m' else ('',)
        if not any((ROOT / f'{name}{end}').is_file() for end in ends) and name not in ELSEWHERE:
            missing.append(' '.join(words))
    assert missing == []


@pytest.mark.parametrize('program, count', [
    ('train.py', 20), ('plot.py', 9), ('sweep.py', 8), ('-m tester', 5), ('-m envs.libero', 1),
    ('convert.py', 3), ('label.py', 4), ('export.py', 3)])
def test_the_commands_of_the_pages_are_found(program, count):
    assert len(named(*program.split())) >= count


def test_three_runs_a_seed_are_what_the_page_on_sweeps_says(tmp_path):
    given, _ = sweep.parse_words(['--alg', 'rrd', 'sac', '--basis_alg', 'sac', 'td3'])
    assert [run.name for run in plan(given, tmp_path)] == [
        'rrd-sac-Ant-v2-seed0', 'rrd-td3-Ant-v2-seed0', 'sac-Ant-v2-seed0']


def test_every_flag_of_plots_and_sweeps_is_on_a_page():
    names = [flag.name for table in (plot.TABLES, sweep.TABLE) for group in table.values() for flag in group]
    assert [name for name in names if f'--{name}' not in TEXT] == []


def test_every_flag_of_conversions_is_on_a_page():
    names = [flag.name for group in convert.TABLE.values() for flag in group]
    assert [name for name in names if f'--{name}' not in TEXT] == []


def test_every_flag_of_exports_is_on_a_page():
    names = [flag.name for group in export.TABLE.values() for flag in group]
    assert [name for name in names if f'--{name}' not in TEXT] == []


def test_every_flag_of_replays_is_on_a_page():
    tables = (producing.PERTURB, producing.REPLAY)
    names = [flag.name for table in tables for group in table.values() for flag in group]
    assert [name for name in names if f'--{name}' not in TEXT] == []


def test_every_flag_of_labels_is_on_a_page():
    names = [flag.name for group in label.TABLE.values() for flag in group]
    assert [name for name in names if f'--{name}' not in TEXT] == []


def test_every_flag_of_the_tester_is_on_a_page():
    names = [flag.name for group in TABLE.values() for flag in group]
    assert [name for name in names if f'--{name}' not in TEXT] == []


def test_every_flag_of_a_run_is_on_the_page_on_flags():
    names = [flag.name for group in FLAGS.values() for flag in group]
    assert [name for name in names if f'`{name}`' not in COLUMNS_PAGE] == []


@pytest.mark.parametrize('basis, spec', [('sac', SPEC), ('td3', SPEC), ('ddpg', SPEC), ('dqn', DISCRETE)])
def test_every_column_of_progress_is_on_the_page_on_columns(basis, spec):
    updates, acting = reported_names(arguments('rrd', basis, rrd_bias_correction=True), spec)
    judgements = [f'test/{name}_mean' for name in acting]
    exploration = ['dqn/epsilon'] * (basis == 'dqn')
    columns = {*common.COUNTS, *common.RETURNS, *SCORES, *common.TIMES, *judgements, *updates, *CORRELATIONS,
               *exploration}
    explained = set(re.findall(r'`([a-z0-9_/]+)`', COLUMNS_PAGE)) | {
        f'test/return_{x}' for x in ('std', 'min', 'max')}
    assert columns - explained == set()


@pytest.mark.parametrize('alg', ['lrr', 'diaster'])
def test_every_column_of_an_unofficial_algorithm_is_on_the_page_on_columns(alg):
    updates, _ = reported_names(arguments(alg, 'sac'), SPEC)
    assert [name for name in updates if f'`{name}`' not in COLUMNS_PAGE] == []


def test_every_column_of_recorded_episodes_is_on_the_page_on_columns():
    assert [name for name in (*OFFLINE_COUNTS, *COLUMNS) if f'`{name}`' not in COLUMNS_PAGE] == []


def test_the_readme_is_short_enough_to_be_read():
    assert (ROOT / 'README.md').stat().st_size <= 14_000


@pytest.mark.parametrize('page', PAGES, ids=NAMES)
def test_every_link_into_the_project_leads_somewhere(page):
    broken = []
    for target in links(read(page)):
        name, _, anchor = target.partition('#')
        path = page.parent / name if name else page
        if not path.exists() or anchor and anchor not in anchors(read(path)):
            broken.append(target)
    assert broken == []


def test_the_readme_leads_to_every_page():
    assert {f'docs/{page.name}' for page in PAGES if page.parent != ROOT} <= {
        target.partition('#')[0] for target in links(read(ROOT / 'README.md'))}


@pytest.mark.parametrize('page', PAGES[2:], ids=NAMES[2:])
def test_a_page_begins_with_the_question_that_it_answers(page):
    title, blank, question = read(page).splitlines()[:3]
    assert title.startswith('# ') and blank == '' and question.endswith('?')


@pytest.mark.parametrize('page', PAGES, ids=NAMES)
def test_no_line_but_that_of_a_table_is_longer_than_120_characters(page):
    assert [line for line in read(page).splitlines() if len(line) > 120 and not line.startswith('|')] == []


@pytest.mark.parametrize('page', PAGES, ids=NAMES)
def test_no_sentence_has_more_than_30_words(page):
    assert [' '.join(words) for words in sentences(read(page)) if len(words) > 30] == []


def test_every_file_that_is_named_to_a_contributor_exists():
    named_files = re.findall(r'`([\w./]+\.(?:py|md))`', read(ROOT / 'CONTRIBUTING.md'))
    paths = [name for name in named_files if '/' in name]
    assert [name for name in paths if not (ROOT / name).is_file()] == [] and len(paths) > 30


def test_one_line_in_a_thousand_at_most_speaks_the_old_dialect():
    listed = subprocess.run(['git', 'ls-files', '-z', '*.py', '*.md', ':!tests'], cwd=ROOT, text=True,
                            capture_output=True)
    if listed.returncode:
        pytest.skip('not a git checkout')
    paths = [ROOT / name for name in listed.stdout.split('\0') if name]
    lines = [(path.name, line) for path in paths if path.is_file() for line in read(path).splitlines()]
    found = [f'{name}: {line.strip()}' for name, line in lines if DIALECT.search(line)]
    assert len(found) <= len(lines) / 1000, found
