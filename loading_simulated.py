"""Rolls out demonstrations in LIBERO's simulator, in a process of `.venv-libero`, to evaluate a run on."""
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from utils.errors import UserError
from utils.flags.suites import OWN_DATA
from utils.runs.reading import reading

# h5py is imported inside functions: --help and flag errors do not wait for it


@contextmanager
def rolled_out(recorded, given, found, flags):
    """Yields roll-outs of demonstrations that a run has not learned from; they are removed at the end.

    These are the successes that it held out, or those at another path that is given. Each is replayed
    undisturbed, and with one disturbance once or more.

    Args:
        recorded: flags of the run.
        given: {name: value} of the flags on the command line.
        found: the checkpoint, a `Found`.
        flags: has `episodes`, `seed` and `jobs`.

    Yields:
        ({name: value} of the flags that read the roll-outs, {(folder, task, name of an episode): kind}).

    Raises:
        UserError: the run is not on LIBERO's own files, holds out nothing, or no roll-out succeeded.
        SystemExit: the simulator failed, and has reported why.
    """
    from envs.libero_sim.own_python import command

    if recorded.env == OWN_DATA:
        raise UserError(f"--sim: expected a run on a suite of LIBERO, got one on --env={recorded.env}")
    command([])     # before anything is read
    chosen = _demonstrations(recorded, given, found)
    with tempfile.TemporaryDirectory(prefix='rrd-rollouts-') as folder:
        yield _play(Path(folder), chosen, flags, command)


def _demonstrations(recorded, given, found):
    """{path: [name]} of the successes to play."""
    from envs.recorded.dataset import load, load_stored
    from utils.logs.console import frame_bar
    from utils.runs.identity import check_resumable, spec_of

    args = reading(recorded, given)
    if 'libero_path' in given:
        episodes = load_stored(args, spec_of(found.state['identity'])).recordings
    else:
        data = load(args, frame_bar)
        check_resumable(found, args, data.spec, data.fingerprint)
        episodes = data.held_out
    chosen = {}
    for each in episodes:
        if each.success:
            chosen.setdefault(each.path, []).append(each.name)
    if not chosen:
        raise UserError('--sim: this run held out no success to replay; name other demonstrations by '
                        '--libero_path')
    return chosen


def _play(folder, chosen, flags, command):
    """What `rolled_out` yields."""
    from envs.libero_sim.rollouts import share, spread, write_selection
    from utils.foreign.tables import read_rows

    source, target, cache = folder / 'demonstrations', folder / 'rollouts', folder / 'frames'
    source.mkdir()
    used, per_demo = share(sum(map(len, chosen.values())), flags.episodes)
    write_selection(source, spread(chosen, used))
    _, words, environment = command([
        'rollouts', f'--libero_path={source}', f'--out={target}', f'--per_demo={per_demo}',
        f'--seed={flags.seed}', f'--jobs={flags.jobs}'])
    if status := subprocess.run(words, env=environment, stdin=subprocess.DEVNULL).returncode:
        raise SystemExit(status)
    rows = read_rows(target / 'episodes.csv')
    folders = sorted({row['folder'] for row in rows})
    if not any(row['success'] == '1' for row in rows):
        raise UserError(f'--sim: none of {len(rows)} roll-outs succeeded, so there is nothing to compare')
    failures = [str(target / name) for name in folders if name.endswith('_failures')]
    return ({'libero_path': str(target), 'libero_failures': ','.join(failures), 'cache_dir': str(cache),
             'libero_mixed': False, 'libero_alignment': 'auto', 'libero_orientation': 'auto'},
            {(row['folder'], row['task'], row['name']): row['disturbance'] for row in rows})
