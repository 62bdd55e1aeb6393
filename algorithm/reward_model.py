"""The learned reward r(s, a, s') and its training; knows no policy."""
from algorithm import losses, networks
from utils.tf_util import Group, Update, tf, tf1, variables
from utils.types import Batch


class RewardModel:
    """r(s, a, s'), fitted to episode returns by randomized return decomposition (arXiv:2111.13485).

    Builds into the default graph; owns neither a session nor a policy. Every call of `reward` shares
    the weights under the scope `reward`, so that a model trained alone restores into any agent.

    Args:
        spec: shapes of the task.
        args: reads r_lr, rrd_batch_size, rrd_sample_size (K), rrd_bias_correction.
        preprocess: maps a raw observation to what the networks see.

    Attributes:
        group: its update, on `rrd_batch_size / K` subsequences of K steps.
        tensors: intermediate values by name, for tests and diagnosis.
    """

    scope = 'reward'

    def __init__(self, spec, args, preprocess):
        self._preprocess, self._num_actions = preprocess, spec.num_actions
        num_sequences = args.rrd_batch_size // args.rrd_sample_size
        inputs = networks.subsequence_placeholders(spec, num_sequences, args.rrd_sample_size)

        predicted = self.reward(inputs)                                                     # [M, K]
        loss = losses.rrd(predicted, inputs.mean_reward)
        info = {'reward/loss': loss}
        self.tensors = {'predicted': predicted, 'predicted_mean': tf.reduce_mean(predicted, axis=1)}
        if args.rrd_sample_size > 1:
            self.tensors['sample_variance'] = losses.sample_variance(predicted)             # [M]
            info['reward/variance'] = losses.subsample_variance(predicted, inputs.variance_weight)
        if args.rrd_bias_correction:                                                        # RRD-L(RD)
            loss = loss - info['reward/variance']
        self.tensors['total_loss'] = loss

        update = Update(loss, tf1.train.AdamOptimizer(args.r_lr), variables(self.scope))
        self.group = Group((update,), info, 1, Batch(None, inputs))

    def reward(self, steps):
        """Rewards of `Transitions` or `Subsequences`, shaped like their leading axes."""
        with tf1.variable_scope(self.scope, reuse=tf1.AUTO_REUSE):
            return networks.reward(self._preprocess(steps.observation), steps.action,
                                   self._preprocess(steps.next_observation), self._num_actions)

    def fixed_reward(self, transitions):
        """[B] the reward a basis algorithm bootstraps from: no gradient reaches the model through it.

        The environment's own reward is not used at all, as in the original.
        """
        return tf.stop_gradient(self.reward(transitions))


def stored_reward(transitions):
    """[B] the reward that came with the transitions: what a basis algorithm learns from without a model."""
    return transitions.reward
