"""Finds the checkpoint that a run starts from: its own newest one, or one with a reward model."""
from utils.checkpoints.checkpoint import check_identity
from utils.checkpoints.released import check_whole
from utils.errors import Finished, UserError
from utils.runs.conclusion import check_results, is_concluded
from utils.runs.directory import expanded, run_directory
from utils.runs.identity import FORM, REWARD_ONLY
from utils.runs.learned import find_learned


def find_resumable(args, files):
    """The newest undamaged checkpoint of a resumed run, as `Found`; None if there is none yet.

    Args:
        args: flags of the run.
        files: its `CheckpointFiles`.

    Raises:
        UserError: all of its checkpoints are damaged, or the run is finished and a result is missing.
        Finished: it has done all its cycles, or has stopped early, and all that it promises is there.
    """
    found = files.find()
    if found is None:
        return None
    check_whole(found)
    done, total = found.state['parts']['log']['num_rows'], args.epochs * args.cycles
    if done >= total:
        reason = f'has done {done} of {total} cycles; --epochs=N adds some'
    elif 0 < args.get('patience', 0) <= found.state['parts']['tester']['cycles_since_best']:
        reason = (f'stopped early, after {done} of {total} cycles; --patience={args.patience} is the run\'s '
                  'own, and may not change')
    else:
        return found
    directory = run_directory(args)
    check_results(directory, done, args.get('save_rews', False))
    if args.env_category == 'recorded' and not is_concluded(directory, found.path.name):
        return found
    raise Finished(f'nothing to do: the run in {args.run_dir} {reason}')


def find_reward(args, identity):
    """The checkpoint that a new run loads its reward model from, as `Found`; None without --reward_from.

    Args:
        args: flags of the run.
        identity: identity of the run.

    Raises:
        UserError: there is no such checkpoint, or its reward model does not match.
    """
    if not args.get('reward_from'):
        return None
    try:
        found = find_learned(expanded('reward_from', args.reward_from))
        # the same task number is a different task in another suite
        forms = [name for name in FORM if name in identity]
        names = (*REWARD_ONLY, 'env', 'context', 'tasks', 'r_scale', *forms) if 'tasks' in identity else (
            REWARD_ONLY)
        check_identity(found, {name: identity[name] for name in names})
    except UserError as error:
        raise UserError(f'--reward_from={args.reward_from}: {error}') from error
    return found
