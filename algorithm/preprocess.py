"""The input of a network: pixels in [0, 1]; vectors, and actions of own data, normalised on request."""
import numpy as np

from algorithm.networks import observation_placeholders
from utils.flags.suites import OWN_DATA
from utils.tf_util import tf, tf1

_ACTION = '_action'     # scope of its moments; no key of an observation begins so
_ACTION_STD_MIN = 1e-4  # actions of own data are in any unit, such as metres a step
_BINS = 64              # between quantiles
_LEAST_BIN, _LEAST_WIDTH = 1e-3, 1e-6   # of the range, and in units: jitter is not stretched to the range


class RunningMoments:
    """Mean and standard deviation of one vector, from sums over every batch that was added.

    Args:
        name: scope of the variables.
        shape: shape of the vector.
        std_min: floor of the standard deviation.
        clip: normalised values stay within +-clip.
    """

    def __init__(self, name, shape, std_min=1e-2, clip=5.0):
        self._std_min, self._clip = std_min, clip
        with tf1.variable_scope(name):
            self.sum = self._variable('sum', shape)
            self.sum_squares = self._variable('sum_sqr', shape)
            self.count = self._variable('cnt', [1])
            self.mean = self._variable('mean', shape)
            # original: 0, which gives +-clip or NaN until the first update; see docs/fidelity.md
            self.std = self._variable('std', shape, initial=1.0)

    @staticmethod
    def _variable(name, shape, initial=0.0):
        return tf1.get_variable(name, shape, tf.float32, tf1.constant_initializer(initial), trainable=False,
                                use_resource=True)

    def normalize(self, x):
        """[..., *shape] -> the same shape."""
        return tf.clip_by_value((x - self.mean) / self.std, -self._clip, self._clip)

    def update(self, batch):
        """An op that adds `batch` [N, *shape]; sums are computed in float64 and stored in float32."""
        wide = tf.cast(batch, tf.float64)
        total = self.sum.assign_add(tf.cast(tf.reduce_sum(wide, axis=0), tf.float32), read_value=True)
        squares = self.sum_squares.assign_add(tf.cast(tf.reduce_sum(tf.square(wide), axis=0), tf.float32),
                                              read_value=True)
        count = self.count.assign_add([tf.cast(tf.shape(batch)[0], tf.float32)], read_value=True)
        mean = total / count
        # rounding can make the difference negative; sqrt would then give NaN, which `maximum` propagates
        variance = tf.maximum(squares / count - tf.square(mean), 0.0)
        return tf.group(self.mean.assign(mean), self.std.assign(tf.maximum(tf.sqrt(variance), self._std_min)))


class Quantiles:
    """Maps each number of a vector to [-1, 1] by its quantiles over the training set, linear between them.

    Numbers beyond the training set become -1 or 1.

    Args:
        name: scope of the variable.
        width: length of the vector.
    """

    def __init__(self, name, width):
        with tf1.variable_scope(name):
            start = tf1.constant_initializer(np.linspace(-1, 1, _BINS + 1)[:, None] * np.ones(width))
            self.knots = tf1.get_variable('quantiles', [_BINS + 1, width], tf.float32, start,
                                          trainable=False, use_resource=True)
        self.input = tf1.placeholder(tf.float32, self.knots.shape)
        self.update = self.knots.assign(self.input)

    def normalize(self, x):
        """[..., D] -> the same shape."""
        low, high = self.knots[:-1], self.knots[1:]                                         # [bins, D]
        passed = tf.clip_by_value((x[..., None, :] - low) / (high - low), 0.0, 1.0)         # [..., bins, D]
        return 2.0 * tf.reduce_mean(passed, axis=-2) - 1.0

    @staticmethod
    def of(values):
        """[bins + 1, D] float32 quantiles of values [N, D], each above the one before by `_LEAST_BIN`."""
        knots = np.quantile(values.astype(np.float64), np.linspace(0, 1, _BINS + 1), axis=0)
        least = np.maximum(np.ptp(knots, axis=0) * _LEAST_BIN, _LEAST_WIDTH)
        steps = np.maximum(np.diff(knots, axis=0), least)
        return np.concatenate([knots[:1], knots[0] + np.cumsum(steps, axis=0)]).astype(np.float32)


class Preprocess:
    """Maps raw observations and actions to the input of the networks; one object for all parts of an agent.

    Actions are in [-1, 1] and stay as they are, except those of own data, whose unit is unknown.

    Attributes:
        moments: {key: `RunningMoments`}, empty without statistics. Cameras have none: normalised by pixel,
            the background would dominate what moves.
        quantiles: {key: `Quantiles`}, in place of moments where the flags ask for them.
        action_moments: `RunningMoments` of actions, or None.
        inputs: (observation, next observation) placeholders of `update`, and one of actions where these have
            moments; None without statistics.
        update: op that adds a batch of them to the statistics, or None.
    """

    scope = 'normalizer'

    def __init__(self, spec, args):
        self.moments, self.quantiles, self.action_moments = {}, {}, None
        self.inputs, self.update = None, None
        fields = {key: field for key, field in spec.observation.items() if not field.is_camera}
        kind = args.get('vector_normalization', 'moments') if args.obs_normalization else 'none'
        if kind == 'none':
            return
        with tf1.variable_scope(self.scope):
            if kind == 'quantile':
                self.quantiles = {key: Quantiles(key, field.shape[0]) for key, field in fields.items()}
            else:
                self.moments = {key: RunningMoments(key, _shape(field)) for key, field in fields.items()}
        self._create_update(spec._replace(observation=fields), args)

    def _create_update(self, spec, args):
        """Adds `inputs` and `update`; `spec` has only vectors."""
        self.inputs, updates = (), []
        if self.moments:
            self.inputs = tuple(observation_placeholders(spec, [None]) for _ in range(2))
            now, after = map(_scaled, self.inputs)
            updates += [moments.update(tf.concat([now[key], after[key]], axis=0))
                        for key, moments in self.moments.items()]
        if self.quantiles:
            self.inputs = (*self.inputs, *(each.input for each in self.quantiles.values()))
            updates += [each.update for each in self.quantiles.values()]
        if args.get('env') == OWN_DATA:
            updates.append(self._update_actions(spec.action.shape))
        self.update = tf.group(*updates)

    def _update_actions(self, shape):
        """Adds moments of actions [*shape]; an op that updates them."""
        with tf1.variable_scope(self.scope):
            self.action_moments = RunningMoments(_ACTION, shape, _ACTION_STD_MIN)
        actions = tf1.placeholder(tf.float32, [None, *shape])
        self.inputs = (*self.inputs, actions)
        return self.action_moments.update(actions)

    def __call__(self, observation):
        """{key: [..., *shape]} -> {key: [..., *shape]} float32."""
        scaled, normalizers = _scaled(observation), {**self.moments, **self.quantiles}
        return {key: normalizers[key].normalize(x) if key in normalizers else x for key, x in scaled.items()}

    def feeds(self, batch):
        """[array] of a `Transitions` for `inputs`, in their order; quantiles are of this batch alone."""
        sides = batch.observation, batch.next_observation
        quantiles = [Quantiles.of(np.concatenate([side[key] for side in sides])) for key in self.quantiles]
        return [*(side[key] for side in sides for key in self.moments), *quantiles,
                *([] if self.action_moments is None else [batch.action])]

    def action(self, x):
        """[..., A] actions -> the same shape, normalised where they have moments."""
        return x if self.action_moments is None else self.action_moments.normalize(x)


def _scaled(observation):
    """Pixels are scaled to [0, 1] on the device: uint8 is a quarter of the data to feed."""
    return {key: tf.cast(x, tf.float32) / 255.0 if x.dtype == tf.uint8 else x
            for key, x in observation.items()}


def _shape(field):
    return [*field.shape, field.stack] if field.stack > 1 else field.shape
