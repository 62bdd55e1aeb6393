"""Notes on flags that do something else than they seem to."""
import pytest

from common import get_args
from utils.flags.remarks import remarks


@pytest.mark.parametrize('words, expected', [
    (['--rrd_batch_size=100'],
     '--rrd_batch_size=100 is not a multiple of --rrd_sample_size=64: an update draws 1 x 64 steps'),
    (['--alg=lrr', '--rrd_batch_size=100'],
     '--rrd_batch_size=100 is not a multiple of --rrd_sample_size=64: an update draws 1 x 64 steps'),
    (['--env=libero_goal', '--rrd_batch_size=100'],
     '--rrd_batch_size=100 is not a multiple of --rrd_sample_size=32: an update draws 3 x 32 steps'),
    (['--alg=sac', '--warmup=2000', '--buffer_size=1500'],
     '--warmup=2000 is above --buffer_size=1500: warm-up counts all stored steps, including those that have '
     'left the replay store'),
    (['--alg=sac', '--buffer_size=900', '--warmup=0'],
     'an episode of more than --buffer_size=900 steps (--test_timesteps=1000) loses its first steps'),
    (['--alg=dqn', '--env=Pong', '--buffer_size=20000', '--warmup=0'],
     'an episode of more than --buffer_size=20000 steps (--test_timesteps=27000) ends the run: frames are '
     'stored by whole episodes')])
def test_what_flags_do_together_is_noted_in_one_line(words, expected):
    assert remarks(get_args(words)) == [expected]


@pytest.mark.parametrize('words', [[], ['--alg=sac'], ['--alg=diaster'], ['--env=Pong', '--alg=ircr'],
                                   ['--env=libero_goal']])
def test_the_defaults_need_no_note(words):
    assert remarks(get_args(words)) == []
