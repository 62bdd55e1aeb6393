"""Parts predicted by tasks of a Ray cluster; all machines have the same files at the same paths."""
from pathlib import Path

from labels.shares import dealt
from utils.errors import UserError
from utils.ray_cluster import connected

_ROOT = Path(__file__).parents[1]
_POLL_S = 1.0
_LOST_NODES = 3         # how often a share is predicted again elsewhere because its machine was lost


def run_on_ray(predict, job, numbers, address, watch):
    """Predicts parts in tasks of a cluster, one for each machine's cores.

    Args:
        predict: function of (`Job`, numbers of parts) that another machine can import.
        job: the `Job`.
        numbers: of the parts.
        address: of the cluster, `host:port` or `auto`.
        watch: function without arguments, called again and again.

    Raises:
        UserError: Ray is not installed, no cluster answers, or a task failed.
    """
    ray = connected(address, _ROOT)
    try:
        threads = max(1, job.flags['intra_op_threads'])
        job = job._replace(flags={**job.flags, 'inter_op_threads': 1, 'intra_op_threads': threads})
        task = ray.remote(max_retries=_LOST_NODES)(predict).options(num_cpus=threads)
        count = max(1, int(ray.cluster_resources().get('CPU', 1)) // threads)
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
