"""Compares small policies by behaviour cloning: on all episodes, on successes, and weighted by rewards."""
import glob
import sys
from pathlib import Path

from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))    # for `python benchmarks/labels_worth.py`

import numpy as np
import pandas as pd

from common import parse_args
from envs.recorded.splits import split
from utils.errors import UserError, run
from utils.flags.command_line import parse
from utils.flags.flag import Flag
from utils.foreign.tables import read_frame
from utils.labels.chunks import chunk_statistics, chunk_sums

CHUNK = 10      # actions that the policy predicts at once, and over which rewards are summed
FOLDS, SEEDS = 4, 3     # of held-out episodes; of the policy
SIZE = 32       # height and width of frames, pixels
TABLE = {
    'What to compare': (
        Flag('libero_path', str, '', 'folder of successes of libero_spatial'),
        Flag('libero_failures', str, '', 'folder of failures of the same tasks'),
        Flag('labels', str, '', 'NAME=PATTERN,...: tables of rewards, one or one a fold'),
        Flag('out', str, 'labels_worth.csv', 'errors of every fit; those that it has are not made again'),
        Flag('cache_dir', str, '', 'folder of decoded frames; empty: ~/.cache'),
    ),
}


def main(argv=None):
    """Compares and reports; `argv` is the command line, None for that of this process."""
    from envs.recorded.dataset import load

    flags = parse(TABLE, (), argv, None, usage='python benchmarks/labels_worth.py [--flag=value ...]',
                  description=__doc__)
    args = parse_args(['--env=libero_spatial', '--libero_obs=agentview,proprio', '--val_fraction=0',
                       f'--libero_image_size={SIZE}', f'--cache_dir={flags.cache_dir}',
                       f'--libero_path={flags.libero_path}', f'--libero_failures={flags.libero_failures}'])
    recordings = load(args).recordings
    labels = [pair.partition('=') for pair in flags.labels.split(',') if pair]
    rewards = {name: out_of_sample(pattern, recordings) for name, _, pattern in labels}
    rows = read_frame(flags.out).to_dict('records') if Path(flags.out).exists() else []
    for fold in tqdm(range(FOLDS), unit='fold', disable=None):
        train, held_out = split(recordings, 1 / FOLDS, fold)
        done = {(row['comparison'], row['seed']) for row in rows if row['fold'] == fold}
        tests = [each for each in held_out if each.success]
        rows += [{'fold': fold, **row} for row in compare(train, tests, rewards, done)]
        pd.DataFrame(rows).to_csv(flags.out, index=False)
    sys.stdout.write(f'{summary(pd.DataFrame(rows)).to_string(float_format="{:.4f}".format)}\n')


def out_of_sample(pattern, recordings):
    """{(path, name): [S] reward of each stored step}, by a run that did not learn from the episode.

    `pattern` is of one table for all episodes, or of one for each fold, in the order of folds.
    """
    paths, rewards = sorted(glob.glob(pattern)), {}
    if len(paths) not in (1, FOLDS):
        raise UserError(f'--labels: expected 1 or {FOLDS} tables, got {len(paths)}: {pattern}')
    for fold in range(FOLDS):
        table = pd.read_parquet(paths[fold % len(paths)]).query('split in ("held_out", "new")')
        groups = dict(iter(table.groupby([table[name].astype(str) for name in ('file', 'episode')])))
        for each in split(recordings, 1 / FOLDS, fold)[1]:
            group = groups.get((str(each.path), each.name), pd.DataFrame({'step': [], 'reward': []}))
            rewards[str(each.path), each.name] = group.sort_values('step')['reward'].to_numpy()
    for each in recordings:
        found = len(rewards.get((str(each.path), each.name), ()))
        if found != each.num_stored:
            raise UserError(f'--labels: expected {each.num_stored} labels out of sample of {each.path} '
                            f'{each.name}, got {found}: {pattern}')
    return rewards


def weightings(recordings, rewards):
    """{comparison: [[N] weight of each whole chunk, of each episode]}, by rules that are fixed in advance."""
    ones = [np.ones(each.length + 1 - CHUNK) for each in recordings]
    found = {'everything': ones,
             'recorded successes': [each.success * one for each, one in zip(recordings, ones, strict=True)]}
    sources = {'clock': [np.linspace(0, 1, each.length + 1) for each in recordings],
               **{name: [running_sum(known, each) for each in recordings] for name, known in rewards.items()}}
    if all(each.progress is not None for each in recordings):
        sources['true progress'] = [each.progress.astype(float) for each in recordings]
    for name, sums in sources.items():
        statistics = chunk_statistics(sums, CHUNK)
        chunks = [chunk_sums(values, CHUNK)[:-CHUNK] for values in sums]
        mean = np.concatenate(chunks).mean()
        found[f'{name}, ratio'] = [np.clip(values / mean, 0, 2) for values in chunks]
        found[f'{name}, RA-BC'] = [statistics.weights(values)[:-CHUNK] for values in sums]
        if name in rewards:
            found[f'{name}, return above 0.5'] = [(values[-1] > 0.5) * one
                                                  for values, one in zip(sums, ones, strict=True)]
            mixed = np.random.default_rng(0).permutation(np.concatenate(found[f'{name}, ratio']))
            found[f'{name}, ratio, permuted'] = np.split(mixed, np.cumsum([len(one) for one in ones])[:-1])
    return found


def running_sum(rewards, recording):
    """[T + 1] sum of the rewards before each observation."""
    values = rewards[str(recording.path), recording.name][recording.stored_steps]
    return np.concatenate([[0.0], np.cumsum(values, dtype=float)])


def compare(train, tests, rewards, done):
    """Yields {column: value} of each comparison and seed that is not in `done`, and each test episode."""
    from benchmarks.cloning import clone, observer, pairs

    observe = observer(train)
    inputs, targets = map(np.concatenate, zip(*(pairs(each, observe, CHUNK) for each in train), strict=True))
    seen = [pairs(each, observe, CHUNK) for each in tests]
    failed = np.concatenate([np.full(each.length + 1 - CHUNK, not each.success) for each in train])
    for name, parts in weightings(train, rewards).items():
        weights = np.concatenate(parts)
        facts = {'on_failures': weights[failed].sum() / weights.sum(),
                 'used': weights.sum() ** 2 / np.square(weights).sum() / len(weights)}
        for seed in sorted(set(range(SEEDS)) - {seed for comparison, seed in done if comparison == name}):
            policy = clone(inputs, targets, weights, seed)
            for each, (x, y) in zip(tests, seen, strict=True):
                error = np.abs(policy(x) - y).reshape(len(x), CHUNK, -1)
                yield {'comparison': name, 'seed': seed, 'task': each.task, 'episode': each.name, **facts,
                       'error': error.mean(), 'gripper_error': error[..., -1].mean()}


def summary(rows):
    """A row for each comparison: mean error, and its paired difference to `everything` with 95% bounds."""
    facts = rows.groupby('comparison', sort=False)[['on_failures', 'used', 'error']].mean()
    errors = rows.pivot_table(index=['task', 'episode'], columns='comparison', values='error')
    differences = errors.sub(errors['everything'], axis=0)[facts.index]
    draws = np.random.default_rng(0).integers(len(errors), size=(10_000, len(errors)))
    means = differences.to_numpy()[draws].mean(1)
    low, high = np.quantile(means, (0.025, 0.975), axis=0)
    tasks = differences.groupby('task').mean().T.add_prefix('difference, ')
    return facts.assign(difference=differences.mean(), low=low, high=high).join(tasks)


if __name__ == '__main__':
    run(main)
