"""Times sampling, updates, acting and the whole loop, compared with the limit of this machine."""
import json
import sys
from contextlib import ExitStack
from pathlib import Path

from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))    # for `python benchmarks/updates.py`

from benchmarks import report
from benchmarks.rounds import measure
from common import parse_args
from utils.errors import file_errors, run
from utils.flags.command_line import parse
from utils.flags.flag import Flag, boolean
from utils.flags.table import FLAGS

ALGORITHMS = tuple((alg, basis) for basis in ('sac', 'td3', 'ddpg') for alg in ('rrd', basis))
PACKAGES = ('numpy', 'tensorflow', 'gymnasium', 'mujoco', 'ale-py')
FRAMES = 50_000     # maximal steps in the store of frames: 0.35 GB
TABLE = {
    'What to measure': (
        Flag('rounds', int, 30, 'measured rounds; each times everything once', low=1),
        Flag('store_steps', int, 1_000_000, 'steps in each store, --buffer_size of its runs', low=1000),
        Flag('peers', boolean, False, "time Stable-Baselines3's and SBX's SAC too; also without a value"),
        Flag('json', str, '', 'file for the numbers, overwritten; none by default'),
    ),
    'Machine': FLAGS['Machine'],
}


def main(argv=None):
    """Measures and reports; `argv` is the command line, None for that of this process."""
    flags = parse_flags(sys.argv[1:] if argv is None else argv)
    if flags.peers:
        from benchmarks.peers import check_installed

        check_installed()
    if flags.json:
        check_output(flags.json)
    machine = describe_machine(flags)
    with ExitStack() as closing:
        candidates, memory_ratio = all_candidates(flags, closing)
        # disable=None: no bar where standard error is not a terminal
        timings = measure(candidates, tqdm(range(flags.rounds + 1), unit='round', disable=None))
        flops_per_s = candidates[0].flops / timings[0].best
        result = {'machine': machine, 'flags': dict(flags), 'limit_gflop_per_s': flops_per_s / 1e9,
                  'memory_over_raw': memory_ratio, 'rows': report.rows(candidates, timings, flops_per_s)}
        report_results(result)
        if flags.json:
            Path(flags.json).write_text(json.dumps(result, indent=2) + '\n', encoding='utf-8')


def parse_flags(words):
    """The `Args` of a command line.

    Raises:
        UserError: a flag is invalid.
    """
    words = ['--peers=True' if word == '--peers' else word for word in words]
    return parse(TABLE, (), words, None, usage='python benchmarks/updates.py [--flag=value ...]',
                 description=__doc__)


def check_output(path):
    """Checks before the measurements that the numbers can be written; keeps an existing file.

    Raises:
        UserError: it cannot be written.
    """
    with file_errors(f'--json={path} cannot be written'):
        open(path, 'a', encoding='utf-8').close()


def describe_machine(flags):
    """{name: value} of the conditions; call it before the measurements, which are a load themselves."""
    from benchmarks.peers import PACKAGES as PEERS
    from utils.host import thread_counts

    packages = [*PACKAGES, *(PEERS.values() if flags.peers else [])]
    return report.header(packages, thread_counts(flags.inter_op_threads, flags.intra_op_threads))


def run_args(flags, env, alg, basis, store_steps=None):
    """The flags of a run of `train.py` with its own defaults, except for what is measured here."""
    store_steps = store_steps or flags.store_steps
    words = [f'--env={env}', f'--alg={alg}', f'--buffer_size={store_steps}', '--warmup=0', '--iterations=1',
             f'--inter_op_threads={flags.inter_op_threads}',
             f'--intra_op_threads={flags.intra_op_threads}']
    return parse_args(words + ([f'--basis_alg={basis}'] if alg == 'rrd' else []))


def all_candidates(flags, closing):
    """([`Candidate`], the first is the machine's limit; largest memory ratio of a store)."""
    from benchmarks.candidates import Task
    from benchmarks.limit import limit_candidate

    ant = Task([run_args(flags, 'Ant-v2', *names) for names in ALGORITHMS], 0, closing)
    cheetah = Task([run_args(flags, 'HalfCheetah-v2', 'rrd', 'sac')], 0, closing)
    rrd, plain = ant.parts[:2]
    updates = [ant.update(part) for part in ant.parts]
    candidates = [limit_candidate(closing), ant.sampling(plain), ant.sampling(rrd), *updates, *ant.loop(rrd)]
    if flags.peers:
        from benchmarks.peers import peer_candidates

        candidates += peer_candidates('Ant-v2', ant.spec, plain.args.batch_size, flags.store_steps,
                                      updates[1].flops, closing)
    pong = Task([run_args(flags, 'Pong', 'rrd', 'dqn', min(flags.store_steps, FRAMES))], 0, closing)
    for task in (cheetah, pong):
        part, = task.parts
        candidates += [task.sampling(part), task.update(part), *task.loop(part)]
    return candidates, max(ant.memory_ratio(), pong.memory_ratio())


def report_results(result):
    """Writes the results to standard output."""
    lines = [f'{name}: {value}' for name, value in result['machine'].items()]
    lines.append(f'limit: {result["limit_gflop_per_s"]:.0f} GFLOP/s, the best matrix product of this run')
    lines.append(f'memory of a full store: {result["memory_over_raw"]:.4f} x each number or frame once')
    sys.stdout.write('\n'.join([*lines, '', report.table(result['rows']), '']))


if __name__ == '__main__':
    run(main)
