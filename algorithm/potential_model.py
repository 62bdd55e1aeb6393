"""The learned reward as the difference of a potential of s and s', and its training; beyond the paper."""
from algorithm import losses, networks
from algorithm.potential_network import potentials
from utils.tf_util import Averages, Group, Update, pairs, tf, tf1, variables
from utils.types import Batch, leaves


class PotentialModel:
    """r(s, s') = Phi(s') - Phi(s), where Phi is the least of several potentials (docs/potential.md).

    Has the interface of `RewardModel`. The action is not used. A cycle of states earns exactly 0.

    Args:
        spec: shapes of the task.
        args: reads r_lr, rrd_batch_size, rrd_sample_size (K windows of an episode), reward_form,
            potential_heads, r_average and r_scale; an r_scale of 0 stands for that of `spec`.
        preprocess: maps a raw observation to the input of the networks.

    Attributes:
        group: its update, on K windows of each of `rrd_batch_size / K` episodes.
        weights: the variables that a predicted reward depends on, without averages.
        average_pairs: [(weight, its running average)], empty without averages.
        prediction: (`Steps` of placeholders, their rewards [N]), with the averaged weights if there are any.
        tensors: intermediate values by name, for tests and diagnosis.
    """

    scope, average_scope = 'reward', 'reward_average'

    def __init__(self, spec, args, preprocess):
        self._preprocess, self._heads = preprocess, args.potential_heads
        self._scale = args.r_scale or spec.reward_scale
        inputs = networks.window_placeholders(spec, args.rrd_batch_size // args.rrd_sample_size,
                                              args.rrd_sample_size)
        values = self._potentials(inputs.observation, inputs.context, self.scope)           # [H, M, 1 + 2 K]
        loss_of = losses.progress if args.reward_form == 'progress' else losses.potential
        loss, info = loss_of(values, inputs.time, inputs.total_reward, inputs.is_fitted)
        self.tensors = {'potentials': values, 'total_loss': loss}

        self.weights, averages = variables(self.scope), None
        steps, self.average_pairs, scope = networks.step_placeholders(spec, None), [], self.scope
        if decay := args.r_average:
            scope = self.average_scope
        self.prediction = steps, self._rewards(steps, scope)
        if decay:
            self.average_pairs = pairs(self.scope, self.average_scope)
            averages = Averages(self.average_pairs, decay, f'{self.average_scope}_moves')
        update = Update(loss, tf1.train.AdamOptimizer(args.r_lr), self.weights, averages)
        self.group = Group((update,), {f'reward/{name}': value for name, value in info.items()}, 1,
                           Batch(None, inputs))

    def _potentials(self, observation, context, scope):
        """[H, ..., L] of observations {key: [..., L, *shape]} under the context [..., C] of each."""
        prepared = self._preprocess(observation)
        lead = tf.shape(leaves(observation)[0])[:len(context.shape)]
        each = tf.repeat(tf.expand_dims(context, -2), lead[-1], axis=-2)
        rows = {key: tf.reshape(x, [-1, *x.shape[len(context.shape):]]) for key, x in prepared.items()}
        with tf1.variable_scope(scope, reuse=tf1.AUTO_REUSE):
            values = potentials(rows, tf.reshape(each, [-1, context.shape[-1]]), self._heads)
        return self._scale * tf.reshape(values, tf.concat([[values.shape[0]], lead], axis=0))

    def _rewards(self, steps, scope):
        """[N] Phi(s') - Phi(s) of `Steps`; s and s' pass the network in one call."""
        both = {key: tf.stack([x, steps.next_observation[key]], axis=1)
                for key, x in steps.observation.items()}
        lowest = tf.reduce_min(self._potentials(both, steps.context, scope), axis=0)        # [N, 2]
        return lowest[:, 1] - lowest[:, 0]
