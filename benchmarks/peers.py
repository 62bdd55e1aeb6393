"""The SAC of two well-known libraries at the same sizes: Stable-Baselines3 (PyTorch) and SBX (JAX)."""
import importlib.util

import gymnasium
import numpy as np

from benchmarks.rounds import Candidate
from benchmarks.worker import Worker
from utils import host
from utils.errors import UserError

PACKAGES = {'torch': 'torch', 'stable_baselines3': 'stable-baselines3', 'jax': 'jax', 'sbx': 'sbx-rl'}
STEPS_PER_CALL = 20


def check_installed():
    """Checks that the peers are installed.

    Raises:
        UserError: a package is missing.
    """
    missing = [package for module, package in PACKAGES.items() if importlib.util.find_spec(module) is None]
    if missing:
        raise UserError(f'--peers needs {", ".join(missing)}; '
                        'install with: pip install -r benchmarks/requirements.txt')


class Spaces(gymnasium.Env):
    """An environment of vectors that only provides its spaces; it is never stepped."""

    def __init__(self, num_observations, num_actions):
        self.observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (num_observations,), np.float32)
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (num_actions,), np.float32)


def stable_baselines3_sac(spec, batch_size, steps, threads):
    """A job: `STEPS_PER_CALL` updates of Stable-Baselines3's SAC, with its own defaults otherwise."""
    import torch
    from stable_baselines3 import SAC

    torch.set_num_threads(threads)
    return _updates(SAC, spec, batch_size, steps)


def sbx_sac(spec, batch_size, steps):
    """A job: `STEPS_PER_CALL` updates of SBX's SAC, with its own defaults otherwise."""
    from sbx import SAC

    return _updates(SAC, spec, batch_size, steps)


def _updates(algorithm, spec, batch_size, steps):
    """A job over a full buffer of `steps`; one update a call, as both libraries do after each step."""
    from stable_baselines3.common.logger import Logger

    sizes = sum(field.shape[0] for field in spec.observation.values()), spec.action.shape[0]
    model = algorithm('MlpPolicy', Spaces(*sizes), buffer_size=steps, batch_size=batch_size, device='cpu')
    model.set_logger(Logger(None, []))                      # otherwise made by `learn`
    _fill(model.replay_buffer, np.random.default_rng(0))

    def job():
        for _ in range(STEPS_PER_CALL):
            model.train(gradient_steps=1, batch_size=batch_size)    # both wait for the losses
    return job


def _fill(buffer, rng):
    """Fills every array of the library's buffer directly; `add` for each step is slow."""
    for array in (buffer.observations, buffer.next_observations, buffer.rewards):
        rng.standard_normal(dtype=np.float32, out=array)
    buffer.actions[:] = rng.uniform(-1, 1, buffer.actions.shape)
    buffer.full = True


def peer_candidates(task, spec, batch_size, steps, flops, closing):
    """One update of each peer's SAC, without a learned reward.

    Args:
        task: name of the task.
        spec: its shapes.
        batch_size: transitions per update.
        steps: transitions in the buffer.
        flops: floating-point operations of one update of SAC.
        closing: `ExitStack` that ends the processes.
    """
    # which number is faster depends on the load: threads that wait for each other suffer most
    jobs = {f'SB3 sac, threads {threads}': (stable_baselines3_sac, threads)
            for threads in sorted({1, host.cores()})}
    jobs['SBX sac'] = (sbx_sac,)
    candidates = []
    for name, (make, *threads) in jobs.items():
        worker = Worker(make, spec, batch_size, steps, *threads)
        closing.callback(worker.close)
        candidates.append(Candidate(task, f'update, {name}', worker, 1, STEPS_PER_CALL, flops))
    return candidates
