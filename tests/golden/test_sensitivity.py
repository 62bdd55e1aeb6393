"""The checker notices a change of 1 % in any recorded array; in gradients and weights, ten tolerances."""
import numpy as np
import pytest

from tests.golden import agents, buffer_tables, buffers, environments, learner, normalizer
from tests.golden.agent_replay import Replay
from tests.golden.case import Case
from tests.golden.recordings import RECORDED, SHARED, needs_larger

LARGER = pytest.param('agent_sac_rrd', ('init_full/', 'final_full/'), marks=needs_larger)


def load(name, directory=RECORDED):
    with np.load(directory / f'{name}.npz', allow_pickle=False) as data:
        return dict(data)


def changed(array):
    """1 % more of every real number; otherwise another first flag, or another last number or text."""
    if array.dtype.kind == 'f':
        scaled = array * 1.01
        return scaled if np.any(scaled != array) else array + 0.01      # the logarithm of a temperature of 1
    if array.dtype.kind == 'b':
        return np.concatenate([~array[:1], array[1:]])
    changed = array.astype(f'<U{array.dtype.itemsize}') if array.dtype.kind == 'U' else array.copy()
    last = tuple(size - 1 for size in array.shape)          # the first of a stream may be forgotten
    changed[last] = f'{array[last]}?' if array.dtype.kind == 'U' else array[last] + 1
    return changed


def ten_tolerances(key, array):
    """One entry of a digest moved by ten of the tolerances that the recordings' README suggests."""
    array, row = array.copy(), np.flatnonzero(~np.isnan(array[:, 0]))[-1]
    largest = np.nanmax(np.abs(array))
    if key.startswith('grad/'):
        tolerance = 1e-3 * largest + 1e-6 * (array.shape[1] == 1)
    elif key.endswith('/sample'):
        tolerance = 3e-7 + 1e-3 * np.abs(array - array[0]).max()
    else:
        tolerance = 5e-5 * largest
    array[row, 0] += 10 * tolerance
    return array


def fails(check, case):
    """Whether the program would report a failure."""
    try:
        check(case)
    except Exception:       # as the program: what cannot be checked has failed
        return True
    return case.failed


def unnoticed(arrays, check, keys=''):
    """Keys of a recording, of those that begin with `keys`, whose change `check` misses."""
    assert not fails(check, Case(RECORDED, arrays))
    missed = set()
    for key, array in arrays.items():
        if key.startswith(keys):
            digest = key.startswith(('digest/', 'grad/'))
            change = ten_tolerances(key, array) if digest else changed(array)
            if not fails(check, Case(RECORDED, {**arrays, key: change})):
                missed.add(key)
    return missed


def not_facts(arrays):
    """Keys that need not be compared: defects and exact random draws of the original."""
    return {key for key in arrays if key.startswith(('quirk/', 'hist/')) or key == 'seeded_batch_seed'}


# no loss reads these: with RRD the reward of a transition, and all but states where TD3 trains its policy
IDLE = {
    'agent_sac_rrd_obs_norm': {'train/batch/rews'},
    'agent_td3_rrd_l': {'train_q/batch/rews', *(f'train_pi/batch/{key}' for key in (
        'obs_next', 'acts', 'rews', 'done',
        'rrd_obs', 'rrd_obs_next', 'rrd_acts', 'rrd_rews', 'rrd_var_coef'))},
}


@pytest.mark.parametrize('name, keys', [
    ('agent_sac_rrd_obs_norm', ''), ('agent_td3_rrd_l', ''), ('agent_ddpg', ''), LARGER])
def test_a_change_of_any_array_of_an_agent_is_noticed(name, keys):
    arrays = load(name, SHARED if keys else RECORDED)
    replay = Replay(Case(RECORDED, arrays).config()['args'])
    ours = replay.play(Case(RECORDED, arrays))

    def check(case):
        """Compares what was played before, unless what is played has changed."""
        different = {key for key in case.keys() if case[key] is not arrays[key]}
        if different <= set(ours):
            agents.compare(case, {key: ours[key] for key in different or ours})
        else:
            agents.compare(case, replay.play(case))

    assert unnoticed(arrays, check, keys) == IDLE.get(name, set()) | not_facts(arrays)


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


@pytest.mark.parametrize('name', ['buffer_rrd', 'buffer_ircr', 'buffer_transition'])
def test_a_change_of_any_array_of_a_replay_buffer_is_noticed(name, monkeypatch):
    monkeypatch.setattr(buffers, 'DRAWS_PER_STEP', 20)
    arrays = load(name)
    check = {'buffer_rrd': buffers.check_rrd, 'buffer_ircr': buffers.check_ircr,
             'buffer_transition': buffers.check_transition}[name]
    assert unnoticed(arrays, check) == not_facts(arrays)


def test_a_change_of_any_array_of_a_small_table_is_noticed(monkeypatch):
    monkeypatch.setattr(buffer_tables, 'SEQUENCES', 20)
    assert unnoticed(load('ircr_heap_ties'), buffer_tables.check_heap_ties) == set()
    assert unnoticed(load('rrd_coef_table'), buffer_tables.check_coefficients) == set()


def test_a_change_of_any_array_of_the_normaliser_is_noticed():
    arrays = load('normalizer')
    assert unnoticed(arrays, normalizer.check) == not_facts(arrays)


@pytest.mark.parametrize('group', ['mujoco_ep_rews', 'mujoco_normal'])
def test_a_change_of_any_array_of_an_environment_is_noticed(group):
    names = {f'{group}/gym_id', f'{group}/env_info_keys'}       # of the original's simulator, and of its log
    assert unnoticed(load('env_wrappers'), lambda case: environments.check(case, group), f'{group}/') == names


def unnoticed_kinds(arrays, key, change, check):
    """Kinds of lines of which `change` of the last one is missed."""
    lines = arrays[key].tolist()
    last = {line.split('=')[0].split('(')[0].rstrip(' 0123456789'): i for i, line in enumerate(lines)}
    return {kind for kind, i in last.items() if not fails(check, Case(RECORDED, {
        **arrays, key: np.array([*lines[:i], *change(lines[i]), *lines[i + 1:]])}))}


@pytest.mark.parametrize('name', ['mujoco_sac', 'mujoco_td3'])
def test_a_change_of_any_kind_of_line_of_a_learner_is_noticed(name):
    arrays, key = load('learner_trace'), f'{name}/events'
    ours = learner.play_learner(Case(RECORDED, arrays), name)

    def check(case):
        learner.compare_lines(case, key, ours, learner.LEFT_OUT['learner'])

    assert not fails(check, Case(RECORDED, arrays))
    for change in (lambda line: [f'{line}0'], lambda line: [], lambda line: [line, line]):
        missed = unnoticed_kinds(arrays, key, change, check)
        assert missed <= {'env.get_obs', 'logger.add_dict Q_loss', 'logger.add_dict Pi_loss'}


def test_a_change_of_any_number_or_kind_of_line_of_the_tester_is_noticed():
    arrays = load('learner_trace')

    def check(case):
        learner.compare_tester(case, *learner.play_tester(case))

    assert unnoticed(arrays, check, 'tester/') == set()
    missed = unnoticed_kinds(arrays, 'tester/events', lambda line: [f'{line}0'], check)
    assert missed == {'tester.epoch_summary'}
