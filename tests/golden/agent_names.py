"""Our names for the values that the recordings of agents have under the original's names."""

_REWARD = {'rews_pred': 'reward', 'rrd_rews_pred': 'reward/predicted', 'rrd': 'reward/predicted_mean',
           'r_var_single': 'reward/sample_variance', 'r_total_loss': 'reward/total_loss',
           'obs_normalized': 'state', 'obs_next_normalized': 'next_state'}
TENSORS = {
    'sac': _REWARD | {
        'pi_mean': 'mean', 'pi_logstd': 'log_std', 'pi_std': 'std',
        'pi_act': 'action', 'pi_log_p': 'log_prob',
        'pi_next_act': 'next_action', 'pi_next_log_p': 'next_log_prob', 'q_1': 'q1', 'q_2': 'q2',
        'q_pi_1': 'q1_pi', 'q_pi_2': 'q2_pi', 'q_pi': 'q_pi', 'q_t_1': 'target_q1', 'q_t_2': 'target_q2',
        'q_t': 'target_q', 'alpha': 'sac/alpha', 'alpha_loss': 'sac/alpha_loss'},
    'td3': _REWARD | {
        'pi': 'action', 'pi_t': 'next_action', 'q_1': 'q1', 'q_2': 'q2', 'q_pi': 'q_pi', 'q_t_1': 'target_q1',
        'q_t_2': 'target_q2', 'q_t': 'target_q'},
    'ddpg': _REWARD | {
        'pi': 'action', 'pi_t': 'next_action', 'q': 'q', 'q_pi': 'q_pi', 'q_t': 'target_q'},
    'dqn': _REWARD | {'q': 'values', 'q_pi': 'q_max', 'q_acts': 'q', 'q_t': 'target_q'},
}
INFO = {'Pi_loss': '{basis}/policy_loss', 'Q_loss': '{basis}/critic_loss',
        'Q_reg_loss': '{basis}/regularization', 'alpha': '{basis}/alpha', 'alpha_loss': '{basis}/alpha_loss',
        'R_loss': 'reward/loss', 'R_var': 'reward/variance'}
STEP_INFO = {'Q_average': 'q', 'Pi_step_std': 'policy_std'}


def our_variable(name):
    """The original's `rrd/net/...` is our `reward/net/...`; every other variable has kept its name."""
    return name.replace('rrd/', 'reward/', 1) if name.startswith('rrd/') else name
