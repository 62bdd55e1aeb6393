"""LRR's learned reward: a Gaussian for each step, by likelihood. Unofficial: docs/unofficial.md."""
from algorithm import losses, networks, unofficial_losses
from algorithm.reward_model import RewardModel
from utils.tf_util import tf, tf1

_LEAST = 1e-2       # floor of the deviation, in units of reward
_START = 0.5413     # softplus of it is 1: the deviation of a new network


class LRRModel(RewardModel):
    """r(s, a, s') as the mean of a Gaussian, whose deviation is a second output of the same network.

    Rewards of steps are the means. Arguments and attributes as of `RewardModel`, for environments to act in.
    """

    def _loss(self, predicted, inputs, args):
        deviation = self._deviation(inputs)                                                 # [M, K]
        loss = unofficial_losses.likelihood(predicted, deviation, inputs.mean_reward)
        self.tensors = {'predicted': predicted, 'deviation': deviation, 'total_loss': loss}
        return loss, {'reward/loss': losses.rrd(predicted, inputs.mean_reward), 'reward/likelihood': loss,
                      'reward/deviation': tf.reduce_mean(deviation)}

    def _deviation(self, steps):
        """[M, K] standard deviations; all layers but the last are those of the means."""
        before, after = self._preprocess(steps.observation), self._preprocess(steps.next_observation)
        with tf1.variable_scope(self.scope, reuse=tf1.AUTO_REUSE):
            output = networks.reward(before, self._preprocess.action(steps.action), after,
                                     self._spec.num_actions, head='r_deviation')
        return _LEAST + tf.math.softplus(output + _START)
