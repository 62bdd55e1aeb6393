"""The simulator of LIBERO: `python -m envs.libero_sim COMMAND [--flag=value ...]`.

check      builds a task of each suite, and compares pictures with recorded ones
perturb    replays each demonstration with one disturbance, and records failures and successes
replay     records demonstrations again, at another resolution, with observations before the actions
rollouts   replays disturbed and undisturbed; `python -m tester RUN_DIR --sim` calls it
assets     puts the meshes and textures into the environment; `make libero` calls it
"""
import sys

from envs.libero_sim.own_python import replace_process
from utils.errors import UserError, run
from utils.logs.console import plain_logger
from utils.stop_signals import StopSignals


def _check(words):
    from envs.libero_sim.check import main

    main(words)


def _assets(words):
    from envs.libero_sim.install import main

    main(words)


def _perturb(words):
    from envs.libero_sim.producing import perturb

    perturb(words)


def _replay(words):
    from envs.libero_sim.producing import replay

    replay(words)


def _rollouts(words):
    from envs.libero_sim.rollouts import main

    main(words)


COMMANDS = {'check': _check, 'perturb': _perturb, 'replay': _replay, 'rollouts': _rollouts, 'assets': _assets}


def main(argv=None):
    """Runs one command; `argv` is the command line, None for that of this process.

    Raises:
        UserError: there is no such command, or `.venv-libero` was not made.
    """
    words = sys.argv[1:] if argv is None else argv
    if words and words[0] in ('-h', '--help'):
        plain_logger().info('%s', __doc__.strip())
        return
    if not words or words[0] not in COMMANDS:
        got = f', got {words[0]!r}' if words else ''
        raise UserError(f'expected one of the commands {", ".join(COMMANDS)}{got}: '
                        'python -m envs.libero_sim COMMAND')
    replace_process(words)
    COMMANDS[words[0]](words[1:])


if __name__ == '__main__':
    with StopSignals():
        run(main)
