"""Writes the learned rewards of a run into a copy of a data set, or beside it."""
import sys
from collections import Counter

import utils.installed  # noqa: F401 (checks the packages before anything imports them)
from envs.recorded.agreement import conventions_of
from envs.recorded.opening import format_of
from labels.checks import check_run, check_sound
from labels.collect import collect, splitter
from labels.flags import TABLE
from labels.parts import kept_predictions, missing_parts, parts_of, plan_of
from labels.predicting import PartPredictor
from labels.targets import target_of
from loading import agent_of, label_setup
from utils.errors import UserError, run
from utils.flags.command_line import read
from utils.flags.flag import resolve
from utils.flags.suites import OWN_DATA
from utils.labels.provenance import in_sample, provenance
from utils.logs.console import plain_logger, work_bar
from utils.runs.directory import expanded
from utils.runs.flags import recorded_args
from utils.runs.learned import find_learned
from utils.runs.reading import path_flag, reading
from utils.stop_signals import StopSignals

_USAGE = 'python label.py RUN_DIR --data_path=SRC --out=DST | --sidecar=FILE.parquet [--flag=value ...]'


def program():
    """Runs `main` as a program."""
    with StopSignals():
        run(main)


def main(argv=None):
    """Labels one data set; `argv` is the command line, None for that of this process.

    Raises:
        UserError: the run, the data set or the place to write cannot be used.
    """
    directory, flags, given = parse_words(sys.argv[1:] if argv is None else argv)
    recorded = recorded_args(directory)
    check_run(directory, recorded)
    args, name = reading(recorded, _renamed(recorded, given)), path_flag(recorded)
    source = expanded('data_path', args[name]) if args[name] else None
    target = target_of(flags, source, format_of(args))
    found = find_learned(directory, flags.checkpoint)
    if not flags.checkpoint:
        check_sound(found)

    data, items = label_setup(args, found, f'--data_path={source}', flags.resize)
    logger, parts = plain_logger(), parts_of(items)
    for text in data.notices:
        logger.info('%s', text)
    split_of, cautions = splitter(found)
    notes = provenance(directory, found, data.fingerprint, conventions_of(data.files))
    plan = plan_of(data, notes['checkpoint_manifest_sha256'], args.libero_image_size)
    with kept_predictions(target.path, plan, notes) as (folder, notes):
        predict(args, found, data.spec, folder, parts)
        labels, lost = collect(folder, parts, split_of)
        texts = target.write(labels, notes | in_sample(labels))
    for text in [*cautions, *lost, *texts, _summary(labels), f'written: {target.path}']:
        logger.info('%s', text)


def predict(args, found, spec, folder, parts):
    """Predicts the parts that have no predictions yet.

    Args:
        args: flags of the run, with the path of the episodes.
        found: the checkpoint, a `Found`.
        spec: shapes of the task.
        folder: of the predictions.
        parts: [[`Item`]] of all episodes.
    """
    numbers = missing_parts(folder, parts)
    if not numbers:
        return
    agent = agent_of(args, spec, found)
    steps = sum(item.recording.length for number in numbers for item in parts[number])
    with work_bar(steps, 'step', desc='labelling', unit_scale=True) as bar:
        PartPredictor(agent, args.libero_image_size, args.libero_skip_bad, bar.update).run(
            folder, parts, numbers)


def parse_words(words):
    """(directory of the run, `Args` of all flags, {name: value} of those that are given).

    Raises:
        UserError: the directory is missing, or a flag is invalid.
    """
    has_directory = bool(words) and not words[0].startswith('-')
    given = read(TABLE, words[has_directory:], description=__doc__, usage=_USAGE)
    if not has_directory:
        raise UserError(f'expected the directory of a run first: {_USAGE}')
    return expanded('run_dir', words[0]), resolve(TABLE, (), given, None), given


def _renamed(recorded, given):
    """The given flags, with --data_path under the name that it has for a suite."""
    if recorded.env == OWN_DATA or 'data_path' not in given:
        return given
    if 'libero_path' in given:
        raise UserError(f'--libero_path={given["libero_path"]}: expected only --data_path')
    return {'libero_path' if name == 'data_path' else name: value for name, value in given.items()}


def _summary(labels):
    splits = Counter(each.split for each in labels)
    counts = ', '.join(f'{count} {split}' for split, count in splits.items())
    note = '; the rewards of training episodes are in-sample' if splits['train'] else ''
    return (f'{len(labels)} episodes ({counts}), {sum(len(each.rewards) for each in labels)} stored steps'
            f'{note}')


if __name__ == '__main__':
    program()
