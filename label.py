"""Writes the learned rewards of a run, or the mean of several, into a copy of a data set or beside it."""
import os
import sys
import time
from itertools import takewhile
from pathlib import Path

import utils.installed  # noqa: F401 (checks the packages before anything imports them)
from algorithm.ensemble import check_different
from envs.recorded.agreement import conventions_of
from envs.recorded.content import check_orientation
from envs.recorded.opening import format_of
from labels.checks import check_run, check_sound, was_labelled
from labels.collect import collect, splitter
from labels.ending import last_lines
from labels.flags import TABLE
from labels.names import as_given, named_as_given, renamed
from labels.on_ray import run_on_ray
from labels.parts import kept_predictions, missing_parts, parts_of, plan_of
from labels.predicting import PartPredictor
from labels.shares import Job, Watch
from labels.targets import target_of
from loading_recorded import check_ensemble, label_agent, label_setup
from utils.errors import Finished, UserError, run
from utils.flags.command_line import read
from utils.flags.flag import Args, resolve
from utils.host import cores
from utils.labels.provenance import in_sample, provenance
from utils.logs.console import plain_logger, work_bar
from utils.runs.directory import expanded
from utils.runs.flags import recorded_args
from utils.runs.learned import find_learned
from utils.runs.reading import path_flag, reading
from utils.shares import run_processes
from utils.stop_signals import StopSignals

_USAGE = ('python label.py RUN_DIR [RUN_DIR ...] --data_path=SRC --out=DST | --sidecar=FILE.parquet '
          '[--flag=value ...]')

_PART_STEPS = 4096      # least steps of a part: some seconds of work, which a killed program loses


def program():
    """Runs `main` as a program."""
    with StopSignals():
        run(main)


def main(argv=None):
    """Labels one data set; `argv` is the command line, None for that of this process.

    Raises:
        UserError: the run, the data set or the place to write cannot be used.
        Finished: the same command was killed after it had written the target.
    """
    start = time.perf_counter()
    directories, flags, given = parse_words(sys.argv[1:] if argv is None else argv)
    with named_as_given(given):
        target, labels, texts = _label(directories, flags, given)
    for text in [*texts, *last_lines(target, labels, time.perf_counter() - start)]:
        plain_logger().info('%s', text)


def _label(directories, flags, given):
    """(the `Target` that was written, its [`EpisodeLabels`], [text] about them)."""
    runs = [_run(directory, flags, given) for directory in directories]
    (_, args, found), founds = runs[0], [found for *_, found in runs]
    path = args[path_flag(args)]
    source = expanded('data_path', path) if path else None
    target = target_of(flags, given, source, format_of(args))

    flag = f'--{path_flag(args)}={source}'
    data, items = label_setup(args, found, flag, flags.resize)
    check_ensemble(runs, data, flag, flags.resize)
    has_returns = not was_labelled(data.files, flags.relabel)
    cautions = check_orientation(data.files, args)
    logger, parts = plain_logger(), parts_of(items, _PART_STEPS)
    for text in data.notices:
        logger.info('%s', as_given(text, given))
    target.check_items(items)
    split_of, older = splitter(founds)
    notes = provenance(list(zip(directories, founds, strict=True)), data.fingerprint,
                       conventions_of(data.files))
    plan = plan_of(data, notes['checkpoint_manifest_sha256'], args.libero_image_size, _PART_STEPS)
    with kept_predictions(target.path, plan, notes) as (folder, notes):
        if not target.is_written(notes):
            predict(flags, job_of(runs, folder), data.spec, found, parts)
            labels, lost = collect(folder, parts, split_of, has_returns)
            texts = target.write(labels, notes | in_sample(labels) | {'flags': target.flags})
            return target, labels, [*cautions, *older, *lost, *texts]
    raise Finished(f'{target.path} is complete: this command has written it before')


def _run(directory, flags, given):
    """(directory, flags by which it reads the data set, checkpoint) of a run."""
    recorded = recorded_args(directory)
    check_run(directory, recorded)
    args, found = reading(recorded, renamed(recorded, given)), find_learned(directory, flags.checkpoint)
    if not flags.checkpoint:
        check_sound(found)
    return directory, args, found


def job_of(runs, folder):
    """The `Job` of predicting into `folder` by [(directory, flags, checkpoint)] of runs."""
    (first, checkpoint), *others = [(os.path.abspath(directory), found.path.name)
                                    for directory, _, found in runs]
    return Job(first, checkpoint, dict(runs[0][1]), os.path.abspath(folder), os.getcwd(), _PART_STEPS,
               tuple(others))


def predict(flags, job, spec, found, parts):
    """Predicts the parts that have no predictions yet, here or in other processes.

    Args:
        flags: of the command.
        job: the `Job`.
        spec: shapes of the task.
        found: the checkpoint, a `Found`.
        parts: [[`Item`]] of all episodes.
    """
    folder = Path(job.folder)
    numbers = missing_parts(folder, parts)
    if not numbers:
        return
    steps = sum(item.recording.length for number in numbers for item in parts[number])
    with work_bar(steps, 'step', desc='labelling', unit_scale=True) as bar:
        if flags.ray:
            run_on_ray(predict_share, job, numbers, flags.ray, Watch(folder, parts, bar))
        elif flags.jobs > 1:
            threads = {'inter_op_threads': 1, 'intra_op_threads': max(1, cores() // flags.jobs)}
            run_processes(predict_share, job._replace(flags={**job.flags, **threads}), numbers, flags.jobs,
                          Watch(folder, parts, bar))
        else:
            _predict_here(job, spec, found, parts, numbers, bar.update)


def predict_share(job, numbers):
    """Predicts the parts `numbers` of a `Job`, in a process of its own."""
    os.chdir(job.cwd)
    args, parent = Args(job.flags), os.getppid()

    def check_parent(steps):
        if os.getppid() != parent:      # was killed; another may predict the same
            raise UserError('the program that started this process is gone')

    found = find_learned(Path(job.directory), job.checkpoint)
    data, items = label_setup(args, found, '--data_path', resize=True)
    _predict_here(job, data.spec, found, parts_of(items, job.part_steps), numbers, check_parent)


def _predict_here(job, spec, found, parts, numbers, report):
    args = Args(job.flags)
    agent = label_agent(args, spec, found, job.others)
    PartPredictor(agent, args.libero_image_size, args.libero_skip_bad, report).run(
        Path(job.folder), parts, numbers)


def parse_words(words):
    """([directory of a run], `Args` of all flags, {name: value} of those that are given).

    Raises:
        UserError: the directory is missing or given twice, or a flag is invalid.
    """
    names = list(takewhile(lambda word: not word.startswith('-'), words))
    given = read(TABLE, words[len(names):], description=__doc__, usage=_USAGE)
    if not names:
        raise UserError(f'expected the directory of a run first: {_USAGE}')
    check_different(names)
    return [expanded('run_dir', name) for name in names], resolve(TABLE, (), given, None), given


if __name__ == '__main__':
    program()
