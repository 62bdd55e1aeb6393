"""Virtual episodes, step by step on a recording of six, and how often each kind is drawn."""
from collections import Counter

import numpy as np
import pytest

from algorithm.recorded.contrast import Contrast, as_recorded, cut, rewound, swapped
from tests.recordings import CONTEXTS, recording


def steps_of(plan):
    """[(observation before, observation after, action of which recorded step)]."""
    actions = np.round(100 * abs(plan.actions[:, 1])).astype(int) - 1
    return list(zip(plan.before.tolist(), plan.after.tolist(), actions.tolist(), strict=True))


FORWARD = [(0, 1, 0), (1, 2, 1), (2, 3, 2), (3, 4, 3), (4, 5, 4), (5, 6, 5)]


def test_a_recorded_episode_is_itself():
    episode = recording(total_reward=2.0)
    plan = as_recorded(episode)
    assert steps_of(plan) == FORWARD
    assert plan.recording is episode and plan.actions is episode.actions and plan.context is episode.context
    assert plan.total_reward == 2.0


def test_a_swapped_episode_differs_in_its_task_and_its_return_alone():
    episode, context = recording(task='a'), CONTEXTS['b']
    plan = swapped(episode, context)
    assert steps_of(plan) == FORWARD and plan.actions is episode.actions
    assert plan.context is context and plan.total_reward == 0


@pytest.mark.parametrize('length', [1, 4, 6])
def test_a_cut_episode_is_its_first_steps_without_a_reward(length):
    episode = recording()
    plan = cut(episode, length)
    assert steps_of(plan) == FORWARD[:length]
    np.testing.assert_array_equal(plan.actions, episode.actions[:length])
    assert plan.context is episode.context and plan.total_reward == 0


def test_a_rewound_episode_returns_by_the_same_steps_in_reverse():
    plan = rewound(recording(), 3)
    assert steps_of(plan) == [(0, 1, 0), (1, 2, 1), (2, 3, 2), (3, 2, 2), (2, 1, 1), (1, 0, 0)]
    assert plan.context is CONTEXTS['a'] and plan.total_reward == 0


def test_a_rewound_episode_shows_every_observation_there_and_back_and_ends_where_it_began():
    plan = rewound(recording(number=1), 3)
    before, after = (plan.recording.observation(numbers) for numbers in (plan.before, plan.after))
    assert before['agentview'][:, 0, 0, 0].tolist() == [25, 26, 27, 28, 27, 26]
    assert after['agentview'][:, 0, 0, 0].tolist() == [26, 27, 28, 27, 26, 25]
    np.testing.assert_array_equal(before['proprio'], [[1, t, t * t] for t in (0, 1, 2, 3, 2, 1)])


@pytest.mark.parametrize('length', [1, 2, 6])
def test_the_changes_of_a_rewound_episode_cancel(length):
    """The network sees s - s': forward and backward steps come in pairs that differ in its sign."""
    plan = rewound(recording(), length)
    proprio = plan.recording.vectors['proprio']
    change = proprio[plan.before] - proprio[plan.after]
    np.testing.assert_array_equal(change[::-1], -change)
    assert change.any() and len(change) == 2 * length


def test_backward_the_arm_actions_are_negated_and_the_gripper_actions_kept():
    episode = recording()
    actions = rewound(episode, 3).actions
    np.testing.assert_array_equal(actions[:3], episode.actions[:3])
    np.testing.assert_array_equal(actions[3:, :2], -episode.actions[2::-1, :2])
    np.testing.assert_array_equal(actions[3:, 2], episode.actions[2::-1, 2])
    assert actions.dtype == np.float32 and actions[:, 2].all()


def drawn(recordings, shares, count, seed=0):
    """`count` plans."""
    contrast, rng = Contrast(recordings, shares), np.random.default_rng(seed)
    return [contrast.draw(rng) for _ in range(count)]


def kind_of(plan):
    if plan.total_reward:
        return 'recorded'
    if plan.context is not plan.recording.context:
        return 'swap'
    return 'rewind' if plan.before[-1] > plan.after[-1] else 'prefix'


def assert_shares(counts, shares):
    """Counts that lie within five standard deviations of a binomial's: off once in a million draws."""
    total = sum(counts.values())
    assert set(counts) == {kind for kind, share in shares.items() if share}
    for kind, share in shares.items():
        assert abs(counts[kind] - share * total) <= 5 * (share * (1 - share) * total) ** 0.5, (kind, counts)


@pytest.mark.parametrize('shares', [
    {}, {'rewind': 0.95}, {'prefix': 0.3, 'swap': 0.5}, {'swap': 0.2, 'rewind': 0.4, 'prefix': 0.1}])
def test_kinds_are_drawn_by_their_shares_and_recordings_for_the_rest(shares):
    plans = drawn([recording(30, 'a'), recording(30, 'b')], shares, 2000)
    assert_shares(Counter(map(kind_of, plans)), {'recorded': 1 - sum(shares.values()), **shares})


def test_recordings_of_a_kind_are_drawn_in_proportion_to_their_steps():
    recordings = [recording(1), recording(5, total_reward=0.0), recording(4, 'b'),
                  recording(15, total_reward=0.0)]
    counts = Counter(id(plan.recording) for plan in drawn(recordings, {'failure': 0.4}, 2000))
    assert_shares({i: counts[id(one)] for i, one in enumerate(recordings)},
                  {0: 0.12, 1: 0.1, 2: 0.48, 3: 0.3})


def test_failures_without_a_share_are_never_drawn():
    recordings = [recording(), recording(total_reward=0.0)]
    assert {id(plan.recording) for plan in drawn(recordings, {}, 200)} == {id(recordings[0])}


@pytest.mark.parametrize('kind', ['swap', 'prefix'])
def test_episodes_are_swapped_and_cut_of_every_success_alike_and_of_no_failure(kind):
    recordings = [recording(20), recording(80), recording(40, 'b'), recording(50, total_reward=0.0)]
    plans = [plan for plan in drawn(recordings, {kind: 0.9}, 2000)
             if plan.total_reward == 0 and plan.recording is not recordings[3]]
    counts = Counter(id(plan.recording) for plan in plans)
    expected = dict.fromkeys(range(3), 1 / 3)
    assert_shares({i: counts[id(one)] for i, one in enumerate(recordings[:3])}, expected)
    shares = {'failure': 0.3, kind: 0.6}
    failed = [plan for plan in drawn(recordings, shares, 500) if plan.recording is recordings[3]]
    assert failed and all(steps_of(plan) == steps_of(as_recorded(recordings[3])) for plan in failed)


def test_any_recording_is_rewound_each_as_often():
    recordings = [recording(20), recording(80), recording(40, total_reward=0.0)]
    plans = [plan for plan in drawn(recordings, {'rewind': 0.9}, 2000) if kind_of(plan) == 'rewind']
    counts = Counter(id(plan.recording) for plan in plans)
    assert_shares({i: counts[id(one)] for i, one in enumerate(recordings)}, dict.fromkeys(range(3), 1 / 3))


def test_an_episode_is_swapped_to_every_other_task_and_never_to_its_own():
    recordings = [recording(total_reward=float(name == 'a'))._replace(task=name, context=context)
                  for name, context in zip('abc', np.eye(3, dtype=np.float32), strict=True)]
    contexts = [plan.context for plan in drawn(recordings, {'swap': 0.9}, 1000)
                if plan.recording is recordings[0] and not plan.total_reward]
    counts = Counter(int(context.argmax()) for context in contexts)
    assert_shares(counts, {1: 0.5, 2: 0.5})


def lengths_of(kind, length):
    """Lengths of the virtual episodes among many draws; half the length of a rewound one."""
    plans = [plan for plan in drawn([recording(length)], {kind: 0.9}, 1000) if not plan.total_reward]
    return {len(plan.actions) // (2 if kind == 'rewind' else 1) for plan in plans}


def test_a_success_that_is_rewarded_in_its_first_step_is_never_cut():
    recordings = [recording(20, unrewarded=0), recording(20)]
    plans = [plan for plan in drawn(recordings, {'prefix': 0.9}, 200) if not plan.total_reward]
    assert {id(plan.recording) for plan in plans} == {id(recordings[1])}


def test_a_cut_episode_ends_before_a_reward_in_the_middle():
    plans = drawn([recording(40, unrewarded=12)], {'prefix': 0.9}, 500)
    assert {len(plan.actions) for plan in plans if not plan.total_reward} == {10, 11, 12}


def test_a_rewound_episode_turns_anywhere_after_its_first_quarter():
    assert lengths_of('rewind', 16) == set(range(4, 17))


@pytest.mark.parametrize('length', [11, 12, 13, 14, 20, 24])
def test_a_cut_episode_never_reaches_the_steps_in_which_the_goal_held(length):
    longest = length - 10
    assert lengths_of('prefix', length) == set(range(min(length // 4, longest), longest + 1)) - {0}


@pytest.mark.parametrize('kind, length', [('rewind', 1), ('rewind', 2), ('rewind', 6), ('prefix', 2),
                                          ('prefix', 6)])
def test_even_the_shortest_episode_gives_a_virtual_one_of_a_step(kind, length):
    assert min(lengths_of(kind, length)) == 1


@pytest.mark.parametrize('recordings, shares, text', [
    ([recording(total_reward=0.0)], {'failure': 0.1}, 'expected successes among the recordings'),
    ([recording(), recording()], {'swap': 0.1}, 'swap requires episodes of two tasks or more'),
    ([recording(unrewarded=0)], {'prefix': 0.1},
     'prefix requires successes that are not rewarded in their first step')])
def test_a_kind_that_cannot_be_made_is_refused(recordings, shares, text):
    with pytest.raises(ValueError, match=f'^{text}$'):
        Contrast(recordings, shares)
