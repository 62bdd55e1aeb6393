"""The reward in an .onnx file: arrays in, rewards out, without TensorFlow."""
import numpy as np

from algorithm.learned_reward import LearnedReward
from exports.layout import KEY, REWARD, input_names, inputs_of, spec_of
from utils.errors import UserError
from utils.foreign.files import DamagedError, read_bytes
from utils.text import one_line

_MAX_BYTES = 2 ** 31        # a protobuf is no larger
_INSTALL = 'pip install -r requirements-formats.txt'


class OnnxModel:
    """The model of an .onnx file.

    Args:
        content: bytes of the file.
        path: of the file, for errors.

    Raises:
        UserError: onnxruntime is not installed, or the content is not a model that it can run.

    Attributes:
        described: text of the description that is stored in the model; '' without one.
        inputs: [name] of its inputs.
    """

    def __init__(self, content, path):
        try:
            import onnxruntime
            from onnxruntime.capi import onnxruntime_pybind11_state as state
        except ModuleNotFoundError as error:
            raise UserError(f'{path}: {error.name} is not installed; run {_INSTALL}, or pip install '
                            'onnxruntime') from error
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4          # fatal: what is wrong is raised
        # waiting threads that spin would take the cores from the program that learns
        options.add_session_config_entry('session.intra_op.allow_spinning', '0')
        try:
            self._session = onnxruntime.InferenceSession(content, options,
                                                         providers=['CPUExecutionProvider'])
        except (state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf,
                state.NotImplemented, state.RuntimeException, state.NoModel, state.EPFail) as error:
            raise DamagedError(path, one_line(str(error))) from error
        self._faults = (state.Fail, state.InvalidArgument, state.RuntimeException)
        self.described = self._session.get_modelmeta().custom_metadata_map.get(KEY, '')
        if REWARD not in (each.name for each in self._session.get_outputs()):
            raise UserError(f'{path} is no reward that export.py wrote: it has no output {REWARD}')
        self.inputs = [each.name for each in self._session.get_inputs()]

    def run(self, inputs):
        """[N] float32 rewards of {name of an input: array [N, ...]}."""
        return self._session.run([REWARD], inputs)[0]

    def check(self, spec, tasks):
        """Makes sure that the model computes a reward of what it is described for.

        Args:
            spec: the `Spec` of the description.
            tasks: names of the tasks.

        Raises:
            ValueError: it does not.
        """
        side = {key: np.zeros((1, *field.shape, *([field.stack] if field.stack > 1 else [])), field.dtype)
                for key, field in spec.observation.items()}
        action = np.zeros((1, *spec.action.shape), spec.action.dtype)
        try:
            self.predict_rewards(side, action, side, np.array([len(tasks) - 1]) if tasks else None)
        except self._faults as error:
            about = f', the last of {len(tasks)} of which is {tasks[-1]!r}' if tasks else ''
            raise ValueError(f'the model has other shapes or tasks than it describes{about}') from error

    def predict_rewards(self, observation, action, next_observation, context=None):
        """[N] float32 rewards of steps, as of `Agent`; `context` [N] are numbers of tasks."""
        wide = action.astype(np.int64) if action.dtype.kind == 'i' else action
        return self.run(inputs_of(observation, wide, next_observation, context))


def open_onnx(path):
    """The `LearnedReward` in a file that `export.py` wrote.

    Raises:
        UserError: the file cannot be read, is no such file, or onnxruntime is not installed.
    """
    model = OnnxModel(read_bytes(path, _MAX_BYTES), path)
    if not model.described:
        raise UserError(f'{path} is no reward that export.py wrote: it has no {KEY} among its metadata')
    try:
        spec, tasks = spec_of(model.described)
    except ValueError as error:
        raise DamagedError(path, f'{KEY}: {error}') from error
    if model.inputs != input_names(spec.observation, bool(tasks)):
        raise DamagedError(path, f'{KEY}: the model has other inputs: {", ".join(model.inputs)}')
    try:
        model.check(spec, tasks)
    except ValueError as error:
        raise DamagedError(path, f'{KEY}: {error}') from error
    return LearnedReward(model, spec, {task: np.array(number) for number, task in enumerate(tasks)})
