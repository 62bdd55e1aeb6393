"""Saves and restores graph variables with tf1.train.Saver."""
import contextlib
import re
import tempfile
from pathlib import Path

from utils.errors import UserError
from utils.tf_util import tf, tf1


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
