"""Roll-outs without exploration, in an environment of their own."""
import numpy as np

from utils.errors import DivergedError


class OnlineTester:
    """Plays whole episodes greedily and logs their returns.

    Args:
        args: reads test_rollouts.
        env: an environment that nobody else acts in.
        agent: has `act_and_judge(observation)`.
        log: has `add` and `set`.
        record: has `append(step, returns)`, or None.
    """

    def __init__(self, args, env, agent, log, record):
        self._num_rollouts = args.test_rollouts
        self._env, self._agent, self._log, self._record = env, agent, log, record

    def cycle_summary(self, steps):
        """`test_rollouts` episodes, after `steps` environment steps of training.

        Raises:
            DivergedError: an action is not finite.
        """
        rollouts = [self._rollout(steps) for _ in range(self._num_rollouts)]
        returns, lengths = np.array(rollouts).T
        self._log.set({
            'test/return_mean': returns.mean(), 'test/return_std': returns.std(),
            'test/return_min': returns.min(), 'test/return_max': returns.max(),
            'test/length_mean': lengths.mean()})
        if self._record is not None:
            self._record.append(steps, returns)

    def _rollout(self, steps):
        """(return, length) of one episode."""
        observation, total, length, over = self._env.reset(), 0.0, 0, False
        while not over:
            action, info = self._agent.act_and_judge(observation)
            if not np.isfinite(action).all():
                raise DivergedError(f'the action became {action.tolist()} in the test at step {steps}')
            self._log.add({f'test/{name}_mean': value for name, value in info.items()})
            try:
                observation, reward, _, over = self._env.step(action)
            except DivergedError as error:
                raise DivergedError(f'{error}, in the test at step {steps} of the run') from error
            total, length = total + reward, length + 1
        return total, length
