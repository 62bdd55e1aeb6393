"""What the tests of the simulator itself need."""
import pytest

from envs.libero_sim.assets import check_assets
from envs.libero_sim.packages import missing, package_folder
from utils.errors import UserError


@pytest.fixture(scope='session')
def simulator():
    """Skips where there is no simulator, or no assets."""
    if missing():
        pytest.skip(f'{missing()[0]} is not installed here; run `make test-sim`')
    try:
        check_assets(package_folder())
    except UserError as error:
        pytest.skip(str(error))
