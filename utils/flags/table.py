"""Every flag of train.py: its values, its default by kind of run, its --help text and its role."""
from utils.flags.algorithms import UNOFFICIAL, WITH_REWARD_MODEL, WITH_SUBSEQUENCES
from utils.flags.atari_games import ATARI_GAMES
from utils.flags.env_names import check_name
from utils.flags.flag import Flag, boolean
from utils.flags.recorded import RECORDED
from utils.flags.role import Role
from utils.flags.suites import OWN_DATA, SUITES, check_no_suite

PLAYED = 'mujoco or atari'   # environments in which a policy can act
LARGEST_BATCH = 2**20        # larger batches fit into no memory
LARGEST_UNITS = 2**14

# A default is a value, or values by tags of the run; the most specific entry wins (see `tags_of`).
FLAGS = {
    'What to run': (
        Flag('env', str, 'Ant-v2', 'Gymnasium id, Atari game, LIBERO suite, or recorded: own episodes',
             role=Role.RUN, names_run=True, gives_tags=True),
        Flag('env_type', str, 'ep_rews', 'the whole return when an episode ends, or a reward at each step',
             only=PLAYED, choices=('ep_rews', 'normal'), names_run=True, gives_tags=True),
        Flag('alg', str, 'rrd', 'algorithm; lrr and diaster are unofficial',
             choices=('rrd', 'ircr', 'uniform', *UNOFFICIAL, 'sac', 'td3', 'ddpg', 'dqn'), names_run=True,
             gives_tags=True),
        Flag('basis_alg', str, {'': 'sac', 'atari': 'dqn'}, 'algorithm that learns from these rewards',
             only='rrd mujoco or rrd atari or ircr or uniform or lrr or diaster',
             choices=('sac', 'td3', 'ddpg', 'dqn'),
             names_run=True, gives_tags=True),
        Flag('seed', int, 0, 'seed of every random draw', role=Role.RUN, names_run=True),
        Flag('tag', str, '', 'name that replaces the algorithm in the name of the run directory',
             role=Role.TAG),
    ),
    'Length of the run and of its tests': (
        Flag('epochs', int, {'': 3, 'atari': 10, 'recorded': 1}, 'epochs', low=1, role=Role.LENGTH),
        Flag('cycles', int, {'': 100, 'atari': 20, 'recorded': 10},
             'cycles per epoch; each ends with a test', low=1, role=Role.LENGTH),
        Flag('iterations', int, {'': 100, 'atari': 500}, 'iterations per cycle', only=PLAYED, low=1),
        Flag('timesteps', int, 100, 'environment steps per iteration', only=PLAYED, low=1),
        Flag('train_batches', int, {'': 100, 'dqn': 25}, 'updates per iteration', only=PLAYED, low=1),
        Flag('test_rollouts', int, {'': 10, 'atari': 5}, 'episodes per test', only=PLAYED, low=1,
             role=Role.RUN),
        Flag('test_timesteps', int, {'': 1000, 'atari': 27000, 'dqn mujoco': 500},
             'steps after which every episode is cut', only=PLAYED, low=1, changes_returns=True),
    ),
    'Files': (
        Flag('run_dir', str, '', 'directory of the run; empty: log/<name of the run>',
             role=Role.COMMAND),
        Flag('save_rews', boolean, True, 'record the return of every test episode in rews.npz', only=PLAYED,
             role=Role.RUN),
        Flag('save_every', int, 1, 'cycles between checkpoints', low=1, role=Role.MACHINE),
        Flag('keep_checkpoints', int, 2, 'number of newest checkpoints to keep', low=1, role=Role.MACHINE),
        Flag('save_buffer', boolean, True,
             'save the replay store too; without it resuming is not exact', only=PLAYED,
             role=Role.RUN),
        Flag('resume', boolean, False, 'resume the run in its directory, with its recorded flags',
             role=Role.COMMAND),
    ),
    'Replay': (
        Flag('buffer_size', int, {'': 1_000_000, 'ircr mujoco': 300_000}, 'steps that the store holds',
             only=PLAYED, low=1),
        Flag('batch_size', int, {'': 256, 'atari': 32, 'ircr mujoco': 512}, 'steps per update', only=PLAYED,
             low=1, high=LARGEST_BATCH),
        Flag('warmup', int, {'': 10_000, 'atari': 30_000, 'dqn mujoco': 1000},
             'steps stored before the first update', only=PLAYED),
    ),
    'Learning': (
        Flag('gamma', float, 0.99, 'discount factor', only=PLAYED, high=1),
        Flag('q_lr', float, {'': 3e-4, 'ddpg': 1e-3, 'adam': 6.25e-5, 'rmsprop': 2.5e-4},
             'learning rate of the critics', only=PLAYED),
        Flag('train_target', int, {'': 2, 'sac': 1, 'dqn': 8000, 'dqn mujoco': 500},
             'updates between updates of the target', only=PLAYED, low=1),
        Flag('obs_normalization', boolean, {'': False, 'ddpg': True, 'recorded rrd': True},
             'normalise observations by running moments; of recorded episodes, only vectors'),
    ),
    'Actor and critic': (
        Flag('pi_lr', float, {'': 3e-4, 'ddpg': 1e-4}, 'learning rate of the policy',
             only='sac or td3 or ddpg'),
        Flag('polyak', float, {'': 0.995, 'ddpg': 0.999, 'ircr mujoco': 0.999},
             'share of the old target kept at its update', only='sac or td3 or ddpg', high=1),
        Flag('alpha_init', float, {'': 1.0, 'ircr Humanoid': 0.1}, 'first temperature, above 0', only='sac'),
        Flag('alpha_lr', float, {'': 3e-4, 'ircr Humanoid': 0.0},
             'learning rate of the temperature; 0 fixes it', only='sac'),
        Flag('std_act', float, 0.1, 'standard deviation of the exploration noise', only='td3 or ddpg'),
        Flag('q_reg', float, 1e-2, "weight of the critic's regulariser", only='ddpg'),
        Flag('pi_t_std', float, 0.2, "standard deviation of the target policy's noise", only='td3'),
        Flag('pi_t_clip', float, 0.5, "bound of the target policy's noise", only='td3'),
        Flag('pi_delay_freq', int, 2, 'critic updates per policy update', only='td3', low=1),
    ),
    'Return decomposition': (
        Flag('r_lr', float, {'': 3e-4, 'recorded': 1e-3}, 'learning rate of the reward model',
             only=' or '.join(WITH_REWARD_MODEL)),
        Flag('rrd_batch_size', int, {'': 256, 'atari': 32, 'potential': 128},
             'steps per update of the reward model, over all episodes',
             only=' or '.join(WITH_SUBSEQUENCES), low=1, high=LARGEST_BATCH),
        Flag('rrd_sample_size', int, {'': 64, 'atari': 32, 'recorded': 32, 'recorded potential': 8},
             'K, steps drawn per episode; of a potential, windows',
             only=' or '.join(WITH_SUBSEQUENCES), low=1, high=LARGEST_BATCH),
        Flag('rrd_bias_correction', boolean, False, 'RRD-L(RD): subtract the variance of the draw',
             only='rrd', names_run=True),
        Flag('reward_from', str, '', 'directory of a run whose reward model is the initial one',
             only=' or '.join(WITH_REWARD_MODEL)),
        Flag('diaster_episodes', int, 8, 'Diaster: whole episodes per update of the reward model',
             only='diaster', low=1, high=LARGEST_BATCH),
        Flag('diaster_period', int, 20, 'Diaster: updates of the basis algorithm per update of the reward '
             'model', only='diaster', low=1),
        Flag('diaster_units', int, 64, 'Diaster: length of the state of the recurrent network',
             only='diaster', low=1, high=LARGEST_UNITS),
    ),
    'IRCR': (
        Flag('ircr_credit', str, 'return', "a step's reward before it is scaled to [0, 1]: the episode's "
             'return, or return / length', only='ircr mujoco', choices=('return', 'mean'), names_run=True),
        Flag('ircr_elite', int, 10, 'episodes of the highest return, which half of each batch is drawn from',
             only='ircr mujoco', low=1, high=1000),
    ),
    'DQN': (
        Flag('double', boolean, False, 'double Q-learning', only='dqn'),
        Flag('dueling', boolean, False, 'dueling network, on frames', only='dqn'),
        Flag('optimizer', str, 'adam', 'optimiser of the critic', only='dqn', choices=('adam', 'rmsprop'),
             gives_tags=True),
        Flag('Adam_eps', float, 1.5e-4, 'epsilon of Adam', only='adam'),
        Flag('RMSProp_decay', float, 0.95, 'decay of RMSProp', only='rmsprop', high=1),
        Flag('RMSProp_eps', float, 1e-2, 'epsilon of RMSProp', only='rmsprop'),
        Flag('eps_l', float, 1.0, 'share of random actions at the start', only='dqn', high=1),
        Flag('eps_r', float, 0.01, 'share of random actions after the decay', only='dqn', high=1),
        Flag('eps_decay', int, {'': 250_000, 'dqn mujoco': 10_000}, 'steps of the decay', only='dqn', low=1),
    ),
    'Atari': (
        Flag('test_eps', float, 0.001, 'share of random actions in tests', only='atari', high=1),
        Flag('noop', int, 30, 'steps without action at the start of an episode', only='atari'),
        Flag('frames', int, 4, 'frames stacked into an observation', only='atari', low=2),
        Flag('sticky', boolean, False, 'repeat the last action with probability 0.25', only='atari',
             changes_returns=True),
        Flag('rews_scale', float, 1.0, 'bound at which rewards for learning are clipped',
             only='atari normal'),
    ),
    **RECORDED,
    'Machine': (
        Flag('inter_op_threads', int, 0, 'operations run in parallel; 0: chosen from the cores', high=1024,
             role=Role.MACHINE),
        Flag('intra_op_threads', int, 0, 'threads of one operation; 0: chosen from the cores', high=1024,
             role=Role.MACHINE),
    ),
}

SELECTORS = tuple(flag.name for flags in FLAGS.values() for flag in flags if flag.gives_tags)

_FAMILIES = ('Humanoid',)    # environments with their own defaults, for all versions

DESCRIPTION = """Trains a policy on learned step rewards, or a reward model on recorded episodes.

In parentheses: the default, then those of some kinds of run; the most specific
counts. In brackets: the kinds of run that have the flag; others refuse it."""

EXAMPLES = """examples:
  python train.py --alg=rrd --basis_alg=sac --env=Ant-v2
  python train.py --tag='RRD-L(RD) Ant-v2' --alg=rrd --basis_alg=sac --rrd_bias_correction=True --env=Ant-v2
  python train.py --alg=ircr --basis_alg=td3 --env=Hopper-v2 --seed=1
  python train.py --tag='RRD-DQN Assault' --alg=rrd --basis_alg=dqn --env=Assault
  python train.py --alg=rrd --env=libero_spatial --offline_reward_only=True
  python train.py --alg=rrd --env=recorded --data_path=DIR
"""


def every_flag():
    """All flags of the table, in its order: [Flag]."""
    return [flag for flags in FLAGS.values() for flag in flags]


def env_category(env):
    """`'atari'` for a game, `'recorded'` for a suite or own episodes, `'mujoco'` for other Gymnasium ids.

    Raises:
        UserError: the name looks like a suite but is not one, or the environment has another name here.
    """
    if env in SUITES or env == OWN_DATA:
        return 'recorded'
    check_no_suite(env)
    check_name(env)
    return 'atari' if env in ATARI_GAMES else 'mujoco'


def tags_of(name, value):
    """The tags that a selecting flag gives a run: `('mujoco', 'Humanoid')`, `('rrd',)`, `('normal',)`."""
    if name == 'env':
        family = value.split('-')[0]
        own_data = ('own_data',) if value == OWN_DATA else ()
        return (env_category(value), *own_data, *(tag for tag in _FAMILIES if tag == family))
    if value in ('ep_rews', 'step'):
        return ()
    if name == 'reward_form':
        return tuple(dict.fromkeys(('potential', value)))       # the same network and flags
    return (value,)
