"""Names of environments that are refused before a simulator loads, and the names that resemble one."""
import difflib
import re

from utils.errors import UserError
from utils.flags.atari_games import ATARI_GAMES
from utils.flags.checks import CONTINUOUS
from utils.flags.suites import OWN_DATA, SUITES, check_no_suite

# Gymnasium's ids of games
_GAME = re.compile(r'(?P<game>\w+?)(-ram)?(NoFrameskip|Deterministic)?(-v\d+)?')
_OURS = {name.removesuffix('-v2').lower(): name for name in CONTINUOUS} | {
    name.lower(): name for name in ATARI_GAMES}


def check_name(env):
    """Refuses a name that stands for an environment with another name here.

    Raises:
        UserError: names that environment.
    """
    game = _GAME.fullmatch(env)
    if game and env not in (*ATARI_GAMES, *CONTINUOUS):
        task = _OURS.get(game['game'].lower())
        if task in ATARI_GAMES or task and '-' not in env:
            raise UserError(f'--env={env}: unknown; did you mean {task}?')


def check_recorded(env, name):
    """Refuses a name that is no id of Gymnasium, given with the flag `name` for recorded episodes.

    Raises:
        UserError: names the suites.
    """
    if env in (*ATARI_GAMES, *SUITES, OWN_DATA):
        return
    check_no_suite(env)
    if not re.search(r'-v\d+$', env):
        raise UserError(f'--env={env}: unknown; with --{name} expected one of the suites {", ".join(SUITES)}')


def suggestion(env, registered):
    """`did you mean ...?` with up to three names like `env`, or where to look.

    Args:
        env: a name that nothing has.
        registered: names that Gymnasium has.
    """
    near = difflib.get_close_matches(env, sorted({*registered, *CONTINUOUS, *ATARI_GAMES}))
    if not near:
        return ('expected an id of Gymnasium with its version, such as Hopper-v2, the name of an Atari game, '
                'such as Pong, or a suite, such as libero_spatial')
    return f'did you mean {", ".join(near[:-1])}{" or " if near[:-1] else ""}{near[-1]}?'
