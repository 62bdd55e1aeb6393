"""The figure of predicted rewards: its episodes and its layout."""
import numpy as np
import pytest
from matplotlib.figure import Figure

from tester.recorded.picture import chosen, draw_rewards
from tests.tester.recorded.predictions import prediction
from utils.errors import UserError


def drawn(monkeypatch, path, predictions):
    """The figure that was saved."""
    figures, save = [], Figure.savefig

    def kept(figure, *args, **kwargs):
        figures.append(figure)
        save(figure, *args, **kwargs)

    monkeypatch.setattr(Figure, 'savefig', kept)
    draw_rewards(path, predictions)
    return figures[0]


def panels(figure, label):
    return [axes for axes in figure.axes if axes.get_ylabel() == label]


def texts(figure):
    return [text.get_text() for text in figure.texts]


def with_frames(one):
    """Frame t has the grey value t, of a camera whose rows are stored backwards."""
    num_frames = one.recording.length + 1
    frames = np.arange(num_frames, dtype=np.uint8)[::-1, None, None, None] * np.ones((30, 30, 3), np.uint8)
    rows = np.arange(num_frames)[::-1]
    return one._replace(recording=one.recording._replace(frames={'agentview': frames}, rows=rows))


def test_first_success_and_failure_of_each_of_the_first_four_tasks_are_shown():
    predictions = [prediction([float(number)], reward, task) for number, task in enumerate('abcde')
                   for reward in (0.0, 1.0, 1.0, 0.0)]
    rows = chosen(predictions)
    assert [(id(success), id(failure)) for success, failure in rows] == [
        (id(predictions[4 * task + 1]), id(predictions[4 * task])) for task in range(4)]


def test_kinds_of_failure_differ_where_possible():
    predictions = [prediction([0.0], 0.0, task, mode=mode)
                   for task, mode in (('a', 'miss'), ('b', 'miss'), ('b', 'wrong'), ('c', 'miss'))]
    assert [failure.recording.mode for _, failure in chosen(predictions)] == ['miss', 'wrong', 'miss']
    assert [success for success, _ in chosen(predictions)] == [None] * 3


def test_running_sum_rewards_and_progress_are_drawn_over_steps(monkeypatch, tmp_path):
    figure = drawn(monkeypatch, tmp_path / 'a.png',
                   [prediction([0.5, -0.25, 1.0], progress=[0.0, 0.2, 0.1, 1.0])])
    progress, running, end = panels(figure, 'running sum')[0].lines[:3]
    np.testing.assert_allclose(running.get_xydata(), [[0, 0], [1, 0.5], [2, 0.25], [3, 1.25]])
    np.testing.assert_allclose(progress.get_ydata(), [0, 0.2, 0.1, 1], rtol=1e-6)
    assert end.get_xydata().tolist() == [[3, 1]]
    bars = panels(figure, 'reward')[0].patches
    assert [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in bars] == [
        (0, 1, 0.5), (1, 1, -0.25), (2, 1, 1)]


def test_both_episodes_of_a_task_have_the_same_scales_and_show_every_value(monkeypatch, tmp_path):
    figure = drawn(monkeypatch, tmp_path / 'a.png', [
        prediction([5.0, -1.0]), prediction([-3.0], 0.0), prediction([0.1], task='blue')])
    for label, low, high in (('running sum', -3, 5), ('reward', -3, 5)):
        first, second, other = (axes.get_ylim() for axes in panels(figure, label))
        assert first == second != other
        assert first[0] < low and first[1] > high


def test_strip_shows_frames_in_time_over_their_steps(monkeypatch, tmp_path):
    figure = drawn(monkeypatch, tmp_path / 'a.png', [with_frames(prediction([0.0] * 10))])
    strip = next(axes for axes in figure.axes if axes.images)
    pixels = strip.images[0].get_array()
    assert pixels[15, 15::30, 0].tolist() == [0, 2, 4, 6, 8, 10]
    below = panels(figure, 'running sum')[0]
    centres = [strip.transData.transform((30 * number + 14.5, 0))[0] for number in range(6)]
    ticks = [below.transData.transform((step, 0))[0] for step in below.get_xticks()]
    assert centres == pytest.approx(ticks, abs=1e-6)


def test_without_cameras_there_is_no_strip(monkeypatch, tmp_path):
    figure = drawn(monkeypatch, tmp_path / 'a.png', [prediction([0.0, 1.0])])
    assert len(figure.axes) == 2


def test_outcome_kind_and_task_are_shown_and_a_missing_outcome_too(monkeypatch, tmp_path):
    figure = drawn(monkeypatch, tmp_path / 'a.png', [
        prediction([1.0], task='open_the_drawer'), prediction([0.0], 0.0, 'stack_it', mode='near_miss')])
    assert texts(figure) == ['open the drawer', 'success', 'no failure of this task was held out',
                             'no success of this task was held out', 'stack it', 'failure: near miss']


def test_no_two_texts_of_a_figure_overlap(monkeypatch, tmp_path):
    """With the longest names of tasks that LIBERO has, and reward and running sum of awkward size."""
    task = '_'.join(['LIVING_ROOM_SCENE5_put_the_white_mug_on_the_left_plate_and_put_the_yellow',
                     'and_white_mug_on_the_right_plate'])
    rng = np.random.default_rng(0)
    figure = drawn(monkeypatch, tmp_path / 'a.png', [
        with_frames(prediction(rng.normal(scale=9, size=230), reward, name, mode='wrong_object'))
        for reward in (1.0, 0.0) for name in (task, f'{task}_again')])
    written = [*figure.texts, *figure.legends[0].get_texts()]
    for axes in panels(figure, 'running sum') + panels(figure, 'reward'):
        low, high = axes.get_ylim()     # ticks beyond are not drawn
        written += [axes.xaxis.label, axes.yaxis.label, *axes.get_xticklabels(),
                    *(text for text in axes.get_yticklabels() if low <= text.get_position()[1] <= high)]
    boxes = [text.get_window_extent() for text in written if text.get_visible() and text.get_text()]
    assert len(boxes) > 40
    assert [(i, j) for i, one in enumerate(boxes) for j in range(i) if one.overlaps(boxes[j])] == []
    assert all(figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 for box in boxes)


def test_a_missing_folder_is_reported(tmp_path):
    with pytest.raises(UserError, match=r'cannot write .*nowhere/a\.png: No such file or directory'):
        draw_rewards(tmp_path / 'nowhere' / 'a.png', [prediction([1.0])])
