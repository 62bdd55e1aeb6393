"""Diaster's learned reward: differences of rewards of sub-trajectories. Unofficial: docs/unofficial.md."""
from algorithm import networks, unofficial_losses
from algorithm.recurrent_network import gru
from utils.tf_util import Group, Update, dense, tf, tf1, variables
from utils.types import Batch


class DiasterModel:
    """r(s, a, s'), fitted to the differences that a recurrent network assigns to the steps of episodes.

    Has the interface of `RewardModel`. The recurrent network learns from episodes that are cut in two, and
    serves training alone. Its update and that of r(s, a, s') are computed from the same episodes.

    Args:
        spec: shapes of the task; observations are vectors.
        args: reads r_lr, diaster_episodes, diaster_period, diaster_units.
        preprocess: maps raw observations and actions to the input of the networks.

    Attributes:
        group: both updates, at every `diaster_period`-th update of the basis algorithm.
        weights: the variables of r(s, a, s').
        average_pairs: empty, as there are no averages.
        prediction: (`Steps` of placeholders, their rewards [N]).
        tensors: intermediate values by name, for tests and diagnosis.
    """

    scope, recurrent_scope = 'reward', 'sub_trajectory'

    def __init__(self, spec, args, preprocess):
        self._spec, self._preprocess = spec, preprocess
        inputs = networks.trajectory_placeholders(spec, args.diaster_episodes)
        predicted = self.reward(inputs)                                                     # [M, L]
        self.weights, self.average_pairs = variables(self.scope), []
        cut, whole = self._outputs(inputs, args.diaster_units)                              # [M, L], [M, L]
        length, mean_reward = inputs.length, inputs.mean_reward
        loss = unofficial_losses.sub_trajectories(cut, length, mean_reward)
        targets = unofficial_losses.step_targets(whole, length, mean_reward)
        step_loss = unofficial_losses.masked_error(predicted, targets, length)
        self.tensors = {'predicted': predicted, 'targets': targets, 'cut': cut, 'whole': whole,
                        'loss': loss, 'step_loss': step_loss}

        steps = networks.step_placeholders(spec, None)
        self.prediction = steps, self.reward(steps)
        updates = (Update(loss, tf1.train.AdamOptimizer(args.r_lr), variables(self.recurrent_scope)),
                   Update(step_loss, tf1.train.AdamOptimizer(args.r_lr), self.weights))
        self.group = Group(updates, {'reward/loss': loss, 'reward/step_loss': step_loss}, args.diaster_period,
                           Batch(None, inputs))

    def _prepared(self, steps):
        """Input of the networks: observation, action, next observation."""
        return (self._preprocess(steps.observation), self._preprocess.action(steps.action),
                self._preprocess(steps.next_observation))

    def reward(self, steps):
        """Rewards of `Transitions`, `Trajectories` or `Steps`, shaped like their leading axes."""
        with tf1.variable_scope(self.scope, reuse=tf1.AUTO_REUSE):
            return networks.reward(*self._prepared(steps), self._spec.num_actions)

    def fixed_reward(self, transitions):
        """[B] the reward in a basis algorithm's target: no gradient reaches the model through it."""
        return tf.stop_gradient(self.reward(transitions))

    def _outputs(self, inputs, units):
        """Outputs [M, L] of the network that starts anew at the cut, and of the one that does not."""
        x = networks.step_features(*self._prepared(inputs), self._spec.num_actions)         # [M, L, D]
        kept = 1.0 - tf.one_hot(inputs.cut, tf.shape(x)[1])     # after step number `cut`; none beyond L
        with tf1.variable_scope(self.recurrent_scope):
            states = gru(tf.concat([x, x], axis=0), tf.concat([kept, tf.ones_like(kept)], axis=0), units)
            rows = dense(tf.reshape(states, [-1, units]), 1, 'output')
        return tf.split(tf.reshape(rows, tf.shape(states)[:2]), 2)
