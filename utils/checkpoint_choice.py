"""Which checkpoint a run begins with: its own newest, or another run's for the reward model alone."""
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from utils.checkpoint import check_identity
from utils.checkpoint_files import CheckpointFiles
from utils.errors import Finished, UserError
from utils.run_dir import check_free, locked, run_directory

REWARD_ONLY = ('reward_model', 'obs_normalization', 'observation', 'action')


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


def check_start(start, args, spec):
    """The whole `Start` of a run, once its checkpoint is known to fit the environment.

    Raises:
        UserError: it does not.
    """
    expected = identity(args, spec)
    if start.found is not None:
        check_identity(start.found, expected)
        return start._replace(identity=expected)
    return start._replace(identity=expected, reward=_reward_source(args, expected))


def identity(args, spec):
    """JSON values that two runs must share to use each other's checkpoints."""
    return {'alg': args.alg, 'basis_alg': args.get('basis_alg'), 'env': args.env,
            'reward_model': args.alg == 'rrd', 'obs_normalization': args.obs_normalization,
            'observation': {key: _described(field) for key, field in spec.observation.items()},
            'action': _described(spec.action)}


def _described(field):
    return [list(field.shape), np.dtype(field.dtype).name, field.stack]


def _resumable(args, files):
    found = files.find()
    if found is not None:
        done, total = found.state['parts']['log']['num_rows'], args.epochs * args.cycles
        if done >= total:
            raise Finished(f'nothing to do: the run in {args.run_dir} has done {done} of {total} cycles; '
                           '--epochs=N adds some')
    return found


def _reward_source(args, expected):
    if not args.get('reward_from'):
        return None
    directory = Path(args.reward_from).expanduser() / 'checkpoints'
    try:
        found = CheckpointFiles(directory).find()
        if found is None:
            raise UserError(f'{directory} has no checkpoint')
        check_identity(found, {name: expected[name] for name in REWARD_ONLY})
    except UserError as error:
        raise UserError(f'--reward_from={args.reward_from}: {error}') from error
    return found
