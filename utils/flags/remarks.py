"""Notes on flags that are possible together, but do something else than they seem to."""
from utils.flags.algorithms import WITH_SUBSEQUENCES


def remarks(args):
    """[text] to log at the start of a run with flags `args`; the original accepts all of these silently."""
    return [*_subsequences(args), *_store(args)]


def _subsequences(args):
    if args.alg not in WITH_SUBSEQUENCES or not args.rrd_batch_size % args.rrd_sample_size:
        return []
    return [f'--rrd_batch_size={args.rrd_batch_size} is not a multiple of --rrd_sample_size='
            f'{args.rrd_sample_size}: an update draws {args.rrd_batch_size // args.rrd_sample_size} x '
            f'{args.rrd_sample_size} steps']


def _store(args):
    if args.env_category == 'recorded':
        return []
    texts = []
    if args.warmup > args.buffer_size:
        texts.append(f'--warmup={args.warmup} is above --buffer_size={args.buffer_size}: warm-up counts all '
                     'stored steps, including those that have left the replay store')
    if args.test_timesteps > args.buffer_size:
        longer = f'an episode of more than --buffer_size={args.buffer_size} steps (--test_timesteps=' \
                 f'{args.test_timesteps})'
        texts.append(f'{longer} ends the run: frames are stored by whole episodes'
                     if args.env_category == 'atari' else f'{longer} loses its first steps')
    return texts
