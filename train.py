"""Trains a policy on rewards learned from returns of whole episodes, or only the reward model."""
import utils.installed  # noqa: F401 (checks the packages before anything imports them)
from common import experiment_setup, get_args
from utils.errors import run as reporting_errors
from utils.runs.run import Run
from utils.stop_signals import StopSignals


def main(argv=None):
    """Runs one experiment; `argv` is the command line, None for that of this process."""
    args = get_args(argv)
    with StopSignals() as stop, Run.open(args) as run:
        learner, tester, log = experiment_setup(run, stop)
        with stop.deferred(run.save_and_report):
            for cycle in run.cycles():
                stop.check()
                with log.timed('time/train_s'):
                    learner.learn(cycle)
                with log.timed('time/test_s'):
                    tester.cycle_summary(learner.steps)
                run.commit(cycle)
            run.conclude()


if __name__ == '__main__':
    reporting_errors(main)
