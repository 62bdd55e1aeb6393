"""Evaluates a reward model on held-out recorded episodes."""
import logging

import numpy as np

from tester.recorded.metrics import NAMES, Prediction, evaluate, prefix_lengths, unproven
from tester.recorded.picture import draw_rewards
from tester.recorded.tables import report
from utils.errors import DivergedError
from utils.labels.episode import HELD_OUT, TRAIN, episode_labels
from utils.labels.predict import predict

LOG = logging.getLogger('rrd')
COLUMNS = tuple(f'test/{name}' for name in NAMES)       # of progress.csv, in its order


class OfflineTester:
    """Predicts the rewards of every held-out episode, and logs metrics of them.

    A success is also predicted with the context of the next task, in the order of first appearance among all
    episodes. Nothing is random, so an interrupted test is simply repeated.

    Args:
        agent: has `predict_rewards(observation, action, next_observation, context)`, to [N].
        log: has `set`, and the set `unshown`.
        held_out: list of `Recording`.
        train: list of `Recording` that the model and the baselines are trained on.
        stop: has `check()`, called after every episode; it raises `Interrupted` to stop the run.
        patience: tests without a lower loss after which to stop; 0 for never.
        cautions: warnings to repeat at the end of the report.
        table: a `RunTable`, to which the rewards of all episodes are written in the end; None writes none.

    Attributes:
        improved: whether the loss of the last test is the lowest so far.
        cycles_since_best: tests since the one of the lowest loss.
    """

    num_done = 0        # an interrupted test is repeated from its start

    def __init__(self, agent, log, held_out, train, stop, patience=0, cautions=(),
                 table=None):
        self._agent, self._log, self._stop, self._patience = agent, log, stop, patience
        self._cautions, self._table = cautions, table
        self._held_out, self._train = held_out, train
        self._other_context = other_contexts({
            recording.task: recording.context for recording in [*train, *held_out]})
        self._predictions, self._best_loss = None, None
        self.improved, self.cycles_since_best = False, 0

    @property
    def exhausted(self):
        """Whether the loss has not improved for `patience` tests, so that the run should stop."""
        return 0 < self._patience <= self.cycles_since_best

    def cycle_summary(self, step):
        """Evaluates the model after `step` steps of the run, and logs the metrics that are defined.

        Raises:
            DivergedError: a predicted reward is not finite.
        """
        self._predictions = self._predict(f'in the test at step {step}')
        values = {name: value for name, value in self.values().items() if value is not None}
        self._log.set(values)
        self._log.unshown.update(f'test/{name}' for name in unproven(self._predictions))
        loss = values.get('test/loss')      # missing if nothing is held out
        self.improved = loss is not None and (self._best_loss is None or loss < self._best_loss)
        if self.improved:
            self._best_loss, self.cycles_since_best = loss, 0
        elif loss is not None:
            self.cycles_since_best += 1

    def values(self):
        """{name of `COLUMNS`: number, or None if undefined}, of the last test or a new one."""
        numbers = evaluate(self.predictions())
        return {f'test/{name}': numbers[name] for name in NAMES}

    def predictions(self):
        """[`Prediction`] of the held-out episodes, of the last test or a new one."""
        if self._predictions is None:
            self._predictions = self._predict('in the evaluation')
        return self._predictions

    def report(self):
        """[text]: the numbers and tables of the last test, or of a new one."""
        return report(self.predictions(), self._train)

    def conclude(self, directory):
        """Logs the report on the current weights and the cautions, and writes files into `directory`.

        These are rewards.png, if episodes are held out, and rewards.parquet, of all episodes.

        Returns:
            Names of the files that were written.

        Raises:
            UserError: a file cannot be written.
        """
        self._predictions = None        # weights may have been restored since the last test
        for text in self.report():
            LOG.info('%s\n', text)
        for text in self._cautions:
            LOG.warning('%s\n', text)
        names = []
        if self.predictions():
            draw_rewards(directory / 'rewards.png', self.predictions())
            names.append('rewards.png')
        if self._table is not None:
            names.append(self._table.write(directory, self._labels()))
        return tuple(names)

    def _labels(self):
        """[`EpisodeLabels`] of the held-out and of the training episodes."""
        labels = [_labels_of(each.recording, each.rewards, HELD_OUT) for each in self.predictions()]
        for recording in self._train:
            rewards, = self._finite(recording, [recording.context], 'at the end')
            labels.append(_labels_of(recording, rewards, TRAIN))
            self._stop.check()
        return labels

    def state_dict(self):
        """The lowest loss, the number of tests since, and what identifies the episodes."""
        seen = {} if self._table is None else {'seen': self._table.seen}
        return {'best_loss': self._best_loss, 'cycles_since_best': self.cycles_since_best, **seen}

    def load_state_dict(self, state):
        """Restores what the tests have found."""
        self._best_loss, self.cycles_since_best = state['best_loss'], state['cycles_since_best']
        self._predictions = None

    def _predict(self, when):
        predictions = []
        for recording in self._held_out:
            predictions.append(self._predict_one(recording, when))
            self._stop.check()
        return predictions

    def _predict_one(self, recording, when):
        can_swap = recording.success and not recording.scored
        other = self._other_context.get(recording.task) if can_swap else None
        contexts = [recording.context] if other is None else [recording.context, other]
        rewards = self._finite(recording, contexts, when)
        sums = np.cumsum(rewards, axis=1, dtype=np.float64)
        return Prediction(recording, rewards[0], None if other is None else float(sums[1, -1]),
                          tuple(float(sums[0, length - 1]) for length in prefix_lengths(recording)))

    def _finite(self, recording, contexts, when):
        """[len(contexts), T] float32 rewards of an episode's steps, for each of the contexts."""
        rewards = predict(self._agent, recording, contexts)
        if not np.isfinite(rewards).all():
            raise DivergedError(f'predicted rewards became {rewards[~np.isfinite(rewards)][0]} {when}, of '
                                f'{recording.path} {recording.name}')
        return rewards


def _labels_of(recording, rewards, split):
    return episode_labels(recording, rewards, split, recording.total_reward)


def other_contexts(contexts):
    """{task: context of the next task with a different context}, cyclically; no entry if there is none.

    Args:
        contexts: {task: its context [C]}, in their order.
    """
    tasks, others = list(contexts), {}
    for number, task in enumerate(tasks):
        for other in tasks[number + 1:] + tasks[:number]:
            if not np.array_equal(contexts[other], contexts[task]):
                others[task] = contexts[other]
                break
    return others
