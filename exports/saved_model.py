"""A reward graph as a TensorFlow SavedModel."""
import json

from exports.layout import REWARD
from utils.tf_util import session, tf, tf1

DESCRIPTION = 'reward.json'         # in the folder that TensorFlow leaves to others
_EXTRA, _SIGNATURE = 'assets.extra', 'serving_default'


def write_saved_model(folder, reward_graph, described):
    """Writes the new folder `folder`; arguments as for `onnx_model`.

    Raises:
        OSError: it cannot be written.
    """
    inputs, outputs = reward_graph.inputs, {REWARD: reward_graph.output}
    with session(reward_graph.graph, 1, 1) as opened, reward_graph.graph.as_default():
        builder = tf1.saved_model.Builder(str(folder))
        signature = tf1.saved_model.predict_signature_def(inputs, outputs)
        builder.add_meta_graph_and_variables(opened, [tf1.saved_model.tag_constants.SERVING],
                                             {_SIGNATURE: signature})
        builder.save()
    (folder / _EXTRA).mkdir()
    (folder / _EXTRA / DESCRIPTION).write_text(json.dumps(described, indent=2) + '\n', encoding='utf-8')


def saved_reward(folder):
    """A function of {name of an input: array [N, ...]} to rewards [N], from a folder as written above."""
    function = tf.saved_model.load(str(folder)).signatures[_SIGNATURE]
    return lambda inputs: function(**{name: tf.constant(values)
                                      for name, values in inputs.items()})[REWARD].numpy()
