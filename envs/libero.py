"""Lists LIBERO's recorded episodes: `python -m envs.libero DIR`; a root, a suite or one file."""
import utils.installed  # noqa: F401 (checks the packages before anything imports them)
from envs.recorded.libero.listing import program

if __name__ == '__main__':
    program()
