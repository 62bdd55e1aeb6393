"""States on disk, read back exactly."""
import json

import numpy as np
import pytest

from utils.checkpoints.state_files import read_state, write_state
from utils.errors import UserError


def passed_through(directory, state):
    write_state(directory, state)
    return read_state(directory)


@pytest.mark.parametrize('array', [
    np.arange(6, dtype=np.uint8).reshape(2, 3), np.float32([1 / 3, np.inf, -0.0]), np.float64([5e-324]),
    np.int64([2**63 - 1, -2**63]), np.array([True, False]), np.zeros((0, 4), np.float32), np.zeros(0, bool),
    np.zeros((2, 0, 3), np.uint8), np.array(7, np.int32), np.asfortranarray(np.arange(6).reshape(2, 3))],
    ids=lambda array: f'{array.dtype}{list(array.shape)}')
def test_arrays_come_back_with_values_type_and_shape(tmp_path, array):
    back = passed_through(tmp_path, {'a': array})['a']
    assert back.dtype == array.dtype and back.shape == array.shape
    assert back.tobytes() == array.tobytes()


@pytest.mark.parametrize('value', [
    None, True, 0, -1, 2**200 + 1, 1 / 3, 5e-324, 1.7976931348623157e308, 0.1 + 0.2, -0.0, '', 'Ünit\n', [],
    [[1, 2.5, None], ['x', {'y': 1}]], {}, {'': {'deep': {'deeper': {}}}}])
def test_plain_values_come_back(tmp_path, value):
    back = passed_through(tmp_path, {'a': value})['a']
    assert repr(back) == repr(value)


@pytest.mark.parametrize('value', [float('inf'), float('-inf'), float('nan')])
def test_floats_that_are_not_finite_come_back(tmp_path, value):
    assert repr(passed_through(tmp_path, {'a': value})) == repr({'a': value})


@pytest.mark.parametrize('bits', [np.random.PCG64, np.random.MT19937, np.random.Philox])
def test_a_generator_resumes_from_its_state(tmp_path, bits):
    one, other = np.random.Generator(bits(3)), np.random.Generator(bits(4))
    one.integers(9, size=7, dtype=np.uint32)        # leaves half a word in PCG64's state
    other.bit_generator.state = passed_through(tmp_path, {'rng': one.bit_generator.state})['rng']
    np.testing.assert_array_equal(one.integers(9, size=5, dtype=np.uint32),
                                  other.integers(9, size=5, dtype=np.uint32))
    np.testing.assert_array_equal(one.normal(size=5), other.normal(size=5))


def test_equal_names_at_different_depths_are_kept_apart(tmp_path):
    back = passed_through(tmp_path, {'a': {'x': np.zeros(1), 'b': {'x': np.ones(2)}}, 'x': np.full(3, 2)})
    assert back['a']['x'].tolist() == [0] and back['a']['b']['x'].tolist() == [1, 1]
    assert back['x'].tolist() == [2, 2, 2]


def test_order_and_nesting_of_a_dictionary_come_back(tmp_path):
    state = {'b': 1, 'a': {'d': np.zeros(1), 'c': [1, 2]}, 'observations/state': np.ones(1)}
    back = passed_through(tmp_path, state)
    assert list(back) == ['b', 'a', 'observations/state'] and list(back['a']) == ['d', 'c']


def test_two_files_are_written_and_one_of_them_is_json(tmp_path):
    write_state(tmp_path, {'a': np.zeros(1), 'b': 2})
    assert {path.name for path in tmp_path.iterdir()} == {'state.json', 'arrays.npz'}
    assert json.loads((tmp_path / 'state.json').read_text())['b'] == 2


def test_a_pickle_in_the_file_of_arrays_is_not_loaded(tmp_path):
    write_state(tmp_path, {'a': np.zeros(1)})
    np.savez(tmp_path / 'arrays.npz', **{'state/a': np.array([{}], object)})
    with pytest.raises(UserError, match='arrays.npz: Object arrays cannot be loaded'):
        read_state(tmp_path)


@pytest.mark.parametrize('value', [{1, 2}, b'bytes', np.float32(1), object()])
def test_what_json_lacks_is_refused(tmp_path, value):
    with pytest.raises(TypeError, match='not JSON serializable'):
        write_state(tmp_path, {'a': value})


def test_arrays_of_objects_are_refused_when_they_are_written(tmp_path):
    with pytest.raises(TypeError, match='state/a holds Python objects'):
        write_state(tmp_path, {'a': np.array([{}], object)})


def test_a_name_with_a_slash_is_not_taken_for_a_nested_one(tmp_path):
    back = passed_through(tmp_path, {'a/b': np.zeros(1), 'a': {'b': np.ones(1)}})
    assert (back['a/b'].tolist(), back['a']['b'].tolist()) == ([0.0], [1.0])


@pytest.mark.parametrize('name', ['file', 'allow_pickle'])
def test_an_array_may_have_any_name(tmp_path, name):
    assert passed_through(tmp_path, {name: np.ones(1)})[name].tolist() == [1.0]
