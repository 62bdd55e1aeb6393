"""The algorithms; `create_algorithm` is the only place that distinguishes them.

Imports `utils` alone.
"""
import functools

from utils.flags.algorithms import WITH_SUBSEQUENCES


def create_store(args, spec, rng):
    """The replay store of a run, empty.

    A plain algorithm on vectors drops single steps. On frames, or where whole episodes are needed, whole
    episodes are dropped. Both as in the original.

    Raises:
        UserError: --buffer_size, or the steps of a shorter run, are more than the machine's memory.
    """
    from algorithm.replay_buffer.episode_store import EpisodeStore

    has_stacks = any(field.stack > 1 for field in spec.observation.values())
    drop = 'episodes' if 'basis_alg' in args or has_stacks else 'steps'
    num_steps = args.epochs * args.cycles * args.iterations * args.timesteps
    return EpisodeStore(spec, args.buffer_size, rng, drop, num_steps)


def create_algorithm(args, spec, store, sampler_rng, agent_rng):
    """(`Agent`, sampler of its training batches) for `args.alg`, with `args.basis_alg` where there is one.

    Args:
        args: flags of the run.
        spec: shapes of the task.
        store: `EpisodeStore` that the sampler fills and draws from.
        sampler_rng: source of the sampler's own draws.
        agent_rng: source of weights, noise and exploration.
    """
    from algorithm.diaster import DiasterSampler
    from algorithm.ircr import IRCRSampler, ReturnSampler
    from algorithm.replay_buffer.samplers import TransitionSampler
    from algorithm.rrd import RRDSampler
    from algorithm.uniform import UniformSampler

    if args.alg in WITH_SUBSEQUENCES:
        num_sequences = args.rrd_batch_size // args.rrd_sample_size
        sampler = RRDSampler(store, args.batch_size, num_sequences, args.rrd_sample_size)
    elif args.alg == 'diaster':
        sampler = DiasterSampler(store, args.batch_size, args.diaster_episodes, sampler_rng)
    elif args.alg == 'ircr' and args.env_category == 'atari':
        sampler = ReturnSampler(store, args.batch_size)
    elif args.alg == 'ircr':
        sampler = IRCRSampler(store, args.batch_size, sampler_rng, args.ircr_elite, args.ircr_credit)
    elif args.alg == 'uniform':
        sampler = UniformSampler(store, args.batch_size)
    else:
        sampler = TransitionSampler(store, args.batch_size)
    return create_agent(args, spec, agent_rng), sampler


def create_agent(args, spec, rng):
    """The `Agent` alone; arguments as for `create_algorithm`."""
    # imported here: TensorFlow takes seconds to load, and invalid input must be reported before that
    from algorithm.agent import Agent
    from algorithm.basis_alg.ddpg import DDPG
    from algorithm.basis_alg.dqn import DQN
    from algorithm.basis_alg.sac import SAC
    from algorithm.basis_alg.td3 import TD3
    from utils.host import thread_counts

    bases = {'sac': SAC, 'td3': TD3, 'ddpg': DDPG, 'dqn': DQN}
    basis = bases[args.alg if args.alg in bases else args.basis_alg]
    return Agent(spec, args, basis, _reward_models().get(args.alg), rng,
                 thread_counts(args.inter_op_threads, args.intra_op_threads))


def _reward_models():
    """{algorithm: class of its reward model}, of those that have one."""
    from algorithm.diaster_model import DiasterModel
    from algorithm.lrr_model import LRRModel
    from algorithm.reward_model import RewardModel

    return {'rrd': RewardModel, 'lrr': LRRModel, 'diaster': DiasterModel}


def create_recorded_sampler(args, recordings, rng):
    """(sampler of what a reward model learns from recorded episodes, [text] of what that is).

    Args:
        args: flags of a run on recorded episodes.
        recordings: of the training set.
        rng: source of the seed of all draws.

    Raises:
        UserError: a kind of virtual episode that --libero_negatives requests cannot be made from the
            recordings.
    """
    from algorithm.recorded.augment import Augment
    from algorithm.recorded.contrast import Contrast
    from algorithm.recorded.mixture import chosen_shares, remarks
    from algorithm.recorded.sampler import RecordedSampler
    from algorithm.recorded.windows import WindowSampler

    shares = chosen_shares(args, recordings)
    augment = Augment(args.augment_shift, args.augment_colour, args.augment_noise)
    num_sequences = args.rrd_batch_size // args.rrd_sample_size
    contrast, seed = Contrast(recordings, shares), int(rng.integers(2**31))
    if args.get('reward_form', 'step') == 'step':
        sampler = RecordedSampler(recordings, contrast, augment, num_sequences,
                                  None if args.rrd_exact else args.rrd_sample_size, seed)
    else:
        sampler = WindowSampler(recordings, contrast, augment, num_sequences, args.rrd_sample_size, seed,
                                args.potential_windows == 'step')
    return sampler, remarks(args, recordings, shares)


def create_reward_agent(args, spec, rng):
    """The `Agent` of a reward model alone, whatever else the run trains.

    Args:
        args: flags of a run with a reward model.
        spec: shapes of the task.
        rng: source of the seed of the initial weights.
    """
    from algorithm.agent import Agent
    from algorithm.potential_model import PotentialModel
    from algorithm.recorded_network import recorded_reward
    from algorithm.reward_model import RewardModel
    from utils.host import thread_counts

    is_recorded = args.env_category == 'recorded'
    model = _reward_models()[args.alg]
    if is_recorded:
        model = functools.partial(RewardModel, network=recorded_reward)
    if args.get('reward_form', 'step') != 'step':
        model = PotentialModel
    return Agent(spec, args, None, model, rng,
                 thread_counts(args.inter_op_threads, args.intra_op_threads, many_frames=is_recorded))
