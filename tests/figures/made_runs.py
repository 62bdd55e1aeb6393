"""Run directories with chosen numbers."""
import csv

from common import parse_args
from utils.runs.record import write_args


def make_run(directory, *words, returns=(), step=10_000, facts=None, **columns):
    """A run with these words on its command line, and a row of progress.csv for each return.

    Args:
        directory: of the run.
        *words: of its command line.
        returns: test return of each cycle.
        step: environment steps of a cycle.
        facts: of its environment, in its record.
        **columns: values of other columns, `name__part` for `name/part`.
    """
    directory.mkdir(parents=True)
    args = parse_args([*words, f'--run_dir={directory}'])
    write_args(directory, args, facts or {'id': args.env})
    table = {'timesteps': [step * (i + 1) for i in range(len(returns))], 'test/return_mean': returns,
             **{name.replace('__', '/'): values for name, values in columns.items()}}
    with open(directory / 'progress.csv', 'w', encoding='utf-8', newline='') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))
    return directory
