"""Folders that look like LIBERO's, of empty files or of small ones, and flags that read them."""
from tests.envs.recorded.libero.files import write_suite_file
from utils.flags.flag import Args
from utils.flags.suites import tasks_of

SPATIAL = tasks_of('libero_spatial')
TASKS = SPATIAL[3:5]
FLAGS = {'env': 'libero_spatial', 'libero_failures': '', 'libero_mixed': False,
         'libero_obs': 'agentview,proprio', 'libero_image_size': 8, 'libero_noops': 'keep',
         'libero_alignment': 'auto',
         'libero_orientation': 'auto', 'libero_skip_bad': False, 'task_embedding': '', 'val_fraction': 0.5,
         'val_fold': 0, 'holdout_tasks': '', 'learn_from_failures': True, 'outcomes': '', 'columns': '',
         'r_scale': 0.01}


def isolate(tmp_path, monkeypatch):
    """Redirects the user's folders to `tmp_path`."""
    monkeypatch.setenv('HOME', str(tmp_path / 'home'))
    monkeypatch.delenv('XDG_CACHE_HOME', raising=False)
    monkeypatch.delenv('LIBERO_CONFIG_PATH', raising=False)


def flags_for(tmp_path, **changed):
    """`Args` that read `tmp_path`/libero_spatial."""
    folders = {'libero_path': str(tmp_path / 'libero_spatial'), 'cache_dir': str(tmp_path / 'cache')}
    return Args({**FLAGS, **folders, **changed})


def write(folder, task, **options):
    """Makes a small file of episodes; its path."""
    folder.mkdir(exist_ok=True, parents=True)
    path = folder / f'{task}_demo.hdf5'
    write_suite_file(path, **options)
    return path


def fill(folder, *tasks):
    """Makes an empty file of each task; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f'{task}_demo.hdf5' for task in tasks]
    for path in paths:
        path.touch()
    return paths
