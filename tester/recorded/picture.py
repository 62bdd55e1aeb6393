"""A figure of predicted rewards below the frames of their episodes."""
import textwrap

import numpy as np

from utils.errors import file_errors
from utils.whole_files import write_whole

_MOST_TASKS, _NUM_FRAMES = 4, 6
_BLUE, _ORANGE, _GREEN = '#0072B2', '#D55E00', '#009E73'      # Okabe and Ito's
# inches; a strip of frames is as wide as a panel, so that each frame is above its step
_WIDTH, _LEFT, _BETWEEN, _TOP = 6.0, 0.9, 1.0, 0.5
_TITLE, _SUM, _REWARD, _GAP, _FOOT = 0.85, 1.7, 0.9, 0.2, 0.55
_LINE = 80      # characters of a task's name in a line


def draw_rewards(path, predictions):
    """Draws one success and one failure of each of at most four tasks, side by side.

    Frames of the first camera are at the top. Below are the running sum of predicted rewards and the true
    progress where known; the reward of each step is at the bottom. Both episodes of a task share scales.

    Args:
        path: path of the .png file.
        predictions: list of `Prediction`, one or more.

    Raises:
        UserError: the file cannot be written.
    """
    figure = episodes_figure(chosen(predictions))
    with file_errors(f'cannot write {path}'):
        write_whole(path, lambda file: figure.savefig(file, format='png'))


def episodes_figure(rows):
    """A matplotlib `Figure` of episodes: frames, running sums, rewards.

    Args:
        rows: [(success, failure)], each a `Prediction` or None; the two of a row share scales.
    """
    from matplotlib.figure import Figure

    has_frames = any(each.recording.frames for row in rows for each in row if each is not None)
    strip = _WIDTH / _NUM_FRAMES if has_frames else 0
    height = _TITLE + strip + _GAP + _SUM + _GAP + _REWARD + _FOOT
    figure = Figure((_LEFT + 2 * _WIDTH + _BETWEEN + 0.2, _TOP + height * len(rows)), dpi=120)
    for number, row in enumerate(rows):
        limits = _limits([prediction for prediction in row if prediction is not None])
        for column, prediction in enumerate(row):
            panel = _Panel(figure, _LEFT + column * (_WIDTH + _BETWEEN), _TOP + number * height, strip)
            if prediction is None:
                panel.leave_empty('no success' if column == 0 else 'no failure')
            else:
                panel.draw(prediction, limits)
    _legend(figure)
    return figure


def chosen(predictions):
    """[(success, failure)] of the first tasks: the first of each outcome, None where there is none.

    Among a task's failures, the first of a kind that was not chosen before is preferred.
    """
    rows, shown = [], set()
    for task in list(dict.fromkeys(prediction.recording.task for prediction in predictions))[:_MOST_TASKS]:
        of_task = [prediction for prediction in predictions if prediction.recording.task == task]
        failures = [prediction for prediction in of_task if not prediction.recording.success]
        failures.sort(key=lambda prediction: prediction.recording.mode in shown)
        shown.update(prediction.recording.mode for prediction in failures[:1])
        success = next((prediction for prediction in of_task if prediction.recording.success), None)
        rows.append((success, failures[0] if failures else None))
    return rows


class _Panel:
    """The axes of one episode; lengths in inches, from the figure's upper left corner."""

    def __init__(self, figure, left, top, strip):
        self._figure, self._left, self._top = figure, left, top
        top += _TITLE
        self._strip = self._axes(top, strip) if strip else None
        self._sum = self._axes(top + strip + _GAP, _SUM)
        self._reward = self._axes(top + strip + _GAP + _SUM + _GAP, _REWARD)

    def draw(self, prediction, limits):
        """Draws an episode; limits are the (lowest, highest) running sum, and reward."""
        recording = prediction.recording
        kind = f': {recording.mode.replace("_", " ")}' if recording.mode else ''
        lines = textwrap.wrap(recording.task.replace('_', ' '), _LINE, max_lines=2, placeholder=' ...')
        self._write(_TITLE - 0.07, '\n'.join(lines), fontsize=10)
        self._write(_TITLE - 0.1 - 0.17 * len(lines), 'success' if recording.success else f'failure{kind}',
                    fontsize=13, fontweight='bold')
        steps = np.rint(np.linspace(0, recording.length, _NUM_FRAMES)).astype(int)
        if self._strip is not None:
            self._draw_frames(recording, steps)
        self._draw_sum(prediction)
        self._draw_rewards(prediction.rewards)
        margin = recording.length / (_NUM_FRAMES - 1) / 2       # half a frame
        for axes, limit in zip((self._sum, self._reward), limits, strict=True):
            axes.set_xlim(-margin, recording.length + margin)
            axes.set_ylim(limit)
            axes.set_xticks(steps)
            axes.grid(axis='x', color='0.85', linewidth=0.8)
            axes.axhline(0, color='0.6', linewidth=0.8)
            axes.spines[['top', 'right']].set_visible(False)
        self._sum.tick_params(labelbottom=False)
        self._sum.set_ylabel('running sum')
        self._reward.set_ylabel('reward')
        self._reward.set_xlabel('step')

    def leave_empty(self, what):
        """Writes which outcome is missing."""
        for axes in (self._strip, self._sum, self._reward):
            if axes is not None:
                axes.remove()
        self._write(_TITLE - 0.07, f'{what} of this task was held out', fontsize=10, color='0.4')

    def _draw_frames(self, recording, steps):
        self._strip.axis('off')
        if recording.frames:
            frames = next(iter(recording.frames.values()))[recording.rows[steps]]
            gap = np.full((frames.shape[1], max(1, frames.shape[2] // 40), 3), 255, np.uint8)
            framed = [np.concatenate([gap, frame[:, gap.shape[1]:-gap.shape[1]], gap], axis=1)
                      for frame in frames]
            self._strip.imshow(np.concatenate(framed, axis=1), aspect='auto', interpolation='antialiased')

    def _draw_sum(self, prediction):
        recording, steps = prediction.recording, np.arange(prediction.recording.length + 1)
        if recording.progress is not None:
            self._sum.plot(steps, recording.progress, '--', color=_GREEN, linewidth=1.8)
        self._sum.plot(steps, [0, *prediction.running_sum], color=_BLUE, linewidth=2.2)
        self._sum.plot(recording.length, recording.total_reward, '*' if recording.success else 'X',
                       color=_ORANGE, markersize=13 if recording.success else 9, clip_on=False)

    def _draw_rewards(self, rewards):
        self._reward.bar(np.arange(len(rewards)) + 0.5, rewards, width=1, color=_BLUE)

    def _write(self, below, text, **style):
        """Writes text with its baseline `below` inches under the top of the panel."""
        width, height = self._figure.get_size_inches()
        self._figure.text(self._left / width, 1 - (self._top + below) / height, text, va='bottom', **style)

    def _axes(self, top, height):
        total_width, total_height = self._figure.get_size_inches()
        return self._figure.add_axes((self._left / total_width, 1 - (top + height) / total_height,
                                      _WIDTH / total_width, height / total_height))


def _limits(row):
    """((lowest, highest) of running sums, progress and returns; of rewards), with margins."""
    sums = np.concatenate([[0.0], *(prediction.running_sum for prediction in row),
                           [prediction.recording.total_reward for prediction in row],
                           *(prediction.recording.progress for prediction in row
                             if prediction.recording.progress is not None)])
    rewards = np.concatenate([[0.0], *(prediction.rewards for prediction in row)])
    return [(values.min() - room, values.max() + room) for values in (sums, rewards)
            for room in [0.06 * (np.ptp(values) or 1.0)]]


def _legend(figure):
    from matplotlib.lines import Line2D

    dots = {'color': _ORANGE, 'linestyle': ''}
    figure.legend(handles=[
        Line2D([], [], color=_BLUE, linewidth=2.2, label='predicted reward of each step; its running sum'),
        Line2D([], [], color=_GREEN, linestyle='--', linewidth=1.8, label='true progress, where known'),
        Line2D([], [], **dots, marker='*', markersize=13, label='recorded return of a success'),
        Line2D([], [], **dots, marker='X', markersize=9, label='recorded return of a failure'),
    ], loc='upper center', ncols=4, frameon=False, fontsize=10)
