"""Parts predicted on a Ray cluster: by a stand-in for it, and on a small one of this machine."""
import importlib.util
import os
import secrets
import subprocess
import sys
from types import SimpleNamespace

import pytest

from labels import on_ray
from labels.shares import Job
from tests.pages import ROOT
from tests.sweeps.test_on_ray import CLUSTER
from utils import ray_shares
from utils.errors import UserError

JOB = Job('run', 'ckpt-000001', {'intra_op_threads': 2, 'inter_op_threads': 0}, 'folder', '.', 4096)


class Fake:
    """Stands for the module of Ray, with a cluster of four cores; a task runs when it is waited for."""

    class exceptions:       # noqa: N801 (the name in Ray)
        """Stands for the module of its exceptions."""

        RayError = RuntimeError

    def __init__(self):
        self.cores, self.is_shut_down = [], False

    def remote(self, **options):
        """A decorator."""
        return lambda function: SimpleNamespace(options=lambda num_cpus: self._task(function, num_cpus))

    def _task(self, function, num_cpus):
        self.cores.append(num_cpus)
        return SimpleNamespace(remote=lambda *args: lambda: function(*args))

    def cluster_resources(self):
        """What the cluster has."""
        return {'CPU': 4.0}

    def wait(self, waiting, timeout):
        """The first is done."""
        return waiting[:1], waiting[1:]

    def get(self, task):
        """Runs a task."""
        return task()

    def shutdown(self):
        """Ends the connection."""
        self.is_shut_down = True


@pytest.fixture
def ray(monkeypatch):
    fake = Fake()
    monkeypatch.setattr(ray_shares, 'connected', lambda address, root: fake)
    return fake


def test_parts_are_dealt_to_as_many_tasks_as_the_threads_of_one_fit_into_the_cluster(ray):
    done, looks = [], []
    on_ray.run_on_ray(lambda job, numbers: done.append((job.flags, numbers)), JOB, [0, 1, 2, 3, 5], 'auto',
                      lambda: looks.append(1))
    flags = {'intra_op_threads': 2, 'inter_op_threads': 1}
    assert done == [(flags, [0, 2, 5]), (flags, [1, 3])]
    assert ray.cores == [2] and len(looks) == 2 and ray.is_shut_down


def test_a_task_that_fails_is_an_error_in_one_line(ray):
    def fail(job, numbers):
        raise RuntimeError('Traceback\n  more\nValueError: no data')

    with pytest.raises(UserError, match='^--ray=auto: a task failed: ValueError: no data; run the command '
                                        'again to do what is left$'):
        on_ray.run_on_ray(fail, JOB, [0], 'auto', lambda: None)
    assert ray.is_shut_down


SCRIPT = """
import sys
from labels.on_ray import run_on_ray
from tests.labels.test_on_ray import JOB, touch
run_on_ray(touch, JOB._replace(folder=sys.argv[2]), [0, 1, 2], sys.argv[1], lambda: None)
"""


@pytest.mark.slow
def test_a_cluster_of_this_machine_predicts_every_part(tmp_path):
    if importlib.util.find_spec('ray') is None:     # Ray keeps the token of its first import, so in processes
        pytest.skip('Ray is in requirements-ray.txt')
    env = os.environ | {'RAY_AUTH_MODE': 'token', 'RAY_AUTH_TOKEN': secrets.token_hex(32)}
    with subprocess.Popen([sys.executable, '-c', CLUSTER], stdin=subprocess.PIPE, text=True, env=env,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        address = process.stdout.readline().strip()
        subprocess.run([sys.executable, '-c', SCRIPT, address, str(tmp_path)], cwd=ROOT, env=env, check=True)
        process.stdin.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ['0', '1', '2']


def touch(job, numbers):
    """Makes an empty file for each part, in place of its predictions."""
    for number in numbers:
        with open(f'{job.folder}/{number}', 'wb'):
            pass
