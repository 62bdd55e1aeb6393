"""`python -m tests.golden DIR`: holds this implementation against numbers recorded from the original.

Prints a line for each case, and `not compared: NAME` for recorded values that have no counterpart here.
The last line is `N cases, M failed, K without an implementation`. N counts all cases, including those
without an implementation.

Exit status: 0 when none failed, 1 when one did (also when its file cannot be read), 2 when DIR is not a
directory with such files.
"""
import argparse
import os
import sys
from pathlib import Path


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message):
        """Exits with status 2."""
        self.exit(2, f'error: {message}\n')


def main(argv=None):
    """Checks every file of a directory and prints the report.

    Args:
        argv: words of the command line; None for those of this process.

    Returns:
        The exit status.
    """
    parser = Parser(prog='python -m tests.golden', description=__doc__.split('\n', 1)[1], allow_abbrev=False,
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('directory', metavar='DIR', type=Path, help='directory of recorded files')
    directory = parser.parse_args(argv).directory
    if not directory.is_dir():
        parser.error(f'expected a directory of recorded files, got {directory}')

    from tests.golden import checker  # here, as it takes seconds to import TensorFlow

    outcomes, left_out = [], []
    for path in sorted(path for path in directory.iterdir() if not path.is_dir()):
        results = checker.check(path)
        left_out += checker.not_compared(path, results)
        for result in results or ():
            print(checker.line(result), flush=True)
        outcomes += results or ()
    if not outcomes:
        parser.error(f'expected recorded files such as {", ".join(checker.KINDS)} in {directory}, found none')
    for name in left_out:
        print(f'not compared: {name}')
    failed = sum(result.failed for result in outcomes)
    unimplemented = sum(result.unimplemented for result in outcomes)
    print(f'{len(outcomes)} cases, {failed} failed, {unimplemented} without an implementation')
    return 1 if failed else 0


if __name__ == '__main__':
    # TensorFlow 1.12 had no oneDNN. With it, a unit of agent_dqn_conv_rrd is on the other side of its ReLU:
    # its value is 4e-8, others are 0.1
    os.environ.setdefault('TF_ENABLE_ONEDNN_OPTS', '0')
    sys.exit(main())
