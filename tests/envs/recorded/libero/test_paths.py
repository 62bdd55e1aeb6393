"""Where episodes are searched, on folders of empty files."""
import re

import pytest

from envs.recorded.libero import paths as libero_paths
from envs.recorded.libero.paths import find_sources
from tests.envs.recorded.libero.folders import SPATIAL, fill
from utils.flags.suites import tasks_of


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A separate home directory, without settings of LIBERO."""
    monkeypatch.setenv('HOME', str(tmp_path / 'home'))
    monkeypatch.delenv('LIBERO_CONFIG_PATH', raising=False)
    return tmp_path / 'home'


def configure(folder, text):
    folder.mkdir(parents=True)
    (folder / 'config.yaml').write_text(text)


def test_a_root_gives_the_folder_of_its_suite(tmp_path):
    paths = fill(tmp_path / 'libero_spatial', SPATIAL[0])
    fill(tmp_path / 'libero_goal', tasks_of('libero_goal')[0])
    assert find_sources('libero_spatial', str(tmp_path)) == (paths, [], [], False)


def test_files_come_in_the_order_of_the_suite(tmp_path):
    fill(tmp_path, *sorted(SPATIAL))
    assert [path.name for path in find_sources('libero_spatial', str(tmp_path)).successes] == [
        f'{task}_demo.hdf5' for task in SPATIAL]


def test_one_file_is_enough(tmp_path):
    path, _ = fill(tmp_path, *SPATIAL[:2])
    assert find_sources('libero_spatial', str(path)).successes == [path]


def test_a_tilde_is_the_home(home):
    paths = fill(home / 'data', SPATIAL[0])
    assert find_sources('libero_spatial', '~/data').successes == paths


def test_libero_100_reads_both_folders_of_a_root(tmp_path):
    short = fill(tmp_path / 'libero_10', tasks_of('libero_10')[3])
    long = fill(tmp_path / 'libero_90', tasks_of('libero_90')[5])
    assert find_sources('libero_100', str(tmp_path)).successes == long + short


def test_libero_long_reads_libero_10(tmp_path):
    paths = fill(tmp_path / 'libero_10', tasks_of('libero_10')[3])
    assert find_sources('libero_long', str(tmp_path)).successes == paths


def test_failures_come_from_every_folder_that_is_named(tmp_path):
    fill(tmp_path / 'libero_spatial', SPATIAL[0])
    one, two = fill(tmp_path / 'a', SPATIAL[0]), fill(tmp_path / 'b', SPATIAL[0])
    found = find_sources('libero_spatial', str(tmp_path), f'{tmp_path}/a,{tmp_path}/b')
    assert found.failures == one + two


def test_no_failures_are_read_that_are_not_named(tmp_path):
    fill(tmp_path / 'libero_spatial', SPATIAL[0])
    fill(tmp_path / 'libero_spatial_failures', SPATIAL[0])
    assert find_sources('libero_spatial', str(tmp_path)).failures == []


def test_a_root_of_failures_may_be_the_root_of_the_successes(tmp_path):
    fill(tmp_path / 'libero_spatial', SPATIAL[0])
    paths = fill(tmp_path / 'libero_spatial_failures', SPATIAL[0])
    assert find_sources('libero_spatial', str(tmp_path), str(tmp_path)).failures == paths


@pytest.mark.parametrize('variable', ['', 'elsewhere'])
def test_the_folder_of_liberos_settings_is_found(tmp_path, monkeypatch, home, variable):
    configure(tmp_path / variable if variable else home / '.libero',
              f'assets: /nowhere\ndatasets: {tmp_path}/data\n')
    if variable:
        monkeypatch.setenv('LIBERO_CONFIG_PATH', str(tmp_path / variable))
    paths = fill(tmp_path / 'data' / 'libero_spatial', SPATIAL[0])
    found = find_sources('libero_spatial')
    assert found.successes == paths and not found.is_sample
    assert f'{tmp_path}/data' in found.notices[0] and 'config.yaml' in found.notices[0]


@pytest.mark.parametrize('line', ["'{}'", '"{}"', '{}   # mine', ' {}  '])
def test_a_setting_may_be_quoted_or_commented(tmp_path, home, line):
    configure(home / '.libero', f'datasets: {line.format(tmp_path / "data")}\n')
    paths = fill(tmp_path / 'data' / 'libero_spatial', SPATIAL[0])
    assert find_sources('libero_spatial').successes == paths


def test_a_long_setting_may_continue_in_the_next_line(tmp_path, home):
    configure(home / '.libero', f'assets: x\ndatasets: {tmp_path}/my\n  data\ninit_states: y\n')
    paths = fill(tmp_path / 'my data' / 'libero_spatial', SPATIAL[0])
    assert find_sources('libero_spatial').successes == paths


@pytest.mark.parametrize('settings, reason', [
    (None, 'config.yaml does not exist'),
    ('assets: x\n', 'has no line "datasets: FOLDER"'),
    ('datasets: /no/such/folder\n', '/no/such/folder, the folder datasets of .*, does not exist'),
    ('datasets: {tmp_path}\n', 'holds no episodes of libero_spatial'),
    ('- datasets\n', 'has no line "datasets: FOLDER"'),
    ('', 'has no line "datasets: FOLDER"'),
    ('datasets:\nassets: x\n', 'has no line "datasets: FOLDER"'),
    ('datasets: 5\n', 'config.yaml: expected a folder as datasets, got 5'),
    ('datasets: [a, b]\n', r"config.yaml: expected a folder as datasets, got \['a', 'b'\]"),
    ('datasets: [a\nassets: x\n', r'config.yaml is not valid YAML \(while parsing a flow sequence .*\)'),
    ('datasets: 2024-99-99\n', r'config.yaml is not valid YAML \(month must be in 1..12\)'),
    ('datasets: !!python/object/apply:os.mkdir [run]\n',
     'config.yaml is not valid YAML .*could not determine a constructor for the tag .*os.mkdir'),
])
def test_without_data_the_sample_is_used_and_the_reason_reported(tmp_path, home, settings, reason):
    if settings is not None:
        configure(home / '.libero', settings.format(tmp_path=tmp_path))
    found = find_sources('libero_spatial')
    assert found.is_sample and found.successes[0].is_relative_to(libero_paths.SAMPLE)
    assert re.search(reason, found.notices[0])


def test_the_sample_is_reported_as_one_and_that_its_failures_are_used():
    found = find_sources('libero_spatial')
    assert 'not the human demonstrations' in found.notices[1] and 'not for results' in found.notices[1]
    assert "The sample's own failures are used" in found.notices[2]
    assert {path.parent.name for path in found.failures} == {'libero_spatial_failures'}


def test_failures_that_are_named_replace_those_of_the_sample(tmp_path):
    paths = fill(tmp_path / 'mine', SPATIAL[0])
    found = find_sources('libero_spatial', '', str(tmp_path / 'mine'))
    assert found.failures == paths and found.is_sample and len(found.notices) == 2


def test_a_sample_that_is_named_by_the_flag_is_still_reported_as_one():
    found = find_sources('libero_spatial', str(libero_paths.SAMPLE))
    assert found.is_sample and found.failures == [] and 'USING THE SAMPLE' in found.notices[0]
