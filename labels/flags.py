"""The flags of `label.py`, and what each trainer needs."""
from utils.flags.flag import Flag, boolean
from utils.flags.recorded import RECORDED
from utils.labels.chunks import CHUNK

IN_PLACE = ('lerobot-rabc', 'rlinf-returns')        # write a new file into the folder of the data set
NEEDING_COPY = {        # {trainer: function of the flags to changes of the `CopyOptions`}
    'lerobot-reward': lambda flags: {},
    'robomimic': lambda flags: {'mask': flags.mask or 'above', 'next_obs': True},
    'openvla-filter': lambda flags: {'only_above': True},
}
_READING = ('data_path', 'libero_path', 'outcomes', 'columns', 'libero_alignment', 'libero_orientation',
            'libero_skip_bad')
_LOWEST = -3.4e38

TABLE = {
    'What to write': (
        Flag('out', str, '', 'new copy of the data set, with rewards in it'),
        Flag('sidecar', str, '', 'new .parquet file with a row for every stored step'),
        Flag('for', str, '', 'trainer that reads the rewards; lerobot-rabc and rlinf-returns get a new file '
             'in the folder of the data set, the others need --out', choices=('', *IN_PLACE, *NEEDING_COPY)),
        Flag('chunk', int, CHUNK, 'steps of a chunk of actions, for weights', low=1),
        Flag('tag', str, 'rrd', 'of the file of rlinf-returns, meta/returns_TAG.parquet'),
        Flag('above', float, 0.5, 'predicted return above which an episode is in --mask, or in the copy of '
             'openvla-filter', low=_LOWEST),
        Flag('mask', str, '', 'HDF5: name of a list of the episodes above --above; empty: none, or above '
             'for robomimic'),
        Flag('next_obs', boolean, False, 'HDF5: add next_obs where it is missing; robomimic: always'),
    ),
    'Which weights': (
        Flag('checkpoint', str, '', 'name of a checkpoint, such as ckpt-000120; empty: the best, if one is '
             'kept, or the newest'),
    ),
    'How to read the data set': tuple(
        flag._replace(only='') for flags in RECORDED.values() for flag in flags if flag.name in _READING),
    'Where to compute': (
        Flag('jobs', int, 1, 'processes on this machine', low=1),
        Flag('ray', str, '', 'address of a Ray cluster, host:port or auto, whose machines predict the parts; '
             'they need the project and the data at the same paths'),
    ),
    'What to accept': (
        Flag('relabel', boolean, False, 'a data set that was labelled before'),
        Flag('resize', boolean, False, 'frames stored at another size than those of the run'),
    ),
}
