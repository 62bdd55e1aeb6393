"""Runs of a sweep on a Ray cluster: a small one of this machine, where a test needs one."""
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from sweeps import on_ray
from sweeps.on_ray import RayExecutor, num_cores
from sweeps.plan import plan
from sweeps.process import PROGRAM, Outcome
from tests.outcome import rows
from tests.sweeps.commands import NAME, begin, ended, is_running, kill_run, train_alone, wait_for_rows
from utils import ray_cluster
from utils.errors import UserError


@pytest.fixture(scope='module', autouse=True)
def token():
    """Puts a token of our own into the environment: Ray reads it when it is first imported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('RAY_AUTH_MODE', 'token')
        patch.setenv('RAY_AUTH_TOKEN', secrets.token_hex(32))
        yield


@pytest.mark.parametrize('inter_op, intra_op, cores', [(1, 1, 1), (2, 3, 6), (0, 4, 1), (2, 0, 1)])
def test_a_run_takes_a_core_for_each_of_its_threads(tmp_path, inter_op, intra_op, cores):
    run, = plan({'inter_op_threads': [inter_op], 'intra_op_threads': [intra_op]}, tmp_path)
    assert num_cores(run.args) == cores


def test_without_ray_the_error_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, 'ray', None)
    with pytest.raises(UserError, match='^--ray=auto needs Ray: pip install -r requirements-ray.txt$'):
        RayExecutor('auto', 0)


def test_a_machine_that_lacks_a_path_reports_which(tmp_path):
    missing = tmp_path / 'missing'
    root = str(PROGRAM.parent)
    for given in ((missing, tmp_path, tmp_path), (root, missing, tmp_path), (root, tmp_path, missing)):
        status, _, message = on_ray._run_on_worker(str(given[0]), [], str(given[2] / 'run'), 0, str(given[1]))
        assert status == 1
        assert f' has no {missing}' in message


@pytest.mark.parametrize('address', ['127.0.0.1:1', 'nonsense', 'host.invalid:6379'])
def test_an_address_where_no_cluster_answers_is_refused_at_once(address):
    pytest.importorskip('ray')
    start = time.monotonic()
    with pytest.raises(UserError, match=f'^--ray={address}: cannot use a Ray cluster there: '):
        RayExecutor(address, 0)
    assert time.monotonic() - start < ray_cluster._ANSWER_S + 5


@pytest.mark.parametrize('scheme', ['', 'ray://'])
def test_a_port_that_accepts_and_stays_silent_is_refused(scheme, monkeypatch):
    monkeypatch.setattr(ray_cluster, '_ANSWER_S', 0.2)
    monkeypatch.setitem(sys.modules, 'ray', SimpleNamespace())      # `init` of which would be missed
    with socket.create_server(('127.0.0.1', 0)) as silent:
        address = f'{scheme}127.0.0.1:{silent.getsockname()[1]}'
        with pytest.raises(UserError, match=f'^--ray={address}: cannot use a Ray cluster there: connected, '
                                            'but no answer within 0.2 s'):
            RayExecutor(address, 0)


CLUSTER = """
import ray, sys
context = ray.init(num_cpus=2, include_dashboard=False, object_store_memory=100_000_000, log_to_driver=False,
                   _node_ip_address='127.0.0.1')
print(context.address_info['gcs_address'], flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope='module')
def cluster():
    """Address of a cluster of two cores, which ends with the tests."""
    pytest.importorskip('ray')
    with subprocess.Popen([sys.executable, '-c', CLUSTER], stdin=subprocess.PIPE, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        address = process.stdout.readline().strip()
        assert address, 'the cluster did not start'
        yield address
        process.stdin.close()


@pytest.mark.slow
def test_a_cluster_that_refuses_the_token_is_reported_in_one_line(cluster, tmp_path):
    words = [sys.executable, 'sweep.py', f'--out={tmp_path}/out', '--alg=sac', f'--ray={cluster}']
    refused = subprocess.run(words, cwd=PROGRAM.parent, text=True, capture_output=True, timeout=200,
                             env=os.environ | {'RAY_AUTH_TOKEN': secrets.token_hex(32)})
    assert refused.returncode == 2
    assert refused.stderr.startswith(f'error: --ray={cluster}: cannot use a Ray cluster there: ')
    assert refused.stderr.count('\n') == 1
    assert 'RAY_AUTH_TOKEN' in refused.stderr


@pytest.mark.slow
def test_a_machine_without_the_project_is_reported_as_a_failure(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(on_ray, 'PROGRAM', tmp_path / 'missing' / 'train.py')
    run, = plan({'alg': ['sac']}, tmp_path)
    with RayExecutor(cluster, 2) as executor:
        outcome = executor.submit(run).result()
    assert (outcome.status, outcome.attempts) == (1, 0)
    assert f' has no {tmp_path}/missing/train.py; every machine of the cluster needs' in outcome.message


@pytest.mark.slow
def test_after_stop_the_runs_that_wait_are_not_started(cluster, tmp_path):
    runs = plan({'alg': ['sac'], 'seed': [0, 1], 'inter_op_threads': [99]}, tmp_path)   # too many
    with RayExecutor(cluster, 0) as executor:
        futures = [executor.submit(run) for run in runs]
        executor.stop()
        assert [future.result() for future in futures] == [Outcome(None, 0, '')] * 2


@pytest.mark.slow
def test_a_run_asks_for_its_share_of_a_gpu_and_waits_where_there_is_none(cluster, tmp_path):
    run, = plan({'alg': ['sac']}, tmp_path)
    with RayExecutor(cluster, 0, gpus=0.5) as executor:
        future = executor.submit(run)
        with pytest.raises(TimeoutError):
            future.result(timeout=3)
        executor.stop()
    assert not run.directory.exists()


@pytest.mark.slow
def test_a_killed_run_resumes_from_its_checkpoint(cluster, tmp_path):
    train_alone(tmp_path / 'alone')
    with begin(tmp_path / 'out', f'--ray={cluster}') as process:
        kill_run(tmp_path / 'out' / NAME)
        assert ended(process) == (0, f'finished: {NAME} (1 of 1 runs finished)')
    assert 'resumed from' in (tmp_path / 'out' / NAME / 'log.txt').read_text()
    assert rows(tmp_path / 'out' / NAME) == rows(tmp_path / 'alone')


@pytest.mark.slow
def test_the_same_command_resumes_a_stopped_sweep(cluster, tmp_path):
    train_alone(tmp_path / 'alone')
    with begin(tmp_path / 'out', f'--ray={cluster}') as process:
        wait_for_rows(tmp_path / 'out' / NAME, 1)
        process.send_signal(signal.SIGINT)
        assert ended(process) == (
            130, 'stopping: every run saves a checkpoint; the same command resumes them')
    assert not is_running(tmp_path / 'out' / NAME)
    with begin(tmp_path / 'out', f'--ray={cluster}') as process:
        assert ended(process) == (0, f'finished: {NAME} (1 of 1 runs finished)')
    assert rows(tmp_path / 'out' / NAME) == rows(tmp_path / 'alone')
