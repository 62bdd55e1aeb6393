"""Where a run begins: anew, at its own newest checkpoint, or with the reward model of another run."""
import itertools
import logging
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from utils.checkpoints.checkpoint import VARIABLES, check_identity
from utils.checkpoints.files import CheckpointFiles
from utils.errors import Finished, UserError
from utils.runs.directory import (
    check_free,
    create,
    discard,
    expanded,
    locked,
    remove_outputs,
    run_directory,
)
from utils.runs.flags import may_change
from utils.runs.learned import find_learned
from utils.runs.record import changes, update_args, write_args
from utils.types import Field, Spec

LOG = logging.getLogger('rrd')

REWARD_ONLY = ('reward_model', 'obs_normalization', 'observation', 'action', 'num_actions')


class Start(NamedTuple):
    """What a run begins with.

    Attributes:
        directory: of the run.
        files: its `CheckpointFiles`.
        found: the checkpoint (`Found`) that it goes on from; None at the beginning.
        reward: the checkpoint that its reward model is taken from, or None.
        identity: of the run.
    """

    directory: Path
    files: CheckpointFiles
    found: Any = None
    reward: Any = None
    identity: Any = None


def find_start(args, stack):
    """The `Start` of a run, as far as it is known without its environment.

    Args:
        args: flags of the run.
        stack: `ExitStack` that gives back the directory of a run that is resumed.

    Raises:
        UserError: the directory cannot be had, or all checkpoints are damaged.
        Finished: the run that was to be resumed has done all its cycles.
    """
    directory = run_directory(args)
    files = CheckpointFiles(directory / 'checkpoints', args.keep_checkpoints)
    if not args.resume:
        check_free(directory)
        return Start(directory, files)
    stack.enter_context(locked(directory))
    return Start(directory, files, _resumable(args, files))


def check_start(start, args, spec, data=None):
    """The whole `Start` of a run, once its checkpoint is known to fit the environment, or the recorded data.

    Args:
        start: what `find_start` found.
        args: flags of the run.
        spec: shapes of the task.
        data: JSON values that tell each file of recorded episodes from others, or None.

    Raises:
        UserError: it does not.
    """
    expected = identity(args, spec) | ({} if data is None else {'data': data})
    if start.found is not None:
        check_identity(start.found, identity(args, spec))
        _check_episodes(start.found, data or [])
        return start._replace(identity=expected)
    return start._replace(identity=expected, reward=_reward_source(args, expected))


def identity(args, spec):
    """JSON values that two runs must share to use each other's checkpoints."""
    recorded = {'context': spec.context, 'tasks': list(spec.tasks), 'r_scale': args.r_scale} \
        if spec.context else {}
    return {**recorded, 'alg': args.alg, 'basis_alg': args.get('basis_alg'), 'env': args.env,
            'reward_model': args.alg == 'rrd', 'obs_normalization': args.obs_normalization,
            'observation': {key: _described(field) for key, field in spec.observation.items()},
            'action': _described(spec.action), 'num_actions': spec.num_actions}


def spec_of(identity):
    """The `Spec` that an `identity` of a run on recorded episodes tells."""
    def field(described):
        shape, dtype, stack = described
        return Field(tuple(shape), np.dtype(dtype).type, stack)

    return Spec({key: field(described) for key, described in identity['observation'].items()},
                field(identity['action']), identity['num_actions'], identity['context'],
                tuple(identity['tasks']))


def _check_episodes(found, data):
    """Refuses the checkpoint `found` of a run on other recorded episodes; names the first file of them."""
    for before, now in itertools.zip_longest(found.state['identity'].get('data', []), data):
        if before != now:
            raise UserError(f'{found.path} is of a run on other episodes: it has {before or "no more files"} '
                            f'instead of {now or "no more files"}')


def _described(field):
    return [list(field.shape), np.dtype(field.dtype).name, field.stack]


def _resumable(args, files):
    found = files.find()
    if found is not None:
        done, total = found.state['parts']['log']['num_rows'], args.epochs * args.cycles
        if done >= total:
            raise Finished(f'nothing to do: the run in {args.run_dir} has done {done} of {total} cycles; '
                           '--epochs=N adds some')
        if 0 < args.get('patience', 0) <= found.state['parts']['tester']['cycles_since_best']:
            raise Finished(f'nothing to do: the run in {args.run_dir} stopped early, after {done} of {total} '
                           f'cycles; --patience={args.patience} is the run\'s own, and may not change')
    return found


def _reward_source(args, expected):
    if not args.get('reward_from'):
        return None
    try:
        found = find_learned(expanded('reward_from', args.reward_from))
        # of recorded tasks a number means another one in another suite
        names = (*REWARD_ONLY, 'env', 'context', 'tasks', 'r_scale') if 'context' in expected else REWARD_ONLY
        check_identity(found, {name: expected[name] for name in names})
    except UserError as error:
        raise UserError(f'--reward_from={args.reward_from}: {error}') from error
    return found


def take_directory(args, facts, start, stack, undo):
    """Makes the run's directory, or clears what a run left that never got to its first step.

    Args:
        args: flags of the run.
        facts: of its environment, for args.json.
        start: its `Start`.
        stack: `ExitStack` that gives the directory back to other processes.
        undo: `ExitStack` that takes back what was made, should the run not get going.
    """
    if not args.resume:
        undo.callback(discard, create(start.directory))
        stack.enter_context(locked(start.directory))        # before there is anything to resume
        write_args(start.directory, args, facts)
    elif start.found is None:
        remove_outputs(start.directory)


def begin(args, start, agent, checkpoint):
    """Brings the parts of a run to where it begins, and tells where that is; writes nothing."""
    if start.found is None:
        if args.resume:
            LOG.info('no checkpoint yet in %s: starting from the beginning', start.directory)
        if start.reward is not None:
            for path, wrong in start.reward.damaged.items():
                LOG.warning('warning: %s is damaged (%s)', path, wrong)
            agent.restore_reward(start.reward.path / VARIABLES)
            LOG.info('reward model from %s', start.reward.path)
        return
    checkpoint.restore(start.found)
    LOG.info('resumed from %s', start.found.path)
    if start.found.state['replay'] is None:
        LOG.warning('warning: the replay store was not saved (--save_buffer=False): it starts empty, and the '
                    'run is not what it would have been')


def settle(args, start, checkpoint):
    """Makes it last, once nothing can go wrong any more: args.json, the checkpoints, the first of them."""
    if args.resume:
        if different := changes(start.directory, args):
            LOG.warning('warning: not the machine or versions of the start, so numbers may differ in their '
                        'last digits: %s', ', '.join(different))
        update_args(start.directory, args, may_change())
    start.files.adopt(start.found)
    if start.found is None:
        checkpoint.save()
