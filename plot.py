"""Draws figures and tables of runs: curves, ablations, learned against true rewards, final returns."""
import os
import sys
from contextlib import ExitStack

import utils.installed  # noqa: F401 (checks the packages before anything imports them)
from figures.ablation import draw_ablation
from figures.curves import draw_curves
from figures.rewards import describe, draw_rewards
from figures.runs import RETURN, read_runs
from figures.statistics import BANDS
from figures.style import figure_path, save, table_path
from figures.table import as_markdown, make_table, save_table
from loading import evaluation_setup
from tester.after_episode import AfterEpisode
from tester.played_rewards import play_episodes
from tester.true_rewards import correlations
from utils.errors import UserError, run
from utils.flags.algorithms import WITH_REWARD_MODEL
from utils.flags.command_line import read
from utils.flags.flag import Args, Flag, resolve
from utils.logs.console import episode_bar, native_messages, plain_logger
from utils.runs.directory import expanded
from utils.runs.flags import recorded_args
from utils.runs.learned import find_learned
from utils.runs.naming import base_label

_USAGE = """python plot.py curves   RUN_DIR... [--flag=value ...]
       python plot.py ablation RUN_DIR... --over=FLAG
       python plot.py rewards  RUN_DIR
       python plot.py table    RUN_DIR...
       python plot.py curves --help"""
COLUMN = Flag('column', str, RETURN, 'column of progress.csv')
SHARE = Flag('final_share', float, 0.1, 'share of the last tests whose mean is the final return',
             low=1e-9, high=1)
TABLES = {
    'curves': (
        Flag('out', str, 'curves.png', 'figure to write: .png, .pdf or .svg'), COLUMN,
        Flag('band', str, 'std', 'what a band shows over seeds', choices=BANDS),
        Flag('smooth', int, 1, 'tests in the running mean: the current one and earlier ones', low=1),
    ),
    'ablation': (
        Flag('out', str, 'ablation.png', 'figure to write: .png, .pdf or .svg'), COLUMN, SHARE,
        Flag('over', str, 'rrd_sample_size', 'flag whose values are compared'),
    ),
    'rewards': (
        Flag('out', str, 'rewards.png', 'figure to write: .png, .pdf or .svg'),
        Flag('checkpoint', str, '', 'name of a checkpoint, such as ckpt-000120; empty: the newest'),
        Flag('rollouts', int, 10, 'episodes to play, without exploration', low=1),
        Flag('seed', int, 0, 'seed of the environment'),
    ),
    'table': (
        Flag('out', str, '', 'name of files to write too, without .md and .csv; empty: none'), COLUMN, SHARE,
        Flag('reference', str, '', 'label of an algorithm whose mean is 1 in added rows over all '
             'environments'),
    ),
}


def main(argv=None):
    """Creates one figure or table; `argv` is the command line, None for that of this process."""
    mode, paths, flags = parse_words(sys.argv[1:] if argv is None else argv)
    MODES[mode](paths, flags, plain_logger())


def curves(paths, flags, logger):
    """Learning curves."""
    path = figure_path(flags.out)
    runs = read_runs(paths, flags.column, report=logger.warning)
    save(draw_curves(runs, flags.column, flags.band, flags.smooth), path)
    logger.info('%s: %s', _counted(runs, 'run'), flags.out)


def ablation(paths, flags, logger):
    """Final and mean returns against the values of a flag."""
    path = figure_path(flags.out)
    runs = read_runs(paths, flags.column, flags.over, report=logger.warning)
    figure = draw_ablation(runs, flags.over, flags.final_share, flags.column)
    ends = sorted({int(run.rows.index[-1]) for run in runs})
    if len(ends) > 1:
        logger.warning('runs end at different steps, from %s to %s', f'{ends[0]:,}', f'{ends[-1]:,}')
    save(figure, path)
    logger.info('%s: %s', _counted(runs, 'run'), flags.out)


def rewards(paths, flags, logger):
    """Learned against true rewards of test episodes."""
    path = figure_path(flags.out)
    if len(paths) > 1:
        raise UserError(f'plot.py rewards: expected one run, got {len(paths)}')
    args = recorded_args(paths[0])
    if args.env_category != 'mujoco' or args.alg not in WITH_REWARD_MODEL:
        raise UserError(f'{paths[0]} is a run of --alg={args.alg} on --env={args.env}; expected one that '
                        'learned a reward of vectors (a run on recorded episodes draws its own figure)')
    found = find_learned(paths[0], flags.checkpoint)
    with ExitStack() as stack:
        bar = stack.enter_context(episode_bar(flags.rollouts))
        with open(os.devnull, 'wb') as nowhere, native_messages(nowhere):   # TensorFlow's start-up messages
            env, agent, rng = evaluation_setup(args, flags.seed, found, stack, None)
        played = Args({**args, 'test_rollouts': flags.rollouts})
        episodes = play_episodes(played, env, agent, rng, AfterEpisode(bar, lambda: None))
    correlated = [correlations(predicted, true) for predicted, true in episodes]
    title = f'{base_label(args)}, {args.env}, seed {args.seed}, {found.path.name}'
    save(draw_rewards(episodes, correlated, title), path)
    for text in describe(episodes, correlated):
        logger.info(text)
    logger.info('%s of %s: %s', _counted(episodes, 'episode'), found.path, flags.out)


def table(paths, flags, logger):
    """Final returns; files are written only with --out."""
    path = flags.out and table_path(flags.out)
    runs = read_runs(paths, flags.column, report=logger.warning)
    made = make_table(runs, flags.final_share, flags.reference, flags.column)
    written = ''
    if path:
        save_table(made, path, flags.column)
        written = f': {path}.md, {path}.csv'
    logger.info('%s%s%s', as_markdown(made, flags.column), _counted(runs, 'run'), written)


def _counted(things, name):
    return f'{len(things)} {name}{"" if len(things) == 1 else "s"}'


MODES = {'curves': curves, 'ablation': ablation, 'rewards': rewards, 'table': table}


def parse_words(words):
    """(mode, paths, `Args`) of a command line.

    Raises:
        UserError: the mode is unknown, there is no path, or a flag cannot be used.
    """
    first = next((i for i, word in enumerate(words) if word.startswith('-')), len(words))
    mode, paths = next(iter(words[:first]), ''), words[1:first]
    if mode not in TABLES:
        read({}, [word for word in words if word in ('-h', '--help')], description=__doc__, usage=_USAGE)
        raise UserError(f'plot.py {mode}: expected one of {", ".join(TABLES)}, then runs')
    table = {f'plot.py {mode}': TABLES[mode]}
    given = read(table, words[first:], usage=f'python plot.py {mode} RUN_DIR... [--flag=value ...]',
                 description=MODES[mode].__doc__)
    if not paths:
        raise UserError(f'plot.py {mode}: expected directories of runs: python plot.py {mode} log')
    return mode, [expanded('run', path) for path in paths], resolve(table, (), given, None)


if __name__ == '__main__':
    run(main)
