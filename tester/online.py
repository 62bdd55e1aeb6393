"""Test roll-outs without exploration, in a separate environment."""
import numpy as np

from utils.errors import DivergedError


class OnlineTester:
    """Plays complete episodes greedily, except for a share of random actions on Atari; logs their returns.

    Args:
        args: reads test_rollouts, and test_eps if it exists.
        env: an environment used by this tester only.
        agent: has `act_with_diagnostics(observation)`.
        log: has `add` and `set`.
        record: has `append(step, returns)`, or None.
        stop: has `check()`, called after every roll-out; it raises `Interrupted` to stop the run.
        rng: generator of the random actions; their share is `test_eps`.
        true_rewards: `TrueRewards` that evaluates a reward model on the played episodes, or None.
    """

    improved = exhausted = False    # no test selects a checkpoint or stops the run

    def __init__(self, args, env, agent, log, record, stop, rng, true_rewards=None):
        self._num_rollouts, self._stop = args.test_rollouts, stop
        self._epsilon, self._rng = args.get('test_eps', 0.0), rng
        self._env, self._agent, self._log, self._record = env, agent, log, record
        self._true_rewards = true_rewards
        self._rollouts = []         # (return, length) in the current test

    @property
    def num_done(self):
        """Number of roll-outs in the current test so far."""
        return len(self._rollouts)

    def cycle_summary(self, steps):
        """Plays `test_rollouts` episodes after `steps` training steps; resumes an interrupted test.

        Raises:
            DivergedError: an action is not finite.
        """
        while self.num_done < self._num_rollouts:
            self._rollouts.append(self._rollout(steps))
            self._stop.check()
        returns, lengths = np.array(self._rollouts).T
        self._log.set({
            'test/return_mean': returns.mean(), 'test/return_std': returns.std(),
            'test/return_min': returns.min(), 'test/return_max': returns.max(),
            'test/length_mean': lengths.mean()})
        if self._record is not None:
            self._record.append(steps, returns)
        self._rollouts = []

    def conclude(self, directory):
        """Names of the files that the final report wrote: none, as there is no report."""
        return ()

    def state_dict(self):
        """The current test; the state of the environment is separate."""
        return {'rollouts': self._rollouts}

    def load_state_dict(self, state):
        """Restores `state_dict`."""
        self._rollouts = [tuple(rollout) for rollout in state['rollouts']]

    def _rollout(self, steps):
        """(return, length) of one episode."""
        observation, total, length, over = self._env.reset(), 0.0, 0, False
        if self._true_rewards is not None:
            self._true_rewards.begin(observation)
        while not over:
            action = self._action(observation, steps)
            try:
                observation, reward, _, over = self._env.step(action)
            except DivergedError as error:
                raise DivergedError(f'{error}, in the test at step {steps} of the run') from error
            if self._true_rewards is not None:
                self._true_rewards.add(action, reward, observation)
            total, length = total + reward, length + 1
        if self._true_rewards is not None:
            self._log.add(self._true_rewards.finish())
        return total, length

    def _action(self, observation, steps):
        action, info = self._agent.act_with_diagnostics(observation)
        if not np.isfinite(action).all():
            raise DivergedError(f'the action became {action.tolist()} in the test at step {steps}')
        self._log.add({f'test/{name}_mean': value for name, value in info.items()})
        if self._epsilon and self._rng.random() < self._epsilon:
            return np.int32(self._rng.integers(self._env.spec.num_actions))
        return action
