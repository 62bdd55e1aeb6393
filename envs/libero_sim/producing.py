"""The commands `perturb` and `replay`: from demonstrations to a new data set."""
import hashlib
import json
import os
import shutil
import time

from envs.libero_sim import perturbing, replaying
from envs.libero_sim.demonstrations import read_sources
from envs.libero_sim.merging import REPORT, merge_all, rows_of, write_report
from envs.libero_sim.packages import versions
from envs.libero_sim.parts import PARTS, Job, items_of, make_missing, missing_parts, real_scene
from envs.libero_sim.recorded import MUJOCO, version_warning
from utils.errors import UserError, file_errors
from utils.flags.command_line import parse
from utils.flags.flag import Flag, boolean
from utils.foreign.tables import read_rows
from utils.logs.console import plain_logger, work_bar
from utils.runs.directory import expanded
from utils.unfinished import check_place, staged

_CAMERAS = ('agentview,eye_in_hand', 'agentview', 'eye_in_hand')
_DATA = (
    Flag('libero_path', str, '', 'demonstrations in the layout of LIBERO: a file, the folder of a suite, or '
         'a root with such folders'),
    Flag('out', str, '', 'new folder'),
)
_LOOK = (
    Flag('cameras', str, _CAMERAS[0], 'cameras to record', choices=_CAMERAS),
    Flag('reflections', boolean, True, 'surfaces mirror, as in the published recordings; `check` reports '
         'which recordings were made without'),
)
_WHERE = (
    Flag('jobs', int, 1, 'processes on this machine', low=1),
    Flag('ray', str, '', 'address of a Ray cluster, host:port or auto, whose machines play the episodes; '
         'they need the project, the data and .venv-libero at the same paths'),
)
PERTURB = {
    'Data': _DATA,
    'What to record': (
        Flag('per_demo', int, 4, 'disturbed episodes of each demonstration', low=1, high=10_000),
        Flag('seed', int, 0, 'of all random choices'),
        Flag('keep_diverged', boolean, False, 'record the undisturbed replays that fail, too'),
        Flag('size', int, 128, 'height and width of frames, pixels', low=16, high=1024),
        *_LOOK),
    'Where to compute': _WHERE,
}
REPLAY = {
    'Data': _DATA,
    'What to record': (
        Flag('size', int, 256, 'height and width of frames, pixels', low=16, high=1024),
        Flag('noops', str, 'drop', 'steps that move neither arm nor gripper', choices=('drop', 'keep')),
        *_LOOK),
    'Where to compute': _WHERE,
}
_UNRELATED = ('libero_path', 'out', 'jobs', 'ray')      # flags that the content does not depend on


def perturb(words):
    """Records disturbed demonstrations; `words` is the command line.

    Raises:
        UserError: a flag, the data, the simulator or the place to write cannot be used.
    """
    produce('perturb', parse_words('perturb', words), perturbing.KIND, perturbing.summary, True)


def replay(words):
    """Replays demonstrations; `words` is the command line.

    Raises:
        UserError: as of `perturb`.
    """
    produce('replay', parse_words('replay', words), replaying.KIND, replaying.summary, False)


def parse_words(command, words):
    """The `Args` of a command line.

    Raises:
        UserError: a flag is invalid.
    """
    table, text = {'perturb': (PERTURB, perturbing.__doc__), 'replay': (REPLAY, replaying.__doc__)}[command]
    args = parse(table, (), words, None, description=text,
                 usage=f'python -m envs.libero_sim {command} --libero_path=IN --out=OUT [--flag=value ...]')
    if args.ray and args.jobs > 1:
        raise UserError(f'--jobs={args.jobs}: expected either --jobs or --ray')
    return args


def produce(command, args, kind, summary, failures, make_scene=real_scene, installed=versions):
    """Makes the data set, or what is left of it to make.

    Args:
        command: name of the command.
        args: its flags.
        kind: the `Kind`.
        summary: function of rows to [text] for the user.
        failures: as for `merge_all`.
        make_scene: as for `Scenes`.
        installed: function to {package: version} of the simulator.

    Raises:
        UserError: as of `perturb`.
    """
    if not args.out:
        raise UserError('--out: expected the name of a new folder')
    sources, target, logger = read_sources(args.libero_path), expanded('out', args.out), plain_logger()
    check_place(target, [expanded('libero_path', args.libero_path)])
    found = installed()
    for source in sources:
        if warning := version_warning(source.mujoco, found['mujoco']):
            logger.warning('%s: %s', source.path, warning)
    with staged(target, _plan(command, args, sources, found)) as partial:
        if not (partial / REPORT).exists():     # a later interruption resumes at the end
            job = Job(kind, dict(args), str(partial.resolve()), os.getcwd())
            _play(job, items_of(sources), command, make_scene, logger)
            rows = rows_of(items_of(sources), partial)
            merge_all(partial, sources, rows, kind.alignment, {MUJOCO: found['mujoco']}, failures)
            write_report(partial / REPORT, rows)
        with file_errors(f'cannot remove {partial / PARTS}'):
            if (partial / PARTS).exists():
                shutil.rmtree(partial / PARTS)
    for text in [*summary(read_rows(target / REPORT)), f'written: {target}']:
        logger.info('%s', text)


def _play(job, items, command, make_scene, logger):
    """Makes all parts that are missing, and logs how long that took."""
    count, start = len(missing_parts(job.folder, items)), time.perf_counter()
    with work_bar(count, 'demonstration', desc=command) as bar:
        make_missing(job, items, bar, make_scene)
    if count:
        seconds = (time.perf_counter() - start) / count
        logger.info('%d demonstrations in %.0f s, %.1f s each', count, seconds * count, seconds)


def _plan(command, args, sources, found):
    """{name: JSON value} of all that the data set depends on."""
    data = [[source.suite, source.task, source.attributes,
             [[each.name, _digest(each.actions, each.state), each.stored_model]
              for each in source.demonstrations]] for source in sources]
    return {'command': command, 'flags': {name: args[name] for name in args if name not in _UNRELATED},
            'simulator': found, 'source': hashlib.sha256(json.dumps(data).encode()).hexdigest()}


def _digest(*arrays):
    return hashlib.sha256(b''.join(each.tobytes() for each in arrays)).hexdigest()
