"""The identity of a run: the values that must match to use a checkpoint."""
import itertools

import numpy as np

from utils.checkpoints.checkpoint import check_identity
from utils.errors import UserError
from utils.flags.algorithms import WITH_REWARD_MODEL
from utils.types import Field, Spec

# values that must match to load the reward model of another run
FORM = ('reward_form', 'potential_heads', 'vector_normalization')     # of recorded episodes
REWARD_ONLY = ('reward_model', 'obs_normalization', 'observation', 'action', 'num_actions')


def identity(args, spec):
    """The identity of a run, as JSON values.

    Args:
        args: flags of the run.
        spec: shapes of the task.
    """
    recorded = {'context': spec.context, 'tasks': list(spec.tasks),
                'r_scale': args.r_scale} if spec.tasks else {}
    if spec.reward_scale:
        recorded['reward_scale'] = spec.reward_scale
    recorded |= {name: args[name] for name in FORM if name in args}
    return {**recorded, 'alg': args.alg, 'basis_alg': args.get('basis_alg'), 'env': args.env,
            'reward_model': args.alg in WITH_REWARD_MODEL, 'obs_normalization': args.obs_normalization,
            'observation': {key: _described(field) for key, field in spec.observation.items()},
            'action': _described(spec.action), 'num_actions': spec.num_actions}


def spec_of(identity):
    """The `Spec` of a run with this `identity`; opens no environment and no data."""
    return Spec({key: _field(described) for key, described in identity['observation'].items()},
                _field(identity['action']), identity['num_actions'], identity.get('context', 0),
                tuple(identity.get('tasks', ())), identity.get('reward_scale', 0.0))


def check_resumable(found, args, spec, data):
    """Checks that the checkpoint `found` is of a run with these flags, shapes and recorded episodes.

    Args:
        found: a `Found`.
        args: flags of the run.
        spec: shapes of the task.
        data: JSON values that identify each file of recorded episodes, or None.

    Raises:
        UserError: it is not; names the difference.
    """
    check_identity(found, identity(args, spec))
    recorded = found.state['identity'].get('data', [])
    for before, now in itertools.zip_longest(recorded, data or []):
        if before != now:
            raise UserError(f'{found.path} is of a run on other episodes: it has {before or "no more files"} '
                            f'instead of {now or "no more files"}')


def _described(field):
    return [list(field.shape), np.dtype(field.dtype).name, field.stack]


def _field(described):
    shape, dtype, stack = described
    return Field(tuple(shape), np.dtype(dtype).type, stack)
