"""Flags that a target does not use, and layouts that a trainer does not read."""
from pathlib import Path

import pytest

from labels.flags import TABLE
from labels.names import as_given, renamed
from labels.uses import check_layout, check_used, used
from utils.errors import UserError
from utils.flags.flag import Args, resolve

SOURCE = Path('SRC')
HDF5, RLDS, LEROBOT = 'libero', 'rlds', 'lerobot'     # names of formats
COPY, SIDECAR = {'out': 'DST'}, {'sidecar': 'FILE.parquet'}


def flags_of(given):
    return resolve(TABLE, (), given, None)


@pytest.mark.parametrize('trainer, form, message', [
    ('openvla-filter', 'libero', 'in the layout of RLDS, got SRC, HDF5; python convert.py --to=rlds makes'),
    ('robomimic', 'lerobot', 'in the layout of HDF5, got SRC, LeRobot; python convert.py --to=hdf5 makes'),
    ('lerobot-reward', 'robomimic', 'in the layout of LeRobot, got SRC, HDF5; python convert.py'),
    ('lerobot-rabc', 'rlds', 'in the layout of LeRobot, got SRC, RLDS'),
    ('rlinf-returns', 'minari', 'in the layout of LeRobot, got SRC, minari')])
def test_a_trainer_refuses_a_layout_that_it_does_not_read(trainer, form, message):
    with pytest.raises(UserError, match=f'^--for={trainer}: expected --data_path, a data set {message}'):
        check_layout(flags_of({'for': trainer, **COPY}), SOURCE, form)


@pytest.mark.parametrize('trainer, form', [('openvla-filter', 'rlds'), ('robomimic', 'libero'), ('', 'rlds'),
                                           ('robomimic', 'robomimic'), ('lerobot-reward', 'lerobot')])
def test_a_layout_that_is_read_is_accepted(trainer, form):
    check_layout(flags_of({'for': trainer, **COPY}), SOURCE, form)


@pytest.mark.parametrize('given, form, message', [
    (SIDECAR | {'mask': 'good'}, HDF5, '--mask=good: --sidecar does not use it; expected --out=DST, a copy'),
    (SIDECAR | {'next_obs': True}, HDF5, '--next_obs=True: --sidecar does not use it'),
    (SIDECAR | {'above': 0.3}, HDF5, '--above=0.3: --sidecar does not use it; expected --mask=NAME, '
                                         '--for=robomimic'),
    (SIDECAR | {'tag': 'mine'}, HDF5, '--tag=mine: --sidecar does not use it; expected --for=rlinf-returns'),
    (COPY | {'above': 0.3}, HDF5, '--above=0.3: --out does not use it; expected --mask=NAME'),
    (COPY | {'chunk': 7}, HDF5, '--chunk=7: --out does not use it; expected --sidecar=FILE'),
    (COPY | {'next_obs': True}, RLDS, '--next_obs=True: expected --data_path, a data set in the layout of '
                                      'HDF5, got RLDS'),
    (COPY | {'mask': 'good'}, LEROBOT, '--mask=good: expected --data_path, a data set in the layout of '
                                         'HDF5, got LeRobot'),
    (COPY | {'mask': 'a/b'}, HDF5, '--mask=a/b: expected a name without separators'),
    (COPY | {'for': 'robomimic', 'next_obs': False}, HDF5, '--next_obs=False: --for=robomimic always adds'),
    (COPY | {'for': 'openvla-filter', 'mask': 'good'}, RLDS, '--mask=good: --for=openvla-filter does not use '
                                                               'it'),
    ({'for': 'rlinf-returns', 'chunk': 7}, LEROBOT, '--chunk=7: --for=rlinf-returns does not use it'),
    ({'for': 'lerobot-rabc', 'tag': 'rrd'}, LEROBOT, '--tag=rrd: --for=lerobot-rabc does not use it'),
    (SIDECAR | {'jobs': 2, 'ray': 'auto'}, HDF5, '--jobs=2: the machines of --ray=auto do the work')])
def test_a_flag_without_a_use_is_refused(given, form, message):
    with pytest.raises(UserError, match=f'^{message}'):
        check_used(flags_of(given), given, form)


@pytest.mark.parametrize('given, form', [
    (COPY | {'mask': 'good', 'above': 0.3, 'next_obs': True}, 'robomimic'),
    (SIDECAR | {'chunk': 7}, 'minari'),
    (COPY | {'for': 'robomimic', 'mask': 'good', 'next_obs': True}, HDF5), (SIDECAR | {'mask': ''}, RLDS),
    (COPY | {'for': 'openvla-filter', 'above': 0.3}, RLDS), ({'for': 'rlinf-returns', 'tag': 'b'}, LEROBOT)])
def test_a_flag_with_a_use_is_accepted(given, form):
    check_used(flags_of(given), given, form)


def test_what_a_target_depends_on_is_recorded():
    assert used(flags_of(SIDECAR)) == {'for': '', 'chunk': 50}
    assert used(flags_of(COPY)) == {'for': '', 'mask': '', 'next_obs': False, 'above': 0.5}


@pytest.mark.parametrize('text, given, expected', [
    ('--libero_path=X: it does not exist', {'data_path': 'X'}, '--data_path=X: it does not exist'),
    ('--libero_path=X: it does not exist', {'libero_path': 'X'}, '--libero_path=X: it does not exist'),
    ('--libero_path=X: it does not exist', {}, "a run's --libero_path=X: it does not exist"),
    ('--data_path=X: it does not exist', {}, "a run's --data_path=X: it does not exist"),
    ('--out=DST: expected --data_path, the data set', {}, '--out=DST: expected --data_path, the data set'),
    ('--libero_obs=a: SRC has no a', {'data_path': 'X'}, "a run's --libero_obs=a: SRC has no a"),
    ('--libero_skip_bad=True leaves it out', {'data_path': 'X'}, '--libero_skip_bad=True leaves it out')])
def test_an_error_names_the_flag_that_was_given(text, given, expected):
    assert as_given(text, given) == as_given(as_given(text, given), given) == expected


def test_data_of_a_suite_are_named_by_data_path():
    assert renamed(Args({'env': 'libero_spatial'}), {'data_path': 'a'}) == {'libero_path': 'a'}
    assert renamed(Args({'env': 'recorded'}), {'data_path': 'a'}) == {'data_path': 'a'}
