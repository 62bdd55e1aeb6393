"""Numbered parts of a work, shared by tasks of a Ray cluster; all machines have the same files."""
from pathlib import Path

from utils.errors import UserError
from utils.ray_cluster import connected
from utils.shares import dealt

_ROOT = Path(__file__).parents[1]
_POLL_S = 1.0
_LOST_NODES = 3         # how often a share is done again elsewhere because its machine was lost


def run_tasks(work, job, numbers, address, watch, num_cores=1):
    """Works on numbered parts in tasks of a cluster, one for each machine's cores.

    Args:
        work: function of (job, numbers of parts) that another machine can import.
        job: what it needs, of plain values.
        numbers: of the parts.
        address: of the cluster, `host:port` or `auto`.
        watch: function without arguments, called again and again.
        num_cores: that one task uses.

    Raises:
        UserError: Ray is not installed, no cluster answers, or a task failed.
    """
    ray = connected(address, _ROOT)
    try:
        task = ray.remote(max_retries=_LOST_NODES)(work).options(num_cpus=num_cores)
        count = max(1, int(ray.cluster_resources().get('CPU', 1)) // num_cores)
        waiting = [task.remote(job, share) for share in dealt(numbers, count)]
        while waiting:
            done, waiting = ray.wait(waiting, timeout=_POLL_S)
            for each in done:
                _check(ray, each, address)
            watch()
    finally:
        ray.shutdown()


def _check(ray, reference, address):
    """Raises what is wrong with a finished task as a `UserError`."""
    try:
        ray.get(reference)
    except ray.exceptions.RayError as error:
        cause = str(error).strip().splitlines()[-1]
        raise UserError(f'--ray={address}: a task failed: {cause}; run the command again to do what is left'
                        ) from error
