"""Soft actor-critic (arXiv:1812.05905)."""
import numpy as np

from algorithm import losses, networks
from algorithm.basis_alg.base import Acting
from utils.tf_util import Group, Update, pairs, tf, tf1, variables
from utils.types import Batch


class SAC:
    """Soft actor-critic with two critics and a learned temperature; see `BasisAlgorithm`.

    Args:
        spec: shapes of the task.
        args: reads batch_size, gamma, polyak, pi_lr, q_lr, alpha_lr (0: fixed), alpha_init.
        preprocess: maps a raw observation to the input of the networks.
        reward_fn: maps `Transitions` placeholders to rewards [B].
    """

    def __init__(self, spec, args, preprocess, reward_fn):
        self._args, self._num_actions = args, spec.action.shape[0]
        inputs = networks.transition_placeholders(spec, args.batch_size)
        noise = tf1.placeholder(tf.float32, [2, args.batch_size, self._num_actions])    # for s and for s'
        observation, next_observation = preprocess(inputs.observation), preprocess(inputs.next_observation)
        self._log_alpha, self._alpha = self._temperature()

        mean, log_std, std = self._policy(observation)                                  # [B, A]
        action, log_prob = losses.squashed_action(mean, log_std, std, noise[0])         # [B, A], [B]
        next_action, next_log_prob = losses.squashed_action(*self._policy(next_observation), noise[1])
        q1, q2 = self._critics('main', observation, inputs.action)                      # [B]
        q1_pi, q2_pi = self._critics('main', observation, action)
        target_q1, target_q2 = self._critics('target', next_observation, next_action)
        q_pi = tf.minimum(q1_pi, q2_pi) - self._alpha * log_prob
        target_q = tf.minimum(target_q1, target_q2) - self._alpha * next_log_prob

        reward = reward_fn(inputs)
        target = losses.td_target(reward, inputs.terminal, args.gamma, target_q)
        info = {
            'sac/policy_loss': -tf.reduce_mean(q_pi),
            'sac/critic_loss': losses.squared_error(q1, target) + losses.squared_error(q2, target),
            'sac/alpha_loss': losses.temperature(self._log_alpha, log_prob, -self._num_actions),
            'sac/alpha': self._alpha,
            'sac/entropy': -tf.reduce_mean(log_prob),
        }
        self.groups = [Group(self._updates(info), info, 1, Batch(inputs, None), noise)]
        self.target_pairs = [pair for critic in ('q_value_1', 'q_value_2')
                             for pair in pairs(f'main/{critic}', f'target/{critic}')]
        self.target_polyak, self.epsilon, self.acting = args.polyak, None, self._acting(spec, preprocess)
        self.tensors = {
            'state': observation, 'next_state': next_observation, 'reward': reward, 'mean': mean,
            'log_std': log_std, 'std': std, 'action': action, 'next_action': next_action,
            'log_prob': log_prob, 'next_log_prob': next_log_prob, 'q1': q1, 'q2': q2, 'q_pi': q_pi,
            'q1_pi': q1_pi, 'q2_pi': q2_pi, 'target_q': target_q, 'target_q1': target_q1,
            'target_q2': target_q2,
        }

    def _temperature(self):
        with tf1.variable_scope('main/alpha'):
            start = tf1.constant_initializer(np.log(self._args.alpha_init))
            log_alpha = tf1.get_variable('log_alpha', [], tf.float32, start, use_resource=True)
        return log_alpha, tf.exp(log_alpha)

    def _policy(self, observation):
        with tf1.variable_scope('main/policy', reuse=tf1.AUTO_REUSE):
            return losses.gaussian_head(networks.policy(observation, 2 * self._num_actions))

    @staticmethod
    def _critics(side, observation, action):
        values = []
        for number in (1, 2):
            with tf1.variable_scope(f'{side}/q_value_{number}', reuse=tf1.AUTO_REUSE):
                values.append(networks.critic(observation, action))
        return values

    def _updates(self, info):
        args = self._args
        critics = variables('main/q_value_1') + variables('main/q_value_2')
        updates = [
            Update(info['sac/policy_loss'], tf1.train.AdamOptimizer(args.pi_lr), variables('main/policy')),
            Update(info['sac/critic_loss'], tf1.train.AdamOptimizer(args.q_lr), critics),
        ]
        if args.alpha_lr > 0:
            adam = tf1.train.AdamOptimizer(args.alpha_lr)
            updates.append(Update(info['sac/alpha_loss'], adam, [self._log_alpha]))
        return tuple(updates)

    def _acting(self, spec, preprocess):
        raw = networks.observation_placeholders(spec, [None])
        noise = tf1.placeholder(tf.float32, [None, self._num_actions])
        observation = preprocess(raw)
        mean, log_std, std = self._policy(observation)
        action, log_prob = losses.squashed_action(mean, log_std, std, noise)
        soft_value = tf.minimum(*self._critics('main', observation, action)) - self._alpha * log_prob
        return Acting(raw, noise, action, {'q': soft_value, 'policy_std': std})
