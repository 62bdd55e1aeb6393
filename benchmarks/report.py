"""The report of a benchmark: machine, versions and a table."""
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from utils import host
from utils.logs.tables import text_table

ROOT = Path(__file__).resolve().parents[1]


def header(packages, threads):
    """{name: value} of the conditions of a measurement.

    Args:
        packages: names of the packages to list.
        threads: (inter-op, intra-op) threads of the sessions.
    """
    return {
        'processor': processor(),
        'cores': host.cores(),
        'load': round(os.getloadavg()[0], 2),               # of the last minute: 0 on a quiet machine
        'system': platform.platform(),
        'threads': f'inter-op {threads[0]}, intra-op {threads[1]}',
        'python': platform.python_version(),
        **{package: version(package) for package in packages},
        'commit': commit(),
    }


def processor():
    """Name of the processor, as far as the system reports it."""
    try:
        lines = Path('/proc/cpuinfo').read_text(encoding='utf-8').splitlines()
    except OSError:                                         # not Linux
        lines = []
    names = [line.split(':', 1)[1].strip() for line in lines if line.startswith('model name')]
    return names[0] if names else platform.processor() or platform.machine()


def commit():
    """The commit of the working tree, `-dirty` if it was changed since; 'unknown' outside a repository."""
    command = ['git', 'describe', '--always', '--dirty', '--abbrev=12', '--exclude=*']
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    except OSError:                                         # git is not installed
        return 'unknown'
    return done.stdout.strip() or 'unknown'


def rows(candidates, timings, flops_per_s):
    """[{column: value}], one row a candidate; None where a column does not apply.

    Args:
        candidates: [`Candidate`].
        timings: [`Timing`], in the same order.
        flops_per_s: limit of the machine.
    """
    medians = {(c.task, c.name): t.median for c, t in zip(candidates, timings, strict=True)}
    result = []
    for candidate, timing in zip(candidates, timings, strict=True):
        limit, plain = None, None
        if candidate.flops is not None:
            limit = candidate.flops / flops_per_s
            plain = medians.get((candidate.task, 'update, sac'))
        result.append({
            'task': candidate.task, 'what': candidate.name,
            'median_ms': 1e3 * timing.median, 'min_ms': 1e3 * timing.best,
            'gflop': limit and candidate.flops / 1e9, 'limit_ms': limit and 1e3 * limit,
            'median_over_limit': limit and timing.median / limit,
            'median_over_sac': plain and timing.median / plain,
        })
    return result


def table(rows):
    """The rows as text."""
    return text_table(['task', 'what', 'median ms', 'min ms', 'GFLOP', 'limit ms', '/ limit', '/ sac'],
                      [[_text(value) for value in row.values()] for row in rows], left=(0, 1))


def _text(value):
    if value is None:
        return ''
    return value if isinstance(value, str) else f'{value:#.4g}'
