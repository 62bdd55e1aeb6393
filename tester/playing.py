"""Plays the policy of a checkpoint, for one row of numbers."""
from tester.after_episode import AfterEpisode
from tester.online import OnlineTester
from tester.true_rewards import CORRELATIONS
from utils.logs.console import episode_bar
from utils.logs.logger import Logger
from utils.runs.columns import RETURNS


def play(args, env, agent, rng, found, keep_states, true_rewards):
    """({name: number} of the roll-outs, named as in progress.csv; [state] to replay each, or [])."""
    counts = {name: found.state['parts']['learner'][name] for name in ('episodes', 'steps', 'updates')}
    diagnostics = [f'test/{name}_mean' for name in agent.diagnostic_names]
    row, states = Row(), []
    log = Logger([*counts, *(name for name in RETURNS if name.startswith('test/')), *diagnostics,
                  *(CORRELATIONS if true_rewards else ())], [row])
    with episode_bar(args.test_rollouts) as bar:
        after = AfterEpisode(bar, lambda: states.append(env.state_dict()) if keep_states else None)
        OnlineTester(args, env, agent, log, None, after, rng, true_rewards).cycle_summary(counts['steps'])
    log.set(counts)
    log.write(counts['steps'])
    return row.values, states


class Row:
    """A sink that stores its only row as `values`."""

    def write(self, step, row):
        """Stores the row."""
        self.values = row
