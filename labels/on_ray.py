"""Parts predicted by tasks of a Ray cluster; all machines have the same files at the same paths."""
from utils.ray_shares import run_tasks


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
    threads = max(1, job.flags['intra_op_threads'])
    job = job._replace(flags={**job.flags, 'inter_op_threads': 1, 'intra_op_threads': threads})
    run_tasks(predict, job, numbers, address, watch, threads)
