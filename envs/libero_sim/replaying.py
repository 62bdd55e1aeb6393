"""`replay`: the same demonstrations at another resolution, with observations before the actions."""
from envs.libero_sim.episode_files import BEFORE
from envs.libero_sim.parts import Kind
from envs.libero_sim.playing import play_all
from envs.recorded.noops import idle
from utils.errors import UserError

IDLE = 10       # steps of rest before the first action, as in OpenVLA's regenerate_libero_dataset.py


def make_replay(item, scenes, args):
    """Plays one demonstration again.

    Args:
        item: the `Item`.
        scenes: the `Scenes`.
        args: the flag `noops`; 'drop' leaves out the steps that OpenVLA leaves out.

    Returns:
        ([(`Played`, {name: attribute})] with one episode, {}).

    Raises:
        UserError: fewer than two steps are left.
    """
    own = item.demonstration
    actions = own.actions[~idle(own.actions)] if args.noops == 'drop' else own.actions
    if len(actions) < 2:
        raise UserError(f'--noops=drop: expected at least 2 steps that move the robot, got {len(actions)}')
    played = play_all(scenes.get(item.source), own.state, actions, own.model_file, IDLE)
    return [(played, {'model_file': own.stored_model, 'source_demo': own.name})], {}


KIND = Kind(BEFORE, make_replay)


def summary(rows):
    """[text] about the demonstrations that were kept and dropped.

    Args:
        rows: of `rows_of`.
    """
    kept = [row for row in rows if int(row['success'])]
    return [f'{len(kept)} of {len(rows)} demonstrations succeed again and are kept',
            *(f'dropped: {row["suite"]}/{row["task"]} {row["demonstration"]} succeeds no longer'
              for row in rows if row not in kept)]
