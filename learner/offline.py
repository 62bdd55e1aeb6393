"""Learning a reward from recorded episodes, without acting."""
import math

from learner.base import Learner
from utils.flags.flag import Args


class OfflineRewardLearner(Learner):
    """Updates a reward model; a cycle is `passes` passes over the training set's successes.

    Failures do not make a run longer: they are learned earlier than what successes have in common, and are
    then memorised (docs/libero.md, What mattered).

    Args:
        args: reads passes and min_updates.
        agent: has `train(sampler)` and `update_normalizer(sampler)`.
        sampler: as for `Learner`.
        num_steps: steps of the training set's successes.
        per_update: steps that an update draws, on average.
        log: as for `Learner`.
        progress: as for `Learner`.
        stop: as for `Learner`.
    """

    def __init__(self, args, agent, sampler, num_steps, per_update, log, progress, stop):
        self._passes_per_update = per_update / num_steps
        num_updates = updates_per_cycle(args, num_steps, per_update)
        one_at_a_time = Args({'iterations': num_updates, 'train_batches': 1})
        super().__init__(one_at_a_time, agent, sampler, log, progress, stop)

    def learn(self, cycle):
        """As `Learner.learn`; vectors are normalised by their moments over the whole training set."""
        if not self.updates:
            self._agent.update_normalizer(self._sampler)
        super().learn(cycle)

    def iterate(self):
        """One update; nothing is collected."""
        self.steps += 1         # the x axis of the curves: updates, as there are no environment steps
        self._update()

    def counts(self):
        """{column: number} of the progress; a pass has drawn as many steps as the successes have."""
        return {'updates': self.updates, 'passes': self.updates * self._passes_per_update}


def updates_per_cycle(args, num_steps, per_update):
    """Updates, of `per_update` steps, in `passes` passes over `num_steps` steps; at least `min_updates`."""
    return max(args.min_updates, math.ceil(args.passes * num_steps / per_update))
