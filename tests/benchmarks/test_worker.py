import functools
from pathlib import Path

from benchmarks.worker import Worker


def test_worker_does_its_job_at_each_call_and_not_before(tmp_path):
    path = tmp_path / 'touched'
    worker = Worker(functools.partial, Path.touch, path)

    before = path.exists()
    worker()
    path.unlink()
    worker()
    worker.close()

    assert not before and path.exists()
