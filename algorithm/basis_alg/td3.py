"""Twin delayed deep deterministic policy gradient (arXiv:1802.09477)."""
from functools import partial

from algorithm import losses, networks
from algorithm.basis_alg.base import acting_with_noise
from utils.tf_util import Group, Update, pairs, tf, tf1, variables
from utils.types import Batch


class TD3:
    """Two critics at every update, the policy at every `pi_delay_freq`-th; see `BasisAlgorithm`.

    Args:
        spec: shapes of the task.
        args: reads batch_size, gamma, polyak, pi_lr, q_lr, pi_delay_freq, pi_t_std, pi_t_clip, std_act.
        preprocess: maps a raw observation to the input of the networks.
        reward_fn: maps `Transitions` placeholders to rewards [B].
    """

    def __init__(self, spec, args, preprocess, reward_fn):
        self._args, self._num_actions = args, spec.action.shape[0]
        inputs = networks.transition_placeholders(spec, args.batch_size)
        noise = tf1.placeholder(tf.float32, [args.batch_size, self._num_actions])
        observation, next_observation = preprocess(inputs.observation), preprocess(inputs.next_observation)

        action = self._policy('main', observation)                                          # [B, A]
        q1, q2 = (self._critic(f'main/value_{k}', observation, inputs.action) for k in (1, 2))    # [B]
        q_pi = self._critic('main/value_1', observation, action)
        smoothing = tf.clip_by_value(args.pi_t_std * noise, -args.pi_t_clip, args.pi_t_clip)
        next_action = tf.clip_by_value(self._policy('target', next_observation) + smoothing, -1.0, 1.0)
        target_q1, target_q2 = (
            self._critic(f'target/value_{k}', next_observation, next_action) for k in (1, 2))
        target_q = tf.minimum(target_q1, target_q2)

        reward = reward_fn(inputs)
        target = losses.td_target(reward, inputs.terminal, args.gamma, target_q)
        critic_loss = losses.squared_error(q1, target) + losses.squared_error(q2, target)
        policy_loss = -tf.reduce_mean(q_pi)
        self.groups = self._groups(critic_loss, policy_loss, Batch(inputs, None), noise)
        self.target_pairs, self.target_polyak = pairs('main', 'target'), args.polyak
        self.acting = acting_with_noise(spec, preprocess, partial(self._policy, 'main'),
                                        partial(self._critic, 'main/value_1'), args.std_act)
        self.epsilon = None
        self.tensors = {
            'state': observation, 'next_state': next_observation, 'reward': reward,
            'action': action, 'smoothing': smoothing, 'next_action': next_action,
            'q1': q1, 'q2': q2, 'q_pi': q_pi,
            'target_q1': target_q1, 'target_q2': target_q2, 'target_q': target_q,
        }

    def _policy(self, side, observation):
        with tf1.variable_scope(f'{side}/policy', reuse=tf1.AUTO_REUSE):
            return networks.policy(observation, self._num_actions, activation=tf.tanh)

    @staticmethod
    def _critic(scope, observation, action):
        with tf1.variable_scope(scope, reuse=tf1.AUTO_REUSE):
            return networks.critic(observation, action)

    def _groups(self, critic_loss, policy_loss, inputs, noise):
        critics = variables('main/value_1') + variables('main/value_2')
        critic = Update(critic_loss, tf1.train.AdamOptimizer(self._args.q_lr), critics)
        policy = Update(policy_loss, tf1.train.AdamOptimizer(self._args.pi_lr), variables('main/policy'))
        return [Group((critic,), {'td3/critic_loss': critic_loss}, 1, inputs, noise),
                Group((policy,), {'td3/policy_loss': policy_loss}, self._args.pi_delay_freq, inputs)]
