"""Plays episodes to get the predicted and the true rewards of their steps."""
from tester.online import OnlineTester
from tester.true_rewards import CORRELATIONS, TrueRewards
from utils.logs.logger import Logger
from utils.runs.columns import RETURNS


def play_episodes(args, env, agent, rng, stop):
    """[(predicted [T], true [T])] of `test_rollouts` episodes without exploration.

    Args:
        args: as for `OnlineTester`.
        env: environment whose rewards are the task's own.
        agent: agent with a reward model.
        rng: as for `OnlineTester`.
        stop: as for `OnlineTester`.
    """
    true_rewards = TrueRewards(agent, env.spec, keep=True)
    diagnostics = [f'test/{name}_mean' for name in agent.diagnostic_names]
    log = Logger([*RETURNS, *diagnostics, *CORRELATIONS], [])
    tester = OnlineTester(args, env, agent, log, None, stop, rng, true_rewards)
    tester.cycle_summary(0)
    return true_rewards.episodes
