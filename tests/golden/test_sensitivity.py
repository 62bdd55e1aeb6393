"""The checker detects a change of 1 % in any recorded array; those of agents are in a separate file."""
import numpy as np
import pytest

from tests.golden import (
    buffer_checks,
    buffer_frames,
    buffer_tables,
    buffers,
    environments,
    learner,
    normalizer,
)
from tests.golden.case import Case
from tests.golden.changes import fails, load, not_facts, unnoticed
from tests.golden.recordings import RECORDED


@pytest.mark.parametrize('name', [*(pytest.param(name, marks=pytest.mark.slow) for name in (
    'buffer_rrd', 'buffer_ircr')), 'buffer_transition'])
def test_a_change_of_any_array_of_a_replay_buffer_is_noticed(name, monkeypatch):
    monkeypatch.setattr(buffer_checks, 'DRAWS_PER_STEP', 20)
    arrays = load(name)
    check = {'buffer_rrd': buffers.check_rrd, 'buffer_ircr': buffers.check_ircr,
             'buffer_transition': buffers.check_transition}[name]
    assert unnoticed(arrays, check) == not_facts(arrays)


# how often steps repeat where the original draws with replacement, and ours without
NOT_COMPARED = {'rrd/duplicates_fraction', 'rrd/mean_distinct', 'rrd/hist'}


@pytest.mark.parametrize('name', ['buffer_framestack_dqn', *(pytest.param(name, marks=pytest.mark.slow)
                                                             for name in ('buffer_framestack_ircr',
                                                                          'buffer_framestack_rrd'))])
def test_a_change_of_any_array_of_a_buffer_of_frames_is_noticed(name, monkeypatch):
    monkeypatch.setattr(buffer_checks, 'DRAWS_PER_STEP', 100)
    arrays = load(name)
    assert unnoticed(arrays, buffer_frames.check) == (not_facts(arrays) | NOT_COMPARED) & set(arrays)


def test_a_change_of_any_array_of_a_small_table_is_noticed(monkeypatch):
    monkeypatch.setattr(buffer_tables, 'SEQUENCES', 20)
    assert unnoticed(load('ircr_heap_ties'), buffer_tables.check_heap_ties) == set()
    assert unnoticed(load('rrd_coef_table'), buffer_tables.check_coefficients) == set()


def test_a_change_of_any_array_of_the_normaliser_is_noticed():
    arrays = load('normalizer')
    assert unnoticed(arrays, normalizer.check) == not_facts(arrays)


@pytest.mark.parametrize('group', [
    'mujoco_ep_rews', 'mujoco_normal', 'atari_ep_rews', 'atari_normal_sticky', 'frame'])
def test_a_change_of_any_array_of_an_environment_is_noticed(group):
    arrays = load('env_wrappers')
    names = {f'{group}/gym_id', f'{group}/env_info_keys'}       # of the original's simulator, and of its log
    missed = unnoticed(arrays, lambda case: environments.check(case, group), f'{group}/')
    assert missed == names & set(arrays)


def unnoticed_kinds(arrays, key, change, check):
    """Kinds of lines of which `change` of the last one is missed."""
    lines = arrays[key].tolist()
    last = {line.split('=')[0].split('(')[0].rstrip(' 0123456789'): i for i, line in enumerate(lines)}
    return {kind for kind, i in last.items() if not fails(check, Case(RECORDED, {
        **arrays, key: np.array([*lines[:i], *change(lines[i]), *lines[i + 1:]])}))}


def lines_of_learner(arrays, key):
    """Lines as ours has them, without playing: `test_golden` shows that it has all but those left out."""
    return [line for line in arrays[key].tolist() if not line.startswith(learner.LEFT_OUT['learner'])]


@pytest.mark.parametrize('name', ['mujoco_sac', 'mujoco_td3', 'atari_ep_rews', 'atari_normal_clipped'])
def test_a_change_of_any_kind_of_line_of_a_learner_is_noticed(name):
    arrays, key = load('learner_trace'), f'{name}/events'
    ours = lines_of_learner(arrays, key)

    def check(case):
        learner.compare_lines(case, key, ours, learner.LEFT_OUT['learner'])

    assert not fails(check, Case(RECORDED, arrays))
    for change in (lambda line: [f'{line}e1'], lambda line: [], lambda line: [line, line]):
        missed = unnoticed_kinds(arrays, key, change, check)
        assert missed <= {'env.get_obs', 'env.get_frame', 'logger.add_dict Q_loss', 'logger.add_dict Pi_loss'}


def test_another_epsilon_of_a_learner_is_noticed():
    arrays, key = load('learner_trace'), 'atari_ep_rews/events'
    ours = lines_of_learner(arrays, key)
    arrays[key] = np.array([line.replace('Epsilon=0.653499997', 'Epsilon=0.653502') for line in arrays[key]])
    case = Case(RECORDED, arrays)
    learner.compare_lines(case, key, ours, learner.LEFT_OUT['learner'])
    assert 1.9 < case.worst < 2.1


def test_a_change_of_any_number_or_kind_of_line_of_the_tester_is_noticed():
    arrays = load('learner_trace')

    def check(case):
        learner.compare_tester(case, *learner.play_tester(case))

    assert unnoticed(arrays, check, 'tester/') == set()
    missed = unnoticed_kinds(arrays, 'tester/events', lambda line: [f'{line}0'], check)
    assert missed == {'tester.epoch_summary'}
