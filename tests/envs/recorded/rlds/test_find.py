"""Which data sets a path and a suite mean."""
import functools
import shutil

import pytest

from envs.recorded.rlds import reader
from envs.recorded.rlds.find import find_sets
from tests.envs.recorded.rlds.sets import change_json
from utils.errors import UserError


def rename(name, values):
    values['name'] = name


@pytest.fixture
def root(tmp_path, written):
    """Makes data sets by {folder: name in dataset_info.json}."""
    def make(names):
        for folder, name in names.items():
            shutil.copytree(written, tmp_path / folder)
            change_json(tmp_path / folder / 'dataset_info.json', functools.partial(rename, name))
        return tmp_path
    return make


@pytest.mark.parametrize('below', ['', 'set', 'set/1.0.0'])
def test_a_set_is_found_here_and_one_and_two_levels_below(root, below):
    path = root({'set/1.0.0': 'libero_goal'})
    assert reader.recognizes(path / below)
    assert find_sets(path / below, 'libero_goal') == find_sets(path / below) == [path / 'set' / '1.0.0']


def test_other_places_hold_no_set(root, tmp_path):
    path = root({'a/b/c': 'libero_goal'})
    (path / 'a' / 'features.json').write_text('{}')
    for other in (None, path, path / 'a' / 'features.json', path / 'missing'):
        assert not reader.recognizes(other)
    with pytest.raises(UserError, match=f'^{path}: expected features.json and dataset_info.json in it'):
        find_sets(path)


@pytest.mark.parametrize('suite, folder', [
    ('libero_10', 'libero_10_no_noops'), ('libero_goal', 'x'), ('libero_spatial', 'libero_spatial_no_noops'),
    ('libero_object', 'failures'), ('libero_90', 'libero_90')])
def test_the_name_in_the_file_decides(root, suite, folder):
    path = root({'libero_10_no_noops/1.0.0': 'liber_o10', 'x/1.0.0': 'libero_goal', 'y/1.0.0': 'libero_100',
                 'libero_spatial_no_noops/1.0.0': 'libero_spatial_no_noops', 'libero_90/1.0.0': 'libero_90',
                 'failures/1.0.0': 'libero_object_failures', 'z/1.0.0': 'libero_spatial_failures'})
    assert find_sets(path, suite) == [path / folder / '1.0.0']


def test_a_suite_may_have_several_sets_of_other_names(root):
    path = root({'b/1.0.0': 'libero_goal_more', 'a/1.0.0': 'libero_goal_failures'})
    assert find_sets(path, 'libero_goal') == [path / 'a' / '1.0.0', path / 'b' / '1.0.0']


def test_a_set_of_another_suite_is_refused(root):
    path = root({'b/1.0.0': 'libero_goal', 'a/1.0.0': 'libero_100'})
    expected = f'^{path}: expected a data set of libero_10, found libero_100, libero_goal$'
    with pytest.raises(UserError, match=expected):
        find_sets(path, 'libero_10')


@pytest.mark.parametrize('suite', ['libero_goal', ''])
def test_several_versions_are_refused(root, suite):
    path = root({'a/1.0.0': 'libero_goal', 'a/1.1.0': 'libero_goal'})
    expected = f'^expected one version, found {path}/a/1.0.0 and {path}/a/1.1.0; name one of them$'
    for place in (path, path / 'a'):
        with pytest.raises(UserError, match=expected):
            find_sets(place, suite)
    assert find_sets(path / 'a' / '1.1.0', suite) == [path / 'a' / '1.1.0']


@pytest.mark.parametrize('suite, names', [('libero_goal', ['libero_goal', 'libero_goal_no_noops']),
                                          ('', ['libero_goal', 'libero_object'])])
def test_two_sets_where_one_is_wanted_are_refused(root, suite, names):
    path = root({'a/1.0.0': names[0], 'b/1.0.0': names[1]})
    expected = f'^expected one data set, found {path}/a/1.0.0 and {path}/b/1.0.0; name one of them$'
    with pytest.raises(UserError, match=expected):
        find_sets(path, suite)


def test_versions_of_another_suite_do_not_matter(root):
    path = root({'a/1.0.0': 'libero_goal', 'a/1.1.0': 'libero_goal', 'b/1.0.0': 'libero_object'})
    assert find_sets(path, 'libero_object') == [path / 'b' / '1.0.0']


def test_a_set_without_a_name_is_refused(root):
    path = root({'a/1.0.0': ''})
    with pytest.raises(UserError, match=f'^{path}/a/1.0.0: dataset_info.json: expected a name of letters'):
        find_sets(path, 'libero_goal')
