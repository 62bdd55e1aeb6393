"""How a run starts: its parts restored, its record and its checkpoints brought up to date."""
import logging

from utils.checkpoints.checkpoint import VARIABLES
from utils.runs.flags import may_change
from utils.runs.record import changes, update_args

LOG = logging.getLogger('rrd')


def restore_parts(found, checkpoint):
    """Brings the parts of a resumed run to its checkpoint `found`, and logs which it is; writes nothing."""
    checkpoint.restore(found)
    LOG.info('resumed from %s', found.path)
    if found.state['replay'] is None:
        LOG.warning('warning: the replay store was not saved (--save_buffer=False): it starts empty, and the '
                    'run is not what it would have been')


def restore_reward(found, agent):
    """Gives `agent` the reward model of the checkpoint `found` of another run, and logs which it is."""
    for path, wrong in found.damaged.items():
        LOG.warning('warning: %s is damaged (%s)', path, wrong)
    agent.restore_reward(found.path / VARIABLES)
    LOG.info('reward model from %s', found.path)


def commit_start(args, directory, files, found, checkpoint):
    """Makes a start last, once nothing else can fail.

    Args:
        args: flags of the run.
        directory: of the run.
        files: its `CheckpointFiles`.
        found: the checkpoint that it resumes from, a `Found`; without one, the first is saved.
        checkpoint: its `Checkpoint`.
    """
    if args.resume:
        if different := changes(directory, args):
            LOG.warning('warning: not the machine or versions of the start, so numbers may differ in their '
                        'last digits: %s', ', '.join(different))
        update_args(directory, args, may_change())
    files.adopt(found)
    if found is None:
        checkpoint.save()
