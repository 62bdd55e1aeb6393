"""The flags of reward models that are trained on recorded episodes."""
from utils.flags.flag import Flag, boolean
from utils.flags.role import Role

SOURCES = (        # where recorded episodes are stored, and how they are read
    Flag('data_path', str, '', 'own episodes: RLDS, LeRobot, Minari or HDF5 files', only='own_data',
         role=Role.DATA),
    Flag('libero_path', str, '',
         "folder of suites, folder of a suite, or one file; empty: LIBERO's folder, else the sample",
         only='recorded', role=Role.DATA),
    Flag('libero_failures', str, '', 'folders of failed episodes, separated by commas', only='recorded',
         role=Role.DATA),
    Flag('libero_mixed', boolean, False,
         '--libero_path holds successes and failures, as their own rewards say', only='recorded',
         role=Role.DATA),
    Flag('outcomes', str, '', '.csv file with the columns episode and return; empty: from the data, else '
         'from the flag that names them', only='recorded', role=Role.DATA),
    Flag('columns', str, '', 'stored arrays by the keys of an observation, KEY=COLUMN, separated by commas',
         only='recorded'),
    Flag('libero_alignment', str, 'auto', 'whether observation t came after or before action t',
         only='recorded', choices=('auto', 'after', 'before')),
    Flag('libero_orientation', str, 'auto', 'how frames are stored', only='recorded',
         choices=('auto', 'opengl', 'upright', 'rotated', 'mirrored')),
    Flag('libero_skip_bad', boolean, False, 'leave out unusable episodes and files', only='recorded'),
    Flag('cache_dir', str, '', 'folder of decoded frames; empty: ~/.cache', only='recorded',
         role=Role.MACHINE),
)

RECORDED = {
    'Recorded episodes': (
        Flag('offline_reward_only', boolean, True, 'train only a reward model, without a policy',
             only='recorded'),
        *SOURCES,
        Flag('libero_obs', str, {'': 'agentview,proprio', 'own_data': ''},
             'observation: any of agentview, wrist, proprio, state, feature:KEY, separated by commas; of own '
             'data any keys, empty: all cameras and vectors', only='recorded'),
        Flag('libero_image_size', int, {'': 84, 'potential': 64}, 'height and width of frames, pixels',
             only='recorded', low=24, high=512),
        Flag('libero_noops', str, 'keep', 'steps without action', only='recorded', choices=('keep', 'drop')),
        Flag('task_embedding', str, '', '.npz file with a vector for each task; empty: its number',
             only='recorded'),
        Flag('val_fraction', float, 0.2, 'share of the episodes of each task held out', only='recorded',
             high=0.9),
        Flag('val_fold', int, 0, 'index of the held-out share, from 0', only='recorded'),
        Flag('learn_from_failures', boolean, True, 'False: failed episodes are only evaluated',
             only='recorded'),
        Flag('holdout_tasks', str, '', 'tasks that are held out, separated by commas; a name may have some',
             only='recorded'),
    ),
    'Reward model of recorded episodes': (
        Flag('reward_form', str, 'step', 'what is learned: a reward of each step, as in the paper; a '
             'potential, whose differences are the rewards; or progress, as regression on time',
             only='recorded', choices=('step', 'potential', 'progress'), names_run=True, gives_tags=True),
        Flag('potential_heads', str, 'min', 'min: the least potential of a network for each camera and one '
             'for all vectors; one: a single network', only='potential', choices=('min', 'one')),
        Flag('potential_windows', str, 'any', 'windows of successes: any, or of one step',
             only='potential', choices=('any', 'step')),
        Flag('vector_normalization', str, {'': 'moments', 'potential': 'quantile'}, 'how vectors are '
             'normalised over the training set, with --obs_normalization=True', only='recorded',
             choices=('quantile', 'moments', 'none')),
        Flag('passes', float, 5.0, 'passes over the steps of the training successes, per cycle',
             only='recorded', low=0.01),
        Flag('min_updates', int, 60, 'least updates per cycle: few episodes get more passes',
             only='recorded', low=1),
        Flag('patience', int, 0, 'cycles without a better validation loss before the run stops; the best '
             'checkpoint is kept too; 0: never stop', only='recorded'),
        Flag('rrd_exact', boolean, False, 'train on whole episodes instead of K steps (K = T)',
             only='recorded', names_run=True),
        Flag('libero_negatives', str, 'auto',
             'virtual episodes: auto, none, or any of swap, rewind, prefix, separated by commas',
             only='recorded'),
        Flag('failure_share', float, {'': 0.1, 'potential': 0.05},
             'share of recorded failures among drawn episodes, if there are any', only='recorded', high=1),
        Flag('swap_share', float, {'': 0.1, 'potential': 0.2}, 'share of episodes that get another task',
             only='recorded', high=1),
        Flag('rewind_share', float, 0.5, 'share of rewound episodes', only='recorded', high=1),
        Flag('prefix_share', float, 0.1, 'share of episodes cut before their end', only='recorded', high=1),
        Flag('augment_shift', float, 0.07, 'largest shift of frames, a share of their size', only='recorded',
             high=0.5),
        Flag('augment_colour', float, 0.2, 'largest change of brightness, contrast and colours, shares',
             only='recorded', high=1),
        Flag('augment_noise', float, {'': 0.3, 'own_data': 0.0, 'potential': 0.1, 'own_data potential': 0.0},
             'noise of proprioception, in its standard deviations', only='recorded'),
        Flag('r_average', float, 0.995, 'share of the old average of the weights kept at an update; the '
             'averages predict', only='recorded', high=1),
        Flag('r_scale', float, {'': 0.01, 'own_data': 0.0, 'potential': 0.3, 'own_data potential': 0.0},
             'reward, or potential, per unit of output of the network; 0, of own data only: the mean size of '
             'a reward, |return| / T, or 0.3 of that of a return', only='recorded'),
    ),
}
