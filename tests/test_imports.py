"""The arrows program -> common, loading* -> {envs, algorithm, learner, tester} -> utils, on syntax trees."""
import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ('envs', 'algorithm', 'learner', 'tester', 'sweeps', 'figures', 'conversions', 'labels',
            'reports', 'exports', 'utils')
PROGRAMS = {'train', 'plot', 'sweep', 'label', 'export', 'convert', 'tester.__main__', 'envs.libero',
            'envs.recorded.__main__', 'envs.recorded.embeddings', 'envs.libero_sim.__main__'}
# of objects: they know every package
MAKERS = ('common', 'loading', 'loading_recorded', 'loading_simulated')
# for users of Gymnasium, who name the directory of a run; imports `loading` when it is called
LOADERS = {'envs.learned_reward'}
LIBRARIES = {'tensorflow', 'gymnasium', 'mujoco', 'h5py', 'cv2', 'matplotlib', 'scipy'}
NUMPY_ONLY = ('utils.types', 'utils.errors', 'utils.flags', 'utils.runs', 'utils.recorder', 'utils.recording',
              'utils.generators', 'utils.stop_signals', 'utils.whole_files', 'utils.prefetch',
              'utils.unfinished', 'utils.foreign', 'utils.text', 'utils.checkpoints.state_files',
              'utils.checkpoints.shared_files', 'utils.checkpoints.files', 'utils.checkpoints.checkpoint',
              'utils.logs.logger', 'utils.logs.rollout_record', 'envs',
              'algorithm.replay_buffer', 'algorithm.rrd', 'algorithm.ircr', 'algorithm.recorded',
              'algorithm.learned_reward', 'exports.layout', 'exports.check', 'exports.onnx_reward', 'learner',
              'tester', 'sweeps', 'figures', 'labels', 'utils.labels')


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix('').parts
    return '.'.join(parts[:-1] if parts[-1] == '__init__' else parts)


PATHS = [*ROOT.glob('*.py'), *(path for name in PACKAGES for path in (ROOT / name).rglob('*.py'))]
TREES = {module_name(path): ast.parse(path.read_text(encoding='utf-8')) for path in sorted(PATHS)}


def imported_by(nodes):
    """Names of the modules that the import statements among `nodes` name; of ours, those that are modules."""
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, 'relative imports hide where they point to'
            inner = {f'{node.module}.{alias.name}' for alias in node.names} & TREES.keys()
            names |= inner | {node.module}
    return names


ANYWHERE = {name: imported_by(ast.walk(tree)) for name, tree in TREES.items()}
AT_LOAD = {name: imported_by(tree.body) for name, tree in TREES.items()}


def reached_from(name, arrows):
    """All modules that `name` reaches in {module: modules}, in one step or more."""
    found, waiting = set(), [name]
    while waiting:
        new = arrows.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def loaded_with(name):
    """Every module, ours or not, that loading `name` loads; a module also loads the packages around it."""
    packages = {module: {module.rsplit('.', count)[0] for count in range(1, module.count('.') + 1)}
                for module in TREES}
    return reached_from(name, {module: AT_LOAD[module] | packages[module] for module in TREES})


def below(name, *packages):
    return any(name == package or name.startswith(f'{package}.') for package in packages)


def offenders(packages, forbidden):
    """[(module, import)] of the modules below `packages` that import something below `forbidden`."""
    return [(name, other) for name in TREES if below(name, *packages)
            for other in sorted(ANYWHERE[name]) if below(other, *forbidden)]


def test_every_module_of_the_project_is_looked_at():
    assert {'train', *MAKERS, 'algorithm.agent', 'algorithm.replay_buffer.episode_store', 'envs',
            'utils.types', 'learner.online', 'tester.online'} <= TREES.keys()
    assert ('algorithm.agent', 'algorithm.preprocess') in offenders(['algorithm'], ['algorithm.preprocess'])


def test_utils_import_nothing_of_ours():
    assert offenders(['utils'], ['envs', 'algorithm', 'learner', 'tester', *MAKERS, *PROGRAMS]) == []


def test_learner_and_tester_receive_objects_and_import_neither_algorithm_nor_envs():
    assert offenders(['learner'], ['envs', 'algorithm', 'tester']) == []
    assert offenders(['tester'], ['envs', 'algorithm', 'learner']) == []


def test_sweeps_import_only_utils():
    others = ['envs', 'algorithm', 'learner', 'tester', 'figures', *MAKERS, *PROGRAMS]
    assert offenders(['sweeps'], others) == []


def test_a_sweep_on_this_machine_needs_no_ray():
    assert loaded_with('sweeps.on_ray') & {'ray', *LIBRARIES} == set()


def test_figures_are_made_of_files_alone():
    assert offenders(['figures'], [*(set(PACKAGES) - {'figures', 'utils'}), *MAKERS]) == []


def test_environments_and_algorithms_do_not_import_each_other():
    assert offenders(['envs'], ['algorithm', 'learner', 'tester']) == []
    assert offenders(['algorithm'], ['envs', 'learner', 'tester']) == []


def test_the_reward_model_and_the_basis_algorithms_import_neither_each_other_nor_the_agent():
    assert offenders(['algorithm.reward_model'], ['algorithm.basis_alg', 'algorithm.agent']) == []
    assert offenders(['algorithm.basis_alg'], ['algorithm.reward_model', 'algorithm.agent']) == []


def test_nothing_imports_a_program():
    assert PROGRAMS & TREES.keys() >= {'train', 'plot', 'sweep', 'tester.__main__', 'envs.libero'}
    assert offenders(TREES, PROGRAMS) == []


def test_only_programs_import_what_makes_and_loads_runs():
    assert {name for name, _ in offenders(TREES, ['common'])} <= PROGRAMS
    assert {name for name, _ in offenders(TREES, ['loading_recorded', 'loading_simulated'])} <= PROGRAMS
    assert {name for name, _ in offenders(TREES, ['loading'])} <= PROGRAMS | {*MAKERS} | LOADERS
    assert [name for name in LOADERS if 'loading' in AT_LOAD[name]] == []


FOLDERS = sorted(name for name in TREES if (ROOT / name.replace('.', '/') / '__init__.py').is_file())


def imports_by_docstring(folder):
    """Names in backquotes after `Imports`, in the last sentence of a folder's docstring; None without one."""
    text = ' '.join((ast.get_docstring(TREES[folder]) or '').split())
    sentence = re.search(r'(?:^|[.;] )Imports ((?:`[^`]*`|[^`.])+)\.$', text)
    return sentence and re.findall('`([^`]*)`', sentence[1])


def modules_in(folder):
    """Names of the modules right in a folder, itself included; without programs and packages."""
    return [name for name in TREES if name == folder or (
        name.rpartition('.')[0] == folder and name not in FOLDERS and name not in PROGRAMS)]


@pytest.mark.parametrize('folder', FOLDERS)
def test_a_folder_says_last_what_it_imports_and_imports_nothing_else_of_ours(folder):
    allowed = imports_by_docstring(folder)
    assert allowed is not None and set(allowed) <= TREES.keys()
    ours = [(name, other) for name in modules_in(folder) for other in sorted(ANYWHERE[name])
            if other in TREES and not below(other, folder, *allowed)]
    # `from algorithm import losses` names the package around a module that is allowed
    assert [(name, other) for name, other in ours if not any(below(each, other) for each in allowed)] == []


def test_every_folder_of_the_project_is_looked_at():
    assert {'envs', 'envs.recorded.libero', 'algorithm.basis_alg', 'utils.runs', 'tester'} <= set(FOLDERS)
    assert imports_by_docstring('algorithm.basis_alg') == ['algorithm.losses', 'algorithm.networks', 'utils']
    assert modules_in('learner') == ['learner', 'learner.base', 'learner.offline', 'learner.online']


@pytest.mark.parametrize('package', NUMPY_ONLY)
def test_numpy_is_enough(package):
    assert [name for name in TREES if below(name, package)] != []
    assert offenders([package], ['tensorflow', 'utils.tf_util']) == []


def test_a_command_line_is_read_without_tensorflow_and_gymnasium():
    assert loaded_with('train') & LIBRARIES == set()
    for program in ('plot', 'sweep', 'convert', 'label', 'export', 'tester.__main__'):
        assert not {'tensorflow', 'gymnasium'} & loaded_with(program)
    assert 'tensorflow' in loaded_with('algorithm.agent')


def test_an_exported_reward_is_used_without_tensorflow():
    assert loaded_with('envs.learned_reward') & LIBRARIES == {'gymnasium'}
    for module in ('loading', 'loading_recorded', 'loading_simulated', 'exports.onnx_reward'):
        assert loaded_with(module) & LIBRARIES == set()


def test_the_simulator_needs_no_tensorflow_and_loads_no_large_library_with_a_scene():
    others = set(PACKAGES) - {'envs', 'utils'}
    assert offenders(['envs.libero_sim'], ['envs.simulated', 'tensorflow', *others, *MAKERS]) == []
    assert 'tensorflow' not in loaded_with('envs.libero_sim.producing')
    for module in ('scene', 'check', '__main__'):
        assert loaded_with(f'envs.libero_sim.{module}') & {*LIBRARIES, 'libero', 'robosuite'} == set()


def test_no_module_imports_itself_indirectly():
    assert [name for name in TREES if name in reached_from(name, AT_LOAD)] == []
