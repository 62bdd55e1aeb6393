"""Starts a run: restores its parts, updates its record and its checkpoints."""
import logging

from utils.checkpoints.checkpoint import VARIABLES
from utils.errors import file_errors
from utils.logs.console import Console
from utils.runs.flags import may_change
from utils.runs.record import changes, read_args, update_args

LOG = logging.getLogger('rrd')


def open_console(directory):
    """The `Console` of the run in `directory`.

    Raises:
        UserError: log.txt cannot be opened.
    """
    with file_errors(f'cannot write into {directory}'):
        console = Console(directory / 'log.txt')
    console.logger.info('run directory: %s', directory)
    return console


def restore_parts(found, checkpoint):
    """Restores the parts of a resumed run from the checkpoint `found`, and logs its path; writes nothing."""
    checkpoint.restore(found)
    LOG.info('resumed from %s', found.path)
    if found.state['replay'] is None:
        LOG.warning('warning: the replay store was not saved (--save_buffer=False): it starts empty, and the '
                    'results differ from those of an uninterrupted run')


def restore_reward(found, agent):
    """Loads the reward model of another run's checkpoint `found` into `agent`, and logs its path."""
    for path, wrong in found.damaged.items():
        LOG.warning('warning: %s is damaged (%s)', path, wrong)
    agent.restore_reward(found.path / VARIABLES)
    LOG.info('reward model from %s', found.path)


def commit_start(args, directory, files, found, checkpoint):
    """Completes a start, once nothing else can fail.

    Args:
        args: flags of the run.
        directory: directory of the run.
        files: its `CheckpointFiles`.
        found: the checkpoint that it resumes from, a `Found`; without one, the first is saved.
        checkpoint: its `Checkpoint`.

    Returns:
        The record of the run, as `read_args` returns it.
    """
    if args.resume:
        if different := changes(directory, args):
            LOG.warning('warning: the machine or the versions have changed, so numbers may differ in their '
                        'last digits: %s', ', '.join(different))
        update_args(directory, args, may_change())
    files.adopt(found)
    if found is None:
        checkpoint.save()
    return read_args(directory)
