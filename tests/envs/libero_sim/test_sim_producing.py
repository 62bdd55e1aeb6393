"""`perturb` and `replay` in the simulator itself: `make test-sim`."""
import h5py
import numpy as np
import pytest

from envs.libero_sim import producing
from envs.libero_sim.check import ROOT, SAMPLE
from envs.libero_sim.demonstrations import read_sources
from envs.libero_sim.playing import play_to_end
from utils.foreign.hdf5 import hdf5_file

pytestmark = [pytest.mark.sim, pytest.mark.usefixtures('simulator')]
NAME = 'pick_up_the_black_bowl_from_table_center_and_place_it_on_the_plate_demo.hdf5'
STEPS = 12


@pytest.fixture
def data(tmp_path):
    """A folder with the first steps of two demonstrations, as if these were successes."""
    (tmp_path / 'in').mkdir()
    with hdf5_file(ROOT / SAMPLE / NAME) as source, h5py.File(tmp_path / 'in' / NAME, 'w') as file:
        for name in ('demo_0', 'demo_1'):
            demo = file.create_group(f'data/{name}')
            for key in ('actions', 'states'):
                demo[key] = source[f'data/{name}/{key}'][:STEPS]
            demo['rewards'] = np.ones(STEPS)
    return tmp_path / 'in'


def test_any_number_of_processes_makes_the_same_bytes(data, tmp_path):
    made = []
    for jobs in (1, 2):
        out = tmp_path / f'out{jobs}'
        producing.perturb([f'--libero_path={data}', f'--out={out}', '--per_demo=1', '--cameras=agentview',
                           '--size=32', f'--jobs={jobs}'])
        made.append({str(path.relative_to(out)): path.read_bytes() for path in out.rglob('*')
                     if path.is_file()})
    assert len(made[0]) >= 3 and made[0] == made[1]


def test_a_demonstration_succeeds_again():
    from envs.libero_sim.scene import Scene
    source = read_sources(str(ROOT / SAMPLE / NAME))[0]
    own, scene = source.demonstrations[0], Scene(source.suite, source.task, cameras=())
    played = play_to_end(scene, own.state, own.actions, own.model_file)
    scene.close()
    assert played.success and played.progress[0] < 0.1 and played.progress[-1] == 1


def test_observations_before_the_actions_are_those_of_the_states(data, tmp_path):
    with hdf5_file(ROOT / SAMPLE / NAME) as source, h5py.File(data / NAME, 'r+') as file:
        del file['data/demo_1']
        states = source['data/demo_0/states']
        file['data/demo_0/states'][:] = states[len(states) - STEPS:]        # the goal holds from the start
        file['data/demo_0/actions'][:, 6] = -1
    producing.replay([f'--libero_path={data}', f'--out={tmp_path / "out"}', '--size=64',
                      '--cameras=agentview'])
    with hdf5_file(tmp_path / 'out' / 'libero_spatial' / NAME) as file:
        demo = file['data/demo_0']
        np.testing.assert_allclose(demo['obs/joint_states'], demo['states'][:, 1:8], atol=1e-12)
        assert demo['obs/agentview_rgb'].shape[1:] == (64, 64, 3) and demo['rewards'][-1] == 1
