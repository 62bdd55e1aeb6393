"""Stand-ins that write down the calls of the learner, the agent's schedule and the tester."""
import numpy as np

from algorithm.agent import Agent
from utils.types import Batch, Transitions

EPSILON = 'logger.add_record Epsilon='


def odd_step_rewards(episode, t):
    """Rewards behind the recorded learners: episodes differ at odd steps."""
    return 5.0 * (episode % 3 - 1) if t % 2 else 0.25


def shown(observation):
    """(episode, step) of an observation: at the start of a vector, or on the halves of a frame."""
    if 'frame' in observation:
        return of_frame(observation['frame'][..., -1])
    return observation['state'][:2]


def of_frame(frame):
    """(episode, step) on the left and the right half of a frame."""
    return frame[0, 0], frame[0, -1]


def text(numbers):
    """Two numbers in the format of the recordings."""
    return '{:.0f},{:.0f}'.format(*numbers)


class Trace:
    """Log, record and progress of a run.

    Attributes:
        lines: the calls, in the format of the recordings.
        summaries: values that were logged once a cycle.
        tests: [(steps of training, [rollouts] returns)].
    """

    def __init__(self):
        self.lines, self.summaries, self.tests = [], [], []

    def add(self, values):
        """Only what a test logs of each action, and epsilon, were recorded in a form to compare."""
        if 'test/q_mean' in values:
            self.lines.append(f'logger.add_dict Q_average={values["test/q_mean"]:g}')
        if 'dqn/epsilon' in values:
            self.lines.append(f'{EPSILON}{values["dqn/epsilon"]:.9f}')

    def set(self, values):
        """Keeps a summary."""
        self.summaries.append(values)

    def append(self, steps, returns):
        """Keeps a test."""
        self.tests.append((steps, returns))

    def update(self, n):
        """Progress, which is ignored."""


class TracedEnvironment:
    """An environment whose observations encode the numbers of the episode and of the step."""

    def __init__(self, env, lines):
        self._env, self._lines, self.spec, self.facts = env, lines, env.spec, env.facts

    def reset(self):
        """As the environment below; the first time, the original's constructor has done it already."""
        observation = self._env.reset()
        episode, _ = shown(observation)
        if episode > 0:
            self._lines.append(f'env.reset -> ep={episode:.0f}')
        return observation

    def step(self, action):
        """As the environment below."""
        step = self._env.step(action)
        episode, t = shown(step.observation)
        self._lines.append(
            f'env.step ep={episode:.0f} step={t:.0f} reward={step.reward:g} done={step.over:d}')
        return step


class TracedSampler:
    """Writes down the steps of each episode, and returns batches that contain their own number."""

    def __init__(self, spec, lines):
        self._spec, self._lines, self.num_added, self.num_batches = spec, lines, 0, 0

    def append(self, episode):
        """The original stored the same, step by step."""
        has_frames, last = 'frame' in episode.observations, episode.length - 1
        if has_frames:
            stack = self._spec.observation['frame'].stack
            states = [of_frame(frame) for frame in episode.observations['frame'][stack - 1:]]
        else:
            states = episode.observations['state'][:, :2]
        for t in range(episode.length):
            now, after, action = text(states[t]), text(states[t + 1]), np.ravel(episode.actions[t])[0]
            what = f'frame_next=({after})' if has_frames else f'real_done={int(t == last)}'
            self._lines.append(f'buffer.store obs=({now}) obs_next=({after}) acts={action:.0f} '
                               f'rews={episode.rewards[t]:g} done={int(episode.terminals[t])} {what}')
        self.num_added += episode.length

    def normalizer_batch(self):
        """The transition of the next batch."""
        return self.sample(True, False).transitions

    def sample(self, transitions, subsequences):
        """The next batch, of one transition."""
        self.num_batches += 1
        self._lines.append(f'buffer.sample_batch -> {self.num_batches}')
        state = {key: np.full((1, *field.shape, *([field.stack] if field.stack > 1 else [])),
                              self.num_batches, field.dtype) for key, field in self._spec.observation.items()}
        return Batch(Transitions(state, None, None, state, None), None)


class TracedAgent(Agent):
    """The real schedule of updates and target updates, without a graph."""

    def __init__(self, spec, args, basis, lines):
        super().__init__(spec, args, basis, None, np.random.default_rng(0), (1, 1))
        self._lines, self._action = lines, spec.action
        self._names = ('train_q', 'train_pi') if len(self.groups) > 1 else ('train',)

    def act(self, observation, explore, step=0, ready=True):
        """Always the same action."""
        self._lines.append(f'agent.step obs=({text(shown(observation))}) explore={explore:d} test_info=0')
        return np.full(self._action.shape, 3, self._action.dtype)

    def update_normalizer(self, sampler):
        """As `Agent`, and writes down the batch."""
        super().update_normalizer(sampler)
        self._lines.append(f'agent.normalizer_update batch={sampler.num_batches}')

    def run_group(self, index, move, feeds):
        """Writes down the group, its batch, and whether targets are updated after it."""
        self._lines.append(f'agent.{self._names[index]} batch={feeds[0].flat[0]:g}')
        if move:
            self._lines.append('agent.target_update')
        return {}


class TracedTestAgent:
    """Always the same action; its diagnostic is the number of the step."""

    def __init__(self, spec, lines):
        self._spec, self._lines = spec, lines

    def act_with_diagnostics(self, observation, explore=False):
        """As `Agent.act_with_diagnostics`."""
        numbers = shown(observation)
        self._lines.append(f'agent.step obs=({text(numbers)}) explore={explore:d} test_info=1')
        return np.full(self._spec.action.shape, 0.5, np.float32), {'q': numbers[1]}
