"""Deep deterministic policy gradient (arXiv:1509.02971)."""
from functools import partial

from algorithm import losses, networks
from algorithm.basis_alg.base import acting_with_noise
from utils.tf_util import Group, Update, pairs, tf, tf1, variables
from utils.types import Batch


class DDPG:
    """One critic with weight decay, one policy; see `BasisAlgorithm`.

    Args:
        spec: shapes of the task.
        args: reads batch_size, gamma, polyak, pi_lr, q_lr, q_reg, std_act.
        preprocess: maps a raw observation to the input of the networks.
        reward_fn: maps `Transitions` placeholders to rewards [B].
    """

    def __init__(self, spec, args, preprocess, reward_fn):
        self._args, self._num_actions = args, spec.action.shape[0]
        inputs = networks.transition_placeholders(spec, args.batch_size)
        observation, next_observation = preprocess(inputs.observation), preprocess(inputs.next_observation)

        action = self._policy('main', observation)                                          # [B, A]
        q = self._critic('main', observation, inputs.action)                                # [B]
        q_pi = self._critic('main', observation, action)
        next_action = self._policy('target', next_observation)
        target_q = self._critic('target', next_observation, next_action)

        reward = reward_fn(inputs)
        target = losses.td_target(reward, inputs.terminal, args.gamma, target_q)
        info = {
            'ddpg/policy_loss': -tf.reduce_mean(q_pi),
            'ddpg/critic_loss': losses.squared_error(q, target),
            'ddpg/regularization': losses.mean_weight_decay(variables('main/value'), args.q_reg),
        }
        self.groups = [Group(self._updates(info), info, 1, Batch(inputs, None))]
        self.target_pairs, self.target_polyak = pairs('main', 'target'), args.polyak
        self.acting = acting_with_noise(spec, preprocess, partial(self._policy, 'main'),
                                        partial(self._critic, 'main'), args.std_act)
        self.epsilon = None
        self.tensors = {
            'state': observation, 'next_state': next_observation, 'reward': reward, 'action': action,
            'next_action': next_action, 'q': q, 'q_pi': q_pi, 'target_q': target_q,
        }

    def _policy(self, side, observation):
        with tf1.variable_scope(f'{side}/policy', reuse=tf1.AUTO_REUSE):
            return networks.policy(observation, self._num_actions, (400, 300), tf.tanh)

    @staticmethod
    def _critic(side, observation, action):
        with tf1.variable_scope(f'{side}/value', reuse=tf1.AUTO_REUSE):
            return networks.late_action_critic(observation, action)

    def _updates(self, info):
        policy = Update(info['ddpg/policy_loss'], tf1.train.AdamOptimizer(self._args.pi_lr),
                        variables('main/policy'))
        critic = Update(info['ddpg/critic_loss'] + info['ddpg/regularization'],
                        tf1.train.AdamOptimizer(self._args.q_lr), variables('main/value'))
        return policy, critic
