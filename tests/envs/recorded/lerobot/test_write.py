"""New data sets: what is written can be read, appears at once, and is resumed."""
import functools
import json

import numpy as np
import pytest

from envs.recorded.lerobot import write
from envs.recorded.lerobot.new_episode import Layout, NewEpisode
from envs.recorded.lerobot.read import read_set
from envs.recorded.lerobot.write import write_set
from tests.envs.recorded.lerobot import sets
from utils.errors import UserError

SIDE = 64       # SVT-AV1 refuses smaller frames


def picture(k, t):
    return np.full((SIDE, SIDE, 3), [40 * k + 10 * t, 100, 200 - 40 * k], np.uint8)


def stream(k, length):
    yield np.stack([picture(k, t) for t in range(length)])


def episodes(lengths=sets.LENGTHS, **changes):
    return [NewEpisode(sets.TASKS[k % 2], sets.numbers(k, length, 3),
                       {'observation.state': sets.numbers(k, length, 2)},
                       {sets.CAMERA: functools.partial(stream, k, length)},
                       np.float32([0] * (length - 1) + [1]), k != 1)._replace(**changes)
            for k, length in enumerate(lengths)]


def layout(encoding='png'):
    return Layout(sets.FPS, {sets.CAMERA: (SIDE, SIDE)}, encoding)


@pytest.mark.parametrize('encoding, tolerance', [('png', 0), ('av1', 8), ('h264', 8)])
def test_what_is_written_is_read(tmp_path, encoding, tolerance):
    write_set(tmp_path / 'set', episodes(), layout(encoding))
    file = read_set(tmp_path / 'set', sets.COLUMNS)
    assert file.format == 'LeRobot v3.0' and file.columns[sets.CAMERA].encoding == encoding
    for got, expected in zip(file.episodes, episodes(), strict=True):
        assert got.task == expected.task and got.success is expected.success
        assert (got.actions == expected.actions).all() and (got.rewards == expected.rewards).all()
        assert (got.vectors['observation.state'] == expected.vectors['observation.state']).all()
    frames = np.concatenate(list(file.read(sets.CAMERA, [0, 1, 2]))).astype(int)
    expected = np.concatenate([next(stream(k, length)) for k, length in enumerate(sets.LENGTHS)])
    assert np.abs(frames - expected).mean(axis=(1, 2, 3)).max() <= tolerance


def test_episodes_beyond_the_size_of_a_part_are_in_another_file(tmp_path, monkeypatch):
    monkeypatch.setattr(write, '_FRAMES', 5)
    write_set(tmp_path / 'set', episodes(), layout('h264'))
    assert len(list((tmp_path / 'set').rglob('file-001.*'))) == 3
    file = read_set(tmp_path / 'set', sets.COLUMNS)
    assert [len(episode.actions) for episode in file.episodes] == list(sets.LENGTHS)
    index = [value for path in sorted((tmp_path / 'set/data').rglob('*.parquet'))
             for value in sets.pq.read_table(path)['index'].to_pylist()]
    assert index == list(range(sum(sets.LENGTHS)))


def test_statistics_are_those_of_all_rows(tmp_path):
    write_set(tmp_path / 'set', episodes(), layout())
    stats = json.loads((tmp_path / 'set/meta/stats.json').read_text())
    actions = np.concatenate([episode.actions for episode in episodes()]).astype(float)
    for name, expected in {'min': actions.min(0), 'max': actions.max(0), 'mean': actions.mean(0),
                           'std': actions.std(0), 'count': [len(actions)]}.items():
        np.testing.assert_allclose(stats['action'][name], expected, rtol=1e-9)
    pixels = np.concatenate([next(stream(k, length)) for k, length in enumerate(sets.LENGTHS)]) / 255
    for name, expected in {'min': pixels.min((0, 1, 2)), 'max': pixels.max((0, 1, 2)),
                           'mean': pixels.mean((0, 1, 2)), 'std': pixels.std((0, 1, 2))}.items():
        np.testing.assert_allclose(np.ravel(stats[sets.CAMERA][name]), expected, rtol=1e-6, atol=1e-9)


def interrupted(*_):
    raise KeyboardInterrupt
    yield


def test_a_folder_appears_whole_or_not_at_all_and_finished_parts_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(write, '_FRAMES', 1)
    broken = episodes()
    broken[1].frames[sets.CAMERA] = interrupted
    with pytest.raises(KeyboardInterrupt):
        write_set(tmp_path / 'set', broken, layout())
    assert not (tmp_path / 'set').exists()
    again, calls = episodes(), []
    for k, episode in enumerate(again):
        def counted(k=k, plain=episode.frames[sets.CAMERA]):
            calls.append(k)
            return plain()
        episode.frames[sets.CAMERA] = counted
    write_set(tmp_path / 'set', again, layout())
    assert calls == [1, 2]
    write_set(tmp_path / 'other', episodes(), layout())
    files = {path.relative_to(tmp_path / 'set') for path in (tmp_path / 'set').rglob('*') if path.is_file()}
    assert files == {path.relative_to(tmp_path / 'other') for path in (tmp_path / 'other').rglob('*')
                     if path.is_file()}
    for path in files:
        assert (tmp_path / 'set' / path).read_bytes() == (tmp_path / 'other' / path).read_bytes()
    assert list(tmp_path.glob('*.partial')) == []


def test_parts_of_other_episodes_are_not_resumed(tmp_path, monkeypatch):
    broken = episodes()
    broken[0].frames[sets.CAMERA] = interrupted
    with pytest.raises(KeyboardInterrupt):
        write_set(tmp_path / 'set', broken, layout())
    with pytest.raises(UserError, match='set.partial is unfinished, with other values of episodes'):
        write_set(tmp_path / 'set', episodes((3, 3)), layout())


def few(*_):
    yield np.zeros((1, SIDE, SIDE, 3), np.uint8)


def large(*_):
    yield np.zeros((3, 8, 8, 3), np.uint8)


@pytest.mark.parametrize('changes, message', [
    ({'frames': {sets.CAMERA: few}}, 'episode 0: expected 3 frames of .*, got 1'),
    ({'frames': {sets.CAMERA: large}}, r'uint8 frames of 64 x 64 pixels of .*, got uint8 \[8, 8, 3\]'),
    ({'frames': {}}, 'expected the columns .* and the cameras'),
    ({'rewards': np.float32([0, np.nan, 0])}, 'expected finite numbers'),
    ({'actions': np.zeros((0, 3), np.float32)}, 'expected as many rows in each column'),
    ({'task': ''}, 'expected a task')])
def test_an_invalid_episode_is_refused(tmp_path, changes, message):
    with pytest.raises(UserError, match=message):
        write_set(tmp_path / 'set', episodes((3,), **changes), layout())
    assert not (tmp_path / 'set').exists()


def test_videos_need_even_sizes_and_a_known_encoding(tmp_path):
    with pytest.raises(UserError, match='an even height and width for av1'):
        write_set(tmp_path / 'set', episodes(), Layout(10, {sets.CAMERA: (63, 64)}, 'av1'))
    with pytest.raises(UserError, match='expected an encoding among png, av1, h264, got gif'):
        write_set(tmp_path / 'set', episodes(), layout('gif'))
    with pytest.raises(UserError, match='expected episodes to write, got none'):
        write_set(tmp_path / 'set', [], layout())


@pytest.mark.data
@pytest.mark.parametrize('encoding', ['png', 'av1', 'h264'])
def test_lerobot_itself_reads_what_is_written(tmp_path, encoding):
    pytest.importorskip('lerobot', reason='needs the package lerobot, 0.4 or newer')
    from lerobot.datasets.lerobot_dataset import LeRobotDataset
    write_set(tmp_path / 'set', episodes(), layout(encoding))
    loaded = LeRobotDataset('local/set', root=tmp_path / 'set', video_backend='pyav')
    assert (len(loaded), loaded.num_episodes) == (sum(sets.LENGTHS), len(sets.LENGTHS))
    expected = [(k, t) for k, length in enumerate(sets.LENGTHS) for t in range(length)]
    for item, (k, t) in zip((loaded[n] for n in range(len(loaded))), expected, strict=True):
        assert item['task'] == sets.TASKS[k % 2] and int(item['frame_index']) == t
        assert (item['action'].numpy() == sets.numbers(k, sets.LENGTHS[k], 3)[t]).all()
        frame = item[sets.CAMERA].numpy().transpose(1, 2, 0) * 255
        assert np.abs(frame - picture(k, t)).mean() <= 8
    assert set(loaded.meta.stats['action']) >= {'min', 'max', 'mean', 'std', 'count'}
