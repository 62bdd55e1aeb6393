"""What can be done with a finished run: the last lines of its log."""
import logging
import shlex

from utils.flags.algorithms import WITH_REWARD_MODEL
from utils.flags.suites import OWN_DATA
from utils.labels.table import NAME as TABLE

LOG = logging.getLogger('rrd')


def log_end(args, directory):
    """Logs the end of a run, then `next_steps`."""
    LOG.info('finished: %s', directory / 'progress.csv')
    for text in next_steps(args, directory):
        LOG.info('%s', text)


def next_steps(args, directory):
    """[text]: the picture and the table of a run, if there are any, and the commands for it.

    Args:
        args: flags of the run.
        directory: its directory.
    """
    path = shlex.quote(str(directory))
    picture = directory / 'rewards.png'
    texts = [f'picture:  {picture}'] if picture.is_file() else []
    table = directory / TABLE
    texts += [f'rewards:  {table}'] if table.is_file() else []
    if args.env_category == 'recorded':
        flag = 'data_path' if args.env == OWN_DATA else 'libero_path'
        texts += [f'evaluate: python -m tester {path} --{flag}=OTHER',
                  f'label:    python label.py {path} --data_path=SRC --out=DST']
    else:
        texts += [f'curves:   python plot.py curves {path}', f'play:     python -m tester {path}']
    texts.append(f'longer:   python train.py --resume=True --run_dir={path} --epochs={args.epochs + 1}')
    return [*texts, *_from_python(args, directory)] if args.alg in WITH_REWARD_MODEL else texts


def _from_python(args, directory):
    task = ', task=reward.tasks[0]' if args.env_category == 'recorded' else ''
    return ['reward in Python, of N steps:', '    from common import load_reward',
            f'    reward = load_reward({str(directory)!r})',
            f'    rewards = reward(observation, action, next_observation{task})']
