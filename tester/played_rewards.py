"""Plays episodes to have the predicted and the true rewards of their steps."""
from tester.online import OnlineTester
from tester.true_rewards import CORRELATIONS, TrueRewards
from utils.logger import Logger

_RETURNS = ('test/return_mean', 'test/return_std', 'test/return_min', 'test/return_max', 'test/length_mean')


class _AfterEpisode:
    """Calls a function after each roll-out, and stops nothing."""

    def __init__(self, call):
        self.check = call


def play_episodes(args, env, agent, rng, after_episode):
    """[(predicted [T], true [T])] of `test_rollouts` episodes without exploration.

    Args:
        args: as for `OnlineTester`.
        env: whose rewards are the task's own.
        agent: with a reward model.
        rng: as for `OnlineTester`.
        after_episode: function of nothing, called after each.
    """
    judge = TrueRewards(agent, env.spec, keep=True)
    judgements = [f'test/{name}_mean' for name in agent.judgement_names]
    log = Logger([*_RETURNS, *judgements, *CORRELATIONS], [])
    tester = OnlineTester(args, env, agent, log, None, _AfterEpisode(after_episode), rng, judge)
    tester.cycle_summary(0)
    return judge.episodes
