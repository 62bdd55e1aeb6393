"""A reward that is trained on HDF5 is evaluated on RLDS and LeRobot."""
from pathlib import Path

import pytest

import train
from tester.__main__ import main as evaluate
from utils.errors import UserError

SHARED = Path(__file__).parents[1].parent / 'shared'
HDF5, LEROBOT, RLDS = SHARED / 'libero/datasets', SHARED / 'lerobot', SHARED / 'libero/rlds'
pytestmark = [pytest.mark.data, pytest.mark.slow, pytest.mark.skipif(
    not (HDF5.is_dir() and LEROBOT.is_dir()), reason='no simulated LIBERO episodes in ../shared')]


@pytest.fixture(scope='module')
def run(tmp_path_factory):
    """The directory of a short run on HDF5."""
    folder = tmp_path_factory.mktemp('across')
    train.main(['--env=libero_spatial', f'--libero_path={HDF5}', '--libero_obs=agentview,state', '--cycles=1',
                f'--libero_failures={HDF5}/libero_spatial_failures', '--libero_image_size=24',
                '--rrd_batch_size=8', '--rrd_sample_size=4', '--passes=0.01', '--min_updates=2',
                f'--cache_dir={folder / "cache"}', f'--run_dir={folder / "run"}'])
    return folder / 'run'


@pytest.mark.parametrize('path, expected', [
    (RLDS, '9 successes and 0 failures'), (LEROBOT / 'lerobot_v30_video', '4 successes and 4 failures'),
    (LEROBOT / 'lerobot_v21', '8 successes and 0 failures')])       # the last does not name outcomes
def test_other_formats_and_sizes_are_evaluated(run, caplog, path, expected):
    evaluate([str(run), f'--libero_path={path}', f'--cache_dir={run.parent / "cache"}'])
    assert f'evaluated on {expected}' in caplog.text


def test_outcomes_of_a_mixed_set_are_given_to_the_tester(run, tmp_path, caplog):
    outcomes = tmp_path / 'outcomes.csv'
    outcomes.write_text('episode,return\n' + ''.join(f'episode {n},{int(n < 4)}\n' for n in range(8)))
    evaluate([str(run), f'--libero_path={LEROBOT / "lerobot_v21"}', f'--outcomes={outcomes}',
              f'--cache_dir={run.parent / "cache"}'])
    assert 'evaluated on 4 successes and 4 failures' in caplog.text


def test_an_unknown_episode_among_the_outcomes_is_refused(run, tmp_path):
    outcomes = tmp_path / 'outcomes.csv'
    outcomes.write_text('episode,return\n' + ''.join(f'episode {n},0\n' for n in range(9)))
    with pytest.raises(UserError) as caught:
        evaluate([str(run), f'--libero_path={LEROBOT / "lerobot_v21"}', f'--outcomes={outcomes}'])
    assert str(caught.value) == (f"--outcomes={outcomes}: there is no episode 'episode 8'; with several sets "
                                 'a name is SET/EPISODE')
