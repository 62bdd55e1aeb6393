"""The checker detects a change of 1 % in arrays of agents; of ten tolerances in gradients and weights."""
import numpy as np
import pytest

from tests.golden import agents
from tests.golden.agent_replay import Replay
from tests.golden.case import Case
from tests.golden.changes import load, not_facts, unnoticed
from tests.golden.recordings import RECORDED, SHARED, needs_larger

LARGER = pytest.param('agent_sac_rrd', ('init_full/', 'final_full/'), marks=needs_larger)
# no loss reads these: with RRD the reward of a transition, and all but states where TD3 trains its policy;
# 1 % more random actions are no others in a few calls
IDLE = {
    'agent_dqn_mlp_double': {'epsilon/eps'},
    'agent_dqn_mlp_rrd_l': {'train/batch/rews', 'epsilon/eps'},
    'agent_sac_rrd_obs_norm': {'train/batch/rews'},
    'agent_td3_rrd_l': {'train_q/batch/rews', *(f'train_pi/batch/{key}' for key in (
        'obs_next', 'acts', 'rews', 'done',
        'rrd_obs', 'rrd_obs_next', 'rrd_acts', 'rrd_rews', 'rrd_var_coef'))},
}
# of convolutions, which take longer to play: some of what is fed, what comes out, and the largest weights
FRAMES = ('train/batch/rrd_obs_next_u8', 'train/info/', 'train/tensor/', 'step/after/',
          'digest/main/value/net/q_dense_act/', 'grad/rrd/net/r_dense_act/')


@pytest.mark.parametrize('name, keys', [
    ('agent_sac_rrd_obs_norm', ''), ('agent_td3_rrd_l', ''), ('agent_ddpg', ''), ('agent_dqn_mlp_double', ''),
    ('agent_dqn_mlp_rrd_l', ''), ('agent_dqn_conv_rrd_l', FRAMES), LARGER])
@pytest.mark.slow
def test_a_change_of_any_array_of_an_agent_is_noticed(name, keys):
    arrays = load(name, RECORDED if (RECORDED / f'{name}.npz').exists() else SHARED)
    replay = Replay(Case(RECORDED, arrays).config()['args'])
    ours = replay.play(Case(RECORDED, arrays))

    def check(case):
        """Compares what was played before, unless what is played has changed."""
        different = {key for key in case.keys() if case[key] is not arrays[key]}
        if different <= set(ours):
            agents.compare(case, {key: ours[key] for key in different or ours})
        else:
            agents.compare(case, replay.play(case))

    assert unnoticed(arrays, check, keys) == IDLE.get(name, set()) | (set() if keys else not_facts(arrays))


def test_initial_weights_are_compared_exactly():
    arrays, key = load('agent_ddpg'), 'digest/main/policy/net/pi/bias/sample'
    ours = {key: arrays[key].copy()}
    arrays[key][0, 0] = np.nextafter(arrays[key][0, 0], np.float32(1))
    case = Case(RECORDED, arrays)
    agents.compare(case, ours)
    assert case.worst == np.inf


def test_a_loss_without_regulariser_is_not_compared_with_the_nan_of_the_original():
    arrays = load('agent_ddpg_q_reg')
    arrays['config_json'] = np.array(str(arrays['config_json']).replace('"q_reg": 0.5', '"q_reg": 0.0'))
    arrays['train/info/Q_reg_loss'][:] = np.nan
    case = Case(RECORDED, arrays)
    agents.compare(case, Replay(case.config()['args']).play(case))
    assert case.unused == ['train/info/Q_reg_loss']
