"""Deep Q-learning (arXiv:1312.5602), with double and dueling variants."""
from algorithm import losses, networks
from algorithm.basis_alg.base import Acting
from utils.schedule import linear
from utils.tf_util import Group, Update, pairs, tf, tf1, variables
from utils.types import Batch


class DQN:
    """One network of action values and a copy of it as target; see `BasisAlgorithm`.

    Args:
        spec: shapes of the task.
        args: reads batch_size, gamma, q_lr, double, dueling, optimizer with its constants, eps_l, eps_r,
            eps_decay.
        preprocess: maps a raw observation to the input of the networks.
        reward_fn: maps `Transitions` placeholders to rewards [B].
    """

    def __init__(self, spec, args, preprocess, reward_fn):
        self._args, self._num_actions = args, spec.num_actions
        inputs = networks.transition_placeholders(spec, args.batch_size)
        observation, next_observation = preprocess(inputs.observation), preprocess(inputs.next_observation)

        values = self._values('main', observation)                                          # [B, A]
        q = tf.gather(values, inputs.action, batch_dims=1)                                  # [B]
        target_values = self._values('target', next_observation)
        if args.double:                             # arXiv:1509.06461: one network chooses, one evaluates
            best = tf.argmax(self._values('main', next_observation), axis=1)
            target_q = tf.gather(target_values, best, batch_dims=1)
        else:
            target_q = tf.reduce_max(target_values, axis=1)

        reward = reward_fn(inputs)
        target = losses.td_target(reward, inputs.terminal, args.gamma, target_q)
        info = {'dqn/critic_loss': losses.huber(q, target)}
        update = Update(info['dqn/critic_loss'], self._optimizer(), variables('main/value'))
        self.groups = [Group((update,), info, 1, Batch(inputs, None))]
        self.target_pairs, self.target_polyak = pairs('main', 'target'), 0.0
        self.acting = self._acting(spec, preprocess)
        self.epsilon = linear(args.eps_l, args.eps_r, args.eps_decay)
        self.tensors = {'state': observation, 'next_state': next_observation, 'reward': reward,
                        'values': values, 'q_max': tf.reduce_max(values, axis=1), 'q': q,
                        'target_q': target_q}

    def _values(self, side, observation):
        with tf1.variable_scope(f'{side}/value', reuse=tf1.AUTO_REUSE):
            return networks.action_values(observation, self._num_actions, self._args.dueling)

    def _optimizer(self):
        args = self._args
        if args.optimizer == 'rmsprop':
            return tf1.train.RMSPropOptimizer(args.q_lr, decay=args.RMSProp_decay, epsilon=args.RMSProp_eps)
        return tf1.train.AdamOptimizer(args.q_lr, epsilon=args.Adam_eps)

    def _acting(self, spec, preprocess):
        raw = networks.observation_placeholders(spec, [None])
        values = self._values('main', preprocess(raw))
        greedy = tf.argmax(values, axis=1, output_type=tf.int32)
        return Acting(raw, None, greedy, {'q': tf.reduce_max(values, axis=1)})
