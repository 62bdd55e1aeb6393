"""Trains a policy on rewards learned from the returns of whole episodes."""
from common import experiment_setup, get_args
from utils.errors import run


def main(argv=None):
    """Runs one experiment; `argv` is the command line, None for that of this process."""
    args = get_args(argv)
    learner, tester, log, console, directory, closing = experiment_setup(args)
    with closing:
        for cycle in range(1, args.epochs * args.cycles + 1):
            with log.timed('time/train_s'):
                learner.learn()
            with log.timed('time/test_s'):
                tester.cycle_summary(learner.steps)
            log.set({'epoch': (cycle - 1) // args.cycles + 1, 'cycle': cycle, 'episodes': learner.episodes,
                     'timesteps': learner.steps, 'updates': learner.updates, 'time/total_s': log.elapsed_s})
            log.write(learner.steps)
        console.logger.info('finished: %s', directory / 'progress.csv')


if __name__ == '__main__':
    run(main)
