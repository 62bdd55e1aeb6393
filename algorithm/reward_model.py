"""The learned reward r(s, a, s') and its training, independent of any policy."""
from algorithm import losses, networks
from utils.tf_util import Averages, Group, Update, pairs, tf, tf1, variables
from utils.types import Batch


class RewardModel:
    """r(s, a, s'), fitted to mean rewards of episodes by randomized return decomposition (arXiv:2111.13485).

    Builds into the default graph; owns neither a session nor a policy. All calls of `reward` share the
    weights under the scope `reward`, so a model that was trained alone can be restored into any agent.

    Args:
        spec: shapes of the task.
        args: reads r_lr, rrd_batch_size, rrd_sample_size (K), rrd_bias_correction; for recorded episodes also
            rrd_exact, r_average and r_scale; an r_scale of 0 stands for that of `spec`.
        preprocess: maps raw observations and actions to the input of the networks.
        network: for recorded episodes, a function of (observation, action, next observation, context) to
            rewards; None for the original's network, which has no context.

    Attributes:
        group: its update, on `rrd_batch_size / K` subsequences of K steps, or as many whole episodes.
        weights: the variables that a predicted reward depends on, without averages.
        average_pairs: [(weight, its running average)], empty without averages.
        prediction: (`Steps` of placeholders, their rewards [N]), with the averaged weights if there are any.
        tensors: intermediate values by name, for tests and diagnosis.
    """

    scope, average_scope = 'reward', 'reward_average'

    def __init__(self, spec, args, preprocess, network=None):
        self._spec, self._preprocess, self._network = spec, preprocess, network
        self._scale = args.get('r_scale', 1.0) or spec.reward_scale
        exact, num_sequences = args.get('rrd_exact', False), args.rrd_batch_size // args.rrd_sample_size
        inputs = networks.subsequence_placeholders(spec, num_sequences,
                                                   None if exact else args.rrd_sample_size, weighted=exact)
        predicted = self.reward(inputs)                                                     # [M, K]
        self.weights = variables(self.scope)
        loss, info = self._loss(predicted, inputs, args)
        averages = None
        steps = networks.step_placeholders(spec, None)
        if decay := args.get('r_average', 0.0):
            self.prediction = steps, self.reward(steps, self.average_scope)
            self.average_pairs = pairs(self.scope, self.average_scope)
            averages = Averages(self.average_pairs, decay, f'{self.average_scope}_moves')
        else:
            self.prediction, self.average_pairs = (steps, self.reward(steps)), []

        update = Update(loss, tf1.train.AdamOptimizer(args.r_lr), variables(self.scope), averages)
        self.group = Group((update,), info, 1, Batch(None, inputs))

    def _loss(self, predicted, inputs, args):
        """(loss to minimise, {name: value to log})."""
        loss = losses.rrd(predicted, inputs.mean_reward, inputs.step_weight)
        info = {'reward/loss': loss}
        self.tensors = {'predicted': predicted,
                        'predicted_mean': losses.mean_prediction(predicted, inputs.step_weight)}
        if inputs.step_weight is None and args.rrd_sample_size > 1:
            self.tensors['sample_variance'] = losses.sample_variance(predicted)             # [M]
            info['reward/variance'] = losses.subsample_variance(predicted, inputs.variance_weight)
        if args.rrd_bias_correction:                                                        # RRD-L(RD)
            loss = loss - info['reward/variance']
        self.tensors['total_loss'] = loss
        return loss, info

    def reward(self, steps, scope=scope):
        """Rewards of `Transitions`, `Subsequences` or `Steps`, shaped like their leading axes."""
        before, after = self._preprocess(steps.observation), self._preprocess(steps.next_observation)
        action = self._preprocess.action(steps.action)
        with tf1.variable_scope(scope, reuse=tf1.AUTO_REUSE):
            if self._network is None:
                return networks.reward(before, action, after, self._spec.num_actions)
            return self._scale * self._network(before, action, after, self._context(steps))

    @staticmethod
    def _context(steps):
        """[..., C] of each step; the context of a subsequence [M, C] is repeated for its K steps."""
        missing = len(steps.action.shape) - len(steps.context.shape)
        if not missing:
            return steps.context
        return tf.repeat(steps.context[:, None], tf.shape(steps.action)[1], axis=1)

    def fixed_reward(self, transitions):
        """[B] the reward in a basis algorithm's target: no gradient reaches the model through it.

        The environment's reward is not used, as in the original.
        """
        return tf.stop_gradient(self.reward(transitions))


def stored_reward(transitions):
    """[B] the reward stored with the transitions, which a basis algorithm learns from without a model."""
    return transitions.reward
