"""The part of learning that is independent of the source of data."""
import math

from utils.errors import DivergedError


class Learner:
    """Runs updates of an agent; a subclass defines the source of data.

    Args:
        args: reads iterations, train_batches.
        agent: has `train(sampler)` and `update_normalizer(sampler)`.
        sampler: source of the agent's batches.
        log: has `add({name: value})`.
        progress: has `update(n)`, called after every iteration.
        stop: has `check()`, called after every iteration; it raises if the run must stop.

    Attributes:
        updates: calls of `agent.train` so far.
        steps: environment steps so far.
        episodes: whole episodes so far.
        iterations: iterations so far.
        iterations_per_cycle: iterations of a whole cycle.
    """

    def __init__(self, args, agent, sampler, log, progress, stop):
        self._args, self._agent, self._sampler = args, agent, sampler
        self._log, self._progress, self._stop = log, progress, stop
        self.updates = self.steps = self.episodes = self.iterations = 0
        self.iterations_per_cycle = args.iterations

    def learn(self, cycle):
        """Iterates until `cycle` cycles of iterations are done."""
        while self.iterations < cycle * self.iterations_per_cycle:
            self.iterate()
            self.iterations += 1
            self._progress.update(1)
            self._stop.check()

    def iterate(self):
        """Collects data and, once there are enough, updates."""
        self.collect()
        if self.ready():
            self._agent.update_normalizer(self._sampler)
            self._update()

    def collect(self):
        """Collects new data."""
        raise NotImplementedError

    def ready(self):
        """True once there are enough data to learn from."""
        raise NotImplementedError

    def counts(self):
        """{column: number} of the progress of learning."""
        raise NotImplementedError

    def state_dict(self):
        """The progress of learning."""
        return {'updates': self.updates, 'steps': self.steps, 'episodes': self.episodes,
                'iterations': self.iterations}

    def load_state_dict(self, state):
        """Resumes from `state_dict`."""
        self.updates, self.steps, self.episodes, self.iterations = (
            state[name] for name in ('updates', 'steps', 'episodes', 'iterations'))

    def _update(self):
        for _ in range(self._args.train_batches):
            values = self._agent.train(self._sampler)
            self.updates += 1
            for name, value in values.items():
                if not math.isfinite(value):
                    raise DivergedError(f'{name} became {value} at update {self.updates}, step {self.steps}')
            self._log.add(values)
