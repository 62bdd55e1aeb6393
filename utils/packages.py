"""The packages of requirements.txt, and the line about one that is missing."""
import sys

# {module: its package}
MODULES = {'numpy': 'numpy', 'tensorflow': 'tensorflow', 'gymnasium': 'gymnasium', 'mujoco': 'mujoco',
           'ale_py': 'ale-py', 'cv2': 'opencv-python-headless', 'h5py': 'h5py', 'yaml': 'PyYAML',
           'beautifultable': 'beautifultable', 'rich': 'rich', 'tqdm': 'tqdm', 'matplotlib': 'matplotlib',
           'pandas': 'pandas', 'jinja2': 'jinja2', 'scipy': 'scipy', 'pyarrow': 'pyarrow'}


def not_installed(module):
    """The line about a module of `MODULES` that is missing."""
    return (f'{MODULES[module]} is not installed for {sys.executable}; run `make demo` once, and then '
            '`. .venv/bin/activate` in each shell')
