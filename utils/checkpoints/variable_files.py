"""Saves and restores graph variables with tf1.train.Saver."""
import contextlib
import re
import tempfile
from pathlib import Path

from utils.errors import UserError
from utils.tf_util import tf, tf1

_SLOT = re.compile(r'/(Adam|RMSProp|Momentum)(_\d+)?|beta[12]_power(_\d+)?')   # of optimisers, by TensorFlow


class VariableFiles:
    """Saves and restores some variables with `tf.compat.v1.train.Saver`; create it before the graph is final.

    Args:
        variables: variables of the default graph.
    """

    def __init__(self, variables):
        self._variables = variables
        self._saver = tf1.train.Saver(variables, max_to_keep=None)

    def save(self, session, prefix):
        """Writes `<prefix>.index` and `<prefix>.data-*`.

        Raises:
            OSError: they cannot be written.
        """
        path = str(prefix)
        try:
            # resource variables cannot be saved outside a graph
            with session.graph.as_default(), _without_pattern(prefix) as path:
                self._saver.save(session, path, write_meta_graph=False, write_state=False)
        except (tf.errors.OpError, ValueError) as error:
            # a path and the system's reason, in the last line before the name of the op
            reason = str(error).split('\n\t [[')[0].splitlines()[-1]
            raise OSError(reason.replace(path, str(prefix))) from error

    def restore(self, session, prefix):
        """Restores every variable from the files of `prefix`.

        Raises:
            UserError: they cannot be read, or a variable is missing or has a different shape.
        """
        try:
            with session.graph.as_default(), _without_pattern(prefix) as path:
                self._check_shapes(prefix, path)
                self._saver.restore(session, path)
        except (tf.errors.OpError, ValueError) as error:
            raise UserError(f'{prefix} cannot be read; if the run is still active, it may have removed it: '
                            'try again') from error

    def _check_shapes(self, prefix, path):
        shapes = tf.train.load_checkpoint(path).get_variable_to_shape_map()
        for variable in self._variables:
            name, expected = variable.op.name, variable.shape.as_list()
            if shapes.get(name) != expected:
                there = f'is {shapes[name]}' if name in shapes else 'is missing'
                raise UserError(f'{prefix}: {name} {there}, expected {expected}')


def is_weight(name):
    """Whether the variable called `name` is no slot of an optimiser."""
    return not any(found.end() == len(name) for found in _SLOT.finditer(name))


def write_weights(source, target):
    """Writes the variables in the files of the prefix `source`, without slots, into those of `target`.

    Raises:
        OSError: they cannot be written.
        UserError: those of `source` cannot be read.
    """
    with _without_pattern(source) as path:
        try:
            reader = tf.train.load_checkpoint(path)
            names = sorted(filter(is_weight, reader.get_variable_to_shape_map()))
            values = {name: reader.get_tensor(name) for name in names}
        except (tf.errors.OpError, ValueError) as error:
            raise UserError(f'{source} cannot be read') from error
    with tf.Graph().as_default() as graph:
        files = VariableFiles([tf1.get_variable(name, initializer=value, use_resource=True)
                               for name, value in values.items()])
        with tf1.Session(graph=graph) as session:
            session.run(tf1.global_variables_initializer())
            files.save(session, target)


@contextlib.contextmanager
def _without_pattern(prefix):
    """A path to `prefix` for TensorFlow, which takes `[`, `*`, `?` and a backslash as parts of a pattern."""
    if not re.search(r'[][*?\\]', str(prefix)):
        yield str(prefix)
        return
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder, 'checkpoint')
        link.symlink_to(prefix.parent.absolute(), target_is_directory=True)
        yield str(link / prefix.name)
