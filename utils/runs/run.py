"""The lifetime of a run: opens, starts, commits and closes it, in one fixed order."""
import contextlib
import logging
import shlex

from utils.checkpoints.checkpoint import Checkpoint
from utils.checkpoints.files import CheckpointFiles, place_name
from utils.generators import Generators
from utils.logs.outputs import open_sinks
from utils.runs.conclusion import mark_concluded
from utils.runs.directory import check_free, locked, make_directory, run_directory
from utils.runs.identity import check_resumable, identity
from utils.runs.learned import BEST
from utils.runs.leftovers import has_only_leftovers, remove_leftovers
from utils.runs.next_steps import log_end
from utils.runs.record import keep_args, write_args
from utils.runs.sources import find_resumable, find_reward
from utils.runs.start import commit_start, open_console, restore_parts, restore_reward

LOG = logging.getLogger('rrd')


class Run:
    """Manages the output of a run: its directory, its lock, its files and its checkpoints.

    The order of calls is fixed: `Run.open`, `bind`, `begin`, a `commit` after each of the `cycles`,
    `conclude`, `close`. Any other raises RuntimeError. As a context manager, a run closes itself.

    Attributes:
        args: flags of the run.
        directory: of all output.
        generators: the `Generators` of its random numbers.
        console: the `Console`; None before `bind`.
        learner: has `learn(cycle)`, `counts()`, `steps`; None before `begin`, like the next two.
        tester: has `cycle_summary(steps)`, `improved`, `exhausted`, `conclude(directory)` -> [name].
        log: the `Logger`.
    """

    def __init__(self, args, files, found, stack, exists):
        self.args, self.directory, self.generators = args, run_directory(args), Generators(args.seed)
        self.console = self.learner = self.tester = self.log = None
        self._files, self._found, self._stack, self._exists = files, found, stack, exists
        self._state, self._last_cycle = 'opened', args.epochs * args.cycles

    @classmethod
    def open(cls, args):
        """Opens a run without its environment; writes nothing.

        The directory is checked. Where it exists, it is locked and its newest checkpoint is found.

        Raises:
            UserError: the directory is unavailable, or all checkpoints are damaged.
            Finished: the run to resume has done all its cycles, and has reported.
        """
        directory = run_directory(args)
        files = CheckpointFiles(directory / 'checkpoints', args.keep_checkpoints)
        with contextlib.ExitStack() as stack:
            exists = args.resume or has_only_leftovers(directory)
            if exists:
                stack.enter_context(locked(directory))
            # again under the lock: its previous holder may have written meanwhile
            if not args.resume and not (exists and has_only_leftovers(directory)):
                check_free(directory)
            found = find_resumable(args, files) if args.resume else None
            return cls(args, files, found, stack.pop_all(), exists)

    def keep(self, thing):
        """Registers `thing.close()` for the end of the run; returns `thing`."""
        self._stack.callback(thing.close)
        return thing

    def bind(self, spec, facts, data=None, prepare=None):
        """Checks the run against its environment or its data, then makes the directory.

        Args:
            spec: shapes of the task.
            facts: {name: value} of the environment, for args.json.
            data: JSON values that identify each file of recorded episodes, or None.
            prepare: called when checkpoints fit and nothing is written yet, to make what may be refused.

        Returns:
            What `prepare()` returns, if it is given.

        Raises:
            UserError: a checkpoint does not match, or the directory cannot be created.
        """
        self._advance('bind', 'opened', 'bound')
        self._identity = identity(self.args, spec) | ({} if data is None else {'data': data})
        if self._found is not None:
            check_resumable(self._found, self.args, spec, data)
        self._reward = find_reward(self.args, self._identity) if self._found is None else None
        prepared = prepare and prepare()
        self._take_directory(facts)
        self.console = self.keep(open_console(self.directory))
        return prepared

    def _take_directory(self, facts):
        if not self._exists:
            make_directory(self.directory)
            self._stack.enter_context(locked(self.directory))   # before there is anything to resume
        elif self._found is None:
            remove_leftovers(self.directory)
        if not self.args.resume:
            write_args(self.directory, self.args, facts)

    def progress(self, per_cycle, unit, scale=1):
        """The progress bar of a run with `per_cycle` iterations a cycle; other arguments as for `Console`."""
        done = self._found.state['parts']['learner']['iterations'] if self._found else 0
        return self.console.progress(self._last_cycle * per_cycle, unit, scale, done, per_cycle)

    def begin(self, parts, replay, record=None, keep_best=False):
        """Restores the parts, opens the sinks of the log, and saves the first checkpoint of a new run.

        Args:
            parts: {name: object with `state_dict` and `load_state_dict`} that a checkpoint contains;
                includes 'agent', 'learner', 'tester' and 'log'.
            replay: the replay store or sampler, as for `Checkpoint`; None to leave it out.
            record: the `RolloutRecord`, or None.
            keep_best: whether to keep the checkpoint of the best cycle separately.

        Raises:
            UserError: a checkpoint or a file cannot be read or written.
        """
        self._advance('begin', 'bound', 'begun')
        self.learner, self.tester, self.log = (parts[name] for name in ('learner', 'tester', 'log'))
        self.keep(self.log)
        self._checkpoint, best = (
            Checkpoint(files, self._identity, parts['agent'], parts, replay, self._place)
            for files in (self._files, CheckpointFiles(self.directory / BEST, 1)))
        self._best = best if keep_best else None
        if self._found is not None:
            restore_parts(self._found, self._checkpoint)
        elif self.args.resume:
            LOG.info('no checkpoint yet in %s: starting from the beginning', self.directory)
        if self._reward is not None:
            restore_reward(self._reward, parts['agent'])
        with self.console.native_messages():    # opened late: existing files may have to be truncated
            self.log.attach(open_sinks(self.directory, self.log, record, self.console.logger,
                                       self._found is not None))
        self._record = commit_start(self.args, self.directory, self._files, self._found, self._checkpoint)

    def _place(self):
        """(finished cycles, iterations of the current cycle, roll-outs of the current test)."""
        done = self.log.num_rows * self.learner.iterations_per_cycle
        return self.log.num_rows, self.learner.iterations - done, self.tester.num_done

    def cycles(self):
        """Numbers of the remaining cycles, counted from 1; stops early if the tester is exhausted."""
        self._advance('cycles', 'begun')
        if self._found is not None and self.tester.exhausted:
            return      # only its report is missing
        for cycle in range(self.log.num_rows + 1, self._last_cycle + 1):
            yield cycle
            if self.tester.exhausted:
                return

    def commit(self, cycle):
        """Ends a cycle: writes its row, and a checkpoint where one is due."""
        self._advance('commit', 'begun')
        keep_args(self.directory, self._record)
        self.log.set({'epoch': (cycle - 1) // self.args.cycles + 1, 'cycle': cycle, **self.learner.counts(),
                      'time/total_s': self.log.elapsed_s})
        self.log.write(self.learner.steps)
        if self._best is not None and self.tester.improved:
            self._best.save()
        if cycle == self._last_cycle or self.tester.exhausted:
            self._checkpoint.save()
        elif cycle % self.args.save_every == 0:
            self._checkpoint.try_save()

    def save_and_report(self):
        """Saves before the process ends, and logs how to resume the run."""
        self._advance('save_and_report', 'begun')
        self._checkpoint.try_save()
        directory = shlex.quote(str(self.directory))
        LOG.info('stopped; to resume: python train.py --resume=True --run_dir=%s', directory)

    def conclude(self):
        """Restores the best weights, if they are kept, reports, and logs the end."""
        self._advance('conclude', 'begun')
        if self._best is not None:
            self._best.restore_weights()
        mark_concluded(self.directory, place_name(*self._place()), self.tester.conclude(self.directory))
        log_end(self.args, self.directory)

    def close(self):
        """Closes everything, the lock last; uncommitted results are lost."""
        self._state = 'closed'
        self._stack.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def _advance(self, call, needed, after=None):
        if self._state != needed:
            raise RuntimeError(f'Run.{call} needs a run that is {needed}, and this one is {self._state}; the '
                               'order is open, bind, begin, commit, close')
        self._state = after or needed
