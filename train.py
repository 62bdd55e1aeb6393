"""Trains a policy on rewards learned from the returns of whole episodes, or these rewards alone."""
from common import experiment_setup, get_args
from utils.errors import run
from utils.stop_signals import StopSignals


def main(argv=None):
    """Runs one experiment; `argv` is the command line, None for that of this process."""
    args = get_args(argv)
    with StopSignals() as stop:
        learner, tester, log, console, checkpoint, best, directory, closing = experiment_setup(args, stop)
        with closing, stop.deferred(lambda: checkpoint.save_and_tell(directory)):
            last = args.epochs * args.cycles
            for cycle in range(log.num_rows + 1, last + 1):
                stop.check()
                with log.timed('time/train_s'):
                    learner.learn(cycle)
                with log.timed('time/test_s'):
                    tester.cycle_summary(learner.steps)
                log.set({'epoch': (cycle - 1) // args.cycles + 1, 'cycle': cycle, **learner.counts(),
                         'time/total_s': log.elapsed_s})
                log.write(learner.steps)
                if best is not None and tester.improved:
                    best.save()
                if cycle == last or tester.exhausted:
                    checkpoint.save()
                    break
                if cycle % args.save_every == 0:
                    checkpoint.try_save()
            if best is not None:
                best.restore_weights()
            tester.conclude(directory)
            console.logger.info('finished: %s', directory / 'progress.csv')


if __name__ == '__main__':
    run(main)
