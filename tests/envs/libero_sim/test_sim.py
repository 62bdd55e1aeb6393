"""The simulator itself: `make test-sim`."""
import numpy as np
import pytest

from envs.libero_sim.appearance import difference, mirrors
from envs.libero_sim.check import ROOT, SAMPLE
from utils.errors import UserError
from utils.foreign.hdf5 import hdf5_file

pytestmark = [pytest.mark.sim, pytest.mark.usefixtures('simulator')]
SUITE = 'libero_spatial'
TASK = 'pick_up_the_black_bowl_from_table_center_and_place_it_on_the_plate'


@pytest.fixture(scope='module')
def demo():
    """{name: array} of the first recorded episode of the sample."""
    with hdf5_file(ROOT / SAMPLE / f'{TASK}_demo.hdf5') as file:
        group = file['data/demo_0']
        return {'actions': group['actions'][()], 'states': group['states'][()],
                **{key: group['obs'][key][()] for key in group['obs']}}


@pytest.fixture(scope='module')
def scene():
    from envs.libero_sim.scene import Scene
    made = Scene(SUITE, TASK, cameras=('agentview',), reflections=False)
    yield made
    made.close()


@pytest.fixture(scope='module')
def physics():
    from envs.libero_sim.scene import Scene
    made = Scene(SUITE, TASK, cameras=())
    yield made
    made.close()


def test_a_recorded_state_looks_as_it_was_recorded(scene, demo):
    for t in (0, 60):
        seen = scene.start(demo['states'][t + 1])
        assert difference(seen['agentview_rgb'], demo['agentview_rgb'][t]) < 0.5
        # robosuite sampled 2 ms before the end of a step; a whole step is 50 ms
        assert np.abs(seen['joint_states'] - demo['joint_states'][t]).max() < 5e-3
        assert np.abs(seen['ee_states'] - demo['ee_states'][t]).max() < 5e-3


def test_the_sample_is_recognized_as_drawn_without_reflections():
    assert mirrors(ROOT / SAMPLE / f'{TASK}_demo.hdf5') is False


def test_a_recorded_success_succeeds_again_with_its_actions(physics, demo):
    physics.start(demo['states'][0])
    outcomes, progress = [], []
    for action in demo['actions']:
        physics.step(action)
        outcomes.append(physics.success())
        progress.append(physics.progress())
    assert outcomes[-1] and not outcomes[0]
    assert progress[-1] == 1 and [p == 1 for p in progress] == outcomes and 0 <= min(progress) < 0.1


def test_the_same_start_and_actions_give_the_same_states_whatever_was_played_before(physics, demo):
    def played(count):
        physics.start(demo['states'][0])
        return [(physics.step(action), physics.state())[1] for action in demo['actions'][:count]]

    first = played(10)
    physics.start(demo['states'][50])
    for _ in range(5):
        physics.step(np.ones(7))
    assert np.array_equal(first, played(10))


def test_a_new_scene_gives_the_same_states_as_one_that_was_used(physics, demo):
    from envs.libero_sim.scene import Scene
    fresh, states = Scene(SUITE, TASK, cameras=()), []
    for each in (fresh, physics):
        each.start(demo['states'][0])
        for action in demo['actions'][:3]:
            each.step(action)
        states.append(each.state())
    fresh.close()
    assert np.array_equal(*states)


def test_observations_are_those_of_robosuites_own_sensors(demo):
    from envs.libero_sim.packages import package_folder
    from envs.libero_sim.scene import Scene
    from envs.libero_sim.tasks import bddl_file
    scene = Scene(SUITE, TASK)      # which answers LIBERO's question
    from libero.libero.envs import OffScreenRenderEnv
    theirs = OffScreenRenderEnv(bddl_file_name=str(bddl_file(package_folder(), SUITE, TASK)),
                                camera_heights=128, camera_widths=128)
    theirs.seed(0)
    theirs.reset()
    theirs.set_init_state(demo['states'][0])
    scene.start(demo['states'][0])
    for action in demo['actions'][:3]:
        mine, _ = scene.step(action), theirs.step(action)
    theirs._update_observables(force=True)      # now, not at the phase of the last step
    expected = theirs.env._get_observations()
    for key, name in (('agentview_rgb', 'agentview_image'), ('eye_in_hand_rgb', 'robot0_eye_in_hand_image'),
                      ('ee_pos', 'robot0_eef_pos'), ('gripper_states', 'robot0_gripper_qpos'),
                      ('joint_states', 'robot0_joint_pos')):
        assert np.array_equal(mine[key], expected[name]), key
    assert np.array_equal(mine['robot_states'], theirs.env.get_robot_state_vector(expected))
    scene.close()
    theirs.close()


def test_a_state_of_another_task_and_a_wrong_action_are_one_line(physics):
    with pytest.raises(UserError, match='expected a state of 92 finite numbers, as this task has, got'):
        physics.start(np.zeros(110))
    physics.start(physics.state())
    with pytest.raises(UserError, match='expected an action of 7 finite numbers'):
        physics.step(np.full(7, np.nan))


def test_fixtures_are_placed_by_a_model_file(physics, demo):
    from envs.libero_sim.fixtures import place
    env = physics._env
    names = {fixture.root_body for fixture in env.env.fixtures_dict.values()}
    bodies = ''.join(f'<body name="{name}" pos="0.1 0.2 0.3"/>' for name in names)
    place(env, f'<mujoco><worldbody>{bodies}</worldbody></mujoco>', ROOT)
    assert all(env.sim.model.body_pos[env.sim.model.body_name2id(name)].tolist() == [0.1, 0.2, 0.3]
               for name in names)
    physics.start(demo['states'][0])        # places them by its own reset again
    with pytest.raises(UserError, match='expected the fixture .*; it has another scene'):
        place(env, '<mujoco><worldbody/></mujoco>', ROOT)


@pytest.fixture(scope='module')
def environment():
    import gymnasium

    import envs.libero_sim.environment
    made = gymnasium.make(envs.libero_sim.environment.ID, suite=SUITE, task=TASK, size=24, horizon=3)
    yield made
    made.close()


@pytest.mark.filterwarnings('ignore:.*Box observation space m.*imum value is')
def test_gymnasium_accepts_the_environment():
    import gymnasium
    from gymnasium.utils.env_checker import check_env

    import envs.libero_sim.environment
    check_env(gymnasium.make(envs.libero_sim.environment.ID, suite=SUITE, task=TASK, size=24).unwrapped)


def test_an_episode_is_truncated_at_its_horizon_and_names_its_outcome(environment):
    environment.reset(seed=0)
    ends = [environment.step(np.zeros(7, np.float32))[2:] for _ in range(3)]
    assert [end[:2] for end in ends] == [(False, False), (False, False), (False, True)]
    assert [end[2]['is_success'] for end in ends] == [False] * 3 and 'progress' in ends[0][2]


def test_an_episode_terminates_at_the_goal(environment, demo):
    environment.reset(options={'state': demo['states'][-1]})
    _, reward, terminated, truncated, info = environment.step(demo['actions'][-1].astype(np.float32))
    assert (reward, terminated, truncated, info['is_success']) == (1.0, True, False, True)


def test_the_wrapper_of_learned_rewards_accepts_the_environment(environment, monkeypatch):
    from algorithm.learned_reward import LearnedReward
    from envs import learned_reward
    from utils.types import Field, Spec

    class Agent:
        def predict_rewards(self, observation, action, next_observation, context=None):
            return next_observation['proprio'][:, 0] - observation['proprio'][:, 0]

    spec = Spec({'agentview': Field((24, 24, 3), np.uint8), 'proprio': Field((15,))}, Field((7,)), context=1,
                tasks=(TASK,))
    reward = LearnedReward(Agent(), spec, {TASK: np.zeros(1, np.float32)})
    monkeypatch.setattr(learned_reward, '_loaded', lambda source: reward)
    wrapped = learned_reward.LearnedRewardWrapper(environment, 'x.onnx', task=TASK)
    before, _ = wrapped.reset(seed=0)
    after, _, _, _, info = wrapped.step(np.full(7, 0.5, np.float32))
    assert info['learned_reward'] == pytest.approx(after['proprio'][0] - before['proprio'][0])
    assert info['is_success'] is False
