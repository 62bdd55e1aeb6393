"""The part of learning that does not care where data come from."""
import math

from utils.errors import DivergedError


class Learner:
    """Runs updates on an agent; a subclass says where the data come from.

    Args:
        args: reads iterations, train_batches.
        agent: has `train(sampler)` and `update_normalizer(sampler)`.
        sampler: where the agent draws its batches from.
        log: has `add({name: value})`.
        progress: has `update(n)`, called after every iteration.

    Attributes:
        updates: calls of `agent.train` so far.
        steps: environment steps so far.
        episodes: whole episodes so far.
    """

    def __init__(self, args, agent, sampler, log, progress):
        self._args, self._agent, self._sampler = args, agent, sampler
        self._log, self._progress = log, progress
        self.updates = self.steps = self.episodes = 0

    def learn(self):
        """One cycle: `iterations` times, gathers data and, once there are enough, updates."""
        for _ in range(self._args.iterations):
            self.collect()
            if self.ready():
                self._agent.update_normalizer(self._sampler)
                self._update()
            self._progress.update(1)

    def collect(self):
        """Gathers new data."""
        raise NotImplementedError

    def ready(self):
        """True once there is something to learn from."""
        raise NotImplementedError

    def _update(self):
        for _ in range(self._args.train_batches):
            values = self._agent.train(self._sampler)
            self.updates += 1
            for name, value in values.items():
                if not math.isfinite(value):
                    raise DivergedError(f'{name} became {value} at update {self.updates}, step {self.steps}')
            self._log.add(values)
