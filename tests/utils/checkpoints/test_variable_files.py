"""Variables in directories whose names TensorFlow would take as a pattern."""
import pytest

from utils.checkpoints.variable_files import VariableFiles
from utils.errors import UserError
from utils.tf_util import tf, tf1


@pytest.fixture
def graph():
    """(session, variable, its files) in a graph of their own."""
    with tf.Graph().as_default():
        variable = tf1.get_variable('x', initializer=tf.constant([1.0, 2.0]))
        files = VariableFiles([variable])
        with tf1.Session() as session:
            session.run(variable.initializer)
            yield session, variable, files


@pytest.mark.parametrize('name', ['a[1]', '[', ']', 'a*', 'a?', 'a\\b', 'a\\', 'plain', 'é {1}'])
def test_variables_come_back_from_a_directory_of_any_name(name, graph, tmp_path):
    session, variable, files = graph
    (tmp_path / name).mkdir()
    files.save(session, tmp_path / name / 'variables')
    assert {path.name.split('.')[0] for path in (tmp_path / name).iterdir()} == {'variables'}
    session.run(variable.assign([0.0, 0.0]))
    files.restore(session, tmp_path / name / 'variables')
    assert session.run(variable).tolist() == [1.0, 2.0]


@pytest.mark.parametrize('name', ['a[1]', 'plain'])
def test_errors_name_the_directory_and_not_the_link(name, graph, tmp_path):
    session, _, files = graph
    with pytest.raises(UserError, match='cannot be read') as caught:
        files.restore(session, tmp_path / name / 'variables')
    assert str(tmp_path / name / 'variables') in str(caught.value)
    with pytest.raises(OSError) as caught:
        files.save(session, tmp_path / name / 'missing' / 'variables')
    assert str(tmp_path / name / 'missing') in str(caught.value)
