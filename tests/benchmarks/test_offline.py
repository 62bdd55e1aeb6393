"""The parts on a few small episodes; no time is checked."""
from contextlib import ExitStack

import numpy as np
import pytest

from benchmarks.offline import main, memory_table, speed_table, waiting_share
from benchmarks.recorded import Learning, Row, Watched, cache_rows, write_episodes
from benchmarks.resident import Resident, fill_and_learn
from benchmarks.rounds import Candidate, Timing, measure
from common import parse_args
from envs.recorded.dataset import load_all

LENGTH, SIZE, SMALL = 5, 32, 24     # steps of an episode; frame size in pixels, in files and in the cache
FRAMES = 4 * LENGTH


@pytest.fixture
def words(tmp_path):
    """The command line of a run on four episodes, in batches of 2 x 3 steps."""
    return ['--env=libero_spatial', f'--libero_path={write_episodes(tmp_path / "files", 4, LENGTH, SIZE)}',
            f'--cache_dir={tmp_path / "cache"}', f'--libero_image_size={SMALL}', '--rrd_batch_size=6',
            '--rrd_sample_size=3', '--val_fraction=0', '--inter_op_threads=1', '--intra_op_threads=1']


@pytest.mark.slow
@pytest.mark.parametrize('form, frames', [('step', 2 * 6), ('potential', 2 * (1 + 2 * 3))])
def test_learning_is_measured_with_batches_drawn_ahead_and_in_turn(words, form, frames):
    with ExitStack() as closing:
        rows = Learning(parse_args([*words, f'--reward_form={form}']), closing).rows('set', updates=2)
        timings = measure([row.candidate for row in rows], range(3), settle=lambda seconds: None)

    batch, update, ahead, in_turn = rows
    assert {row.candidate.units for row in rows} == {frames}
    assert batch.candidate.flops is None
    assert update.candidate.flops == ahead.candidate.flops == in_turn.candidate.flops > 1e6
    assert len(ahead.waits) == len(in_turn.waits) == 2 * 3
    for row, timing in zip(rows[2:], timings[2:], strict=True):
        assert 0 < waiting_share(row, timing) < 1


def test_every_frame_is_decoded_into_a_new_cache_each_time(words, tmp_path):
    rows = cache_rows('set', load_all(parse_args(words)).files, SMALL, tmp_path / 'fills')

    for row in rows:
        row.candidate.call()
        row.candidate.call()

    assert {row.candidate.units for row in rows} == {FRAMES}
    for number in range(2):
        made = [np.load(path) for path in (tmp_path / 'fills' / str(number)).glob('*.npy')]
        assert [frames.shape for frames in made] == 2 * [(FRAMES // 2, SMALL, SMALL, 3)]
    fill, read, copy = rows
    assert fill.num_bytes == copy.num_bytes == SIZE ** 2 * 3
    assert read.num_bytes == sum(path.stat().st_size for path in tmp_path.glob('files/*/*')) / FRAMES


@pytest.mark.slow
def test_memory_is_that_of_a_process_that_has_filled_its_cache(words):
    resident = fill_and_learn(words, updates=2)

    assert resident.num_steps == FRAMES
    assert FRAMES * SMALL ** 2 * 3 < resident.cache_bytes < FRAMES * SMALL ** 2 * 3 + 1000
    assert 0 < resident.anonymous_bytes < resident.peak_bytes
    assert 0 < resident.file_bytes < resident.peak_bytes


def test_share_of_waiting_is_over_the_measured_rounds():
    """The first of three rounds of two updates is a warm-up; the others waited for 1 s of 8 s."""
    row = Row(Candidate('set', 'learn', None, calls=2, units=10), waits=[9, 9, 0.1, 0.2, 0.3, 0.4])

    assert waiting_share(row, Timing((0.1, 0.3))) == pytest.approx(1 / 8)


def test_a_watched_sampler_measures_the_time_of_its_batch():
    watched = Watched(lambda: 'batch')

    assert watched.sample(transitions=False, subsequences=True) == 'batch'
    assert len(watched.waits) == 1 and watched.waits[0] > 0


def test_tables_show_times_of_a_batch_and_rates_of_frames():
    row = Row(Candidate('set', 'learn', None, calls=1, units=100, flops=1e6), num_bytes=500, waits=[0.001])

    output = speed_table([row], [Timing((1e-5,))], flops_per_s=2e11).splitlines()[-1]

    assert output.split() == 'set learn 100 1.000 1.000 1.000e+05 50.00 0.5000 2.000 100.0%'.split()
    assert memory_table([Resident(7, 1e6, 2e6, 3e6, 5e6)]).split()[-5:] == ['7', '1.0', '2.0', '3.0', '5.0']


@pytest.mark.slow
def test_program_reports_speed_of_two_sets_and_memory_of_two(capsys):
    main(['--rounds=1', '--updates=1', '--episodes=4', '--memory_updates=1'])

    output = capsys.readouterr().out
    assert [output.count(what) for what in ('draw a batch', 'drawn ahead', 'fill the cache')] == [3, 3, 2]
    steps = [line.split()[0] for line in output.splitlines()[-2:]]
    assert steps == ['400', '4000']
