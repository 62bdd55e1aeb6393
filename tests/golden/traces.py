"""Stand-ins that write down what the learner, the agent's schedule and the tester ask of them."""
import numpy as np

from algorithm.agent import Agent
from utils.types import Batch, Transitions


def odd_step_rewards(episode, t):
    """Rewards behind the recorded learners: episodes differ at odd steps."""
    return 5.0 * (episode % 3 - 1) if t % 2 else 0.25


def numbers(state):
    """The numbers of episode and step that a state starts with."""
    return f'{state[0]:.0f},{state[1]:.0f}'


class Trace:
    """Log, record and progress of a run.

    Attributes:
        lines: what happened, in the words of the recordings.
        summaries: what was logged once a cycle.
        tests: [(steps of training, [rollouts] returns)].
    """

    def __init__(self):
        self.lines, self.summaries, self.tests = [], [], []

    def add(self, values):
        """Only what a test logs of each action was recorded in a form to compare."""
        if 'test/q_mean' in values:
            self.lines.append(f'logger.add_dict Q_average={values["test/q_mean"]:g}')

    def set(self, values):
        """Keeps a summary."""
        self.summaries.append(values)

    def append(self, steps, returns):
        """Keeps a test."""
        self.tests.append((steps, returns))

    def update(self, n):
        """Progress, which nobody watches."""


class TracedEnvironment:
    """An environment whose observations start with the numbers of the episode and of the step."""

    def __init__(self, env, lines):
        self._env, self._lines, self.spec = env, lines, env.spec

    def reset(self):
        """As the environment below; the first time, the original's constructor has done it already."""
        observation = self._env.reset()
        if observation['state'][0] > 0:
            self._lines.append(f'env.reset -> ep={observation["state"][0]:.0f}')
        return observation

    def step(self, action):
        """As the environment below."""
        step = self._env.step(action)
        episode, t = step.observation['state'][:2]
        self._lines.append(
            f'env.step ep={episode:.0f} step={t:.0f} reward={step.reward:g} done={step.over:d}')
        return step


class TracedSampler:
    """Writes down the steps of each episode, and hands out batches that hold their own number."""

    def __init__(self, lines):
        self._lines, self.num_added, self.num_batches = lines, 0, 0

    def append(self, episode):
        """The original stored the same, step by step."""
        state, last = episode.observations['state'], episode.length - 1
        for t in range(episode.length):
            self._lines.append(
                f'buffer.store obs=({numbers(state[t])}) obs_next=({numbers(state[t + 1])}) '
                f'acts={episode.actions[t, 0]:.0f} rews={episode.rewards[t]:g} '
                f'done={int(episode.terminals[t])} real_done={int(t == last)}')
        self.num_added += episode.length

    def sample(self, transitions, subsequences):
        """The next batch, of one transition."""
        self.num_batches += 1
        self._lines.append(f'buffer.sample_batch -> {self.num_batches}')
        state = {'state': np.full((1, 3), self.num_batches, np.float32)}
        return Batch(Transitions(state, None, None, state, None), None)


class TracedAgent(Agent):
    """The real schedule of updates and target moves, with nothing behind it."""

    def __init__(self, spec, args, basis, lines):
        super().__init__(spec, args, basis, None, np.random.default_rng(0), (1, 1))
        self._lines = lines
        self._names = ('train_q', 'train_pi') if len(self.groups) > 1 else ('train',)

    def act(self, observation, explore):
        """Always the same action."""
        state = observation['state']
        self._lines.append(f'agent.step obs=({numbers(state)}) explore={explore:d} test_info=0')
        return np.array([3.0], np.float32)

    def update_normalizer(self, sampler):
        """As every agent, and tells with which batch."""
        super().update_normalizer(sampler)
        self._lines.append(f'agent.normalizer_update batch={sampler.num_batches}')

    def run_group(self, index, move, feeds):
        """Tells which group, with which batch, and whether targets move after it."""
        self._lines.append(f'agent.{self._names[index]} batch={feeds[0][0, 0]:g}')
        if move:
            self._lines.append('agent.target_update')
        return {}


class TracedTestAgent:
    """Always the same action; its judgement is the number of the step."""

    def __init__(self, spec, lines):
        self._spec, self._lines = spec, lines

    def act_and_judge(self, observation, explore=False):
        """As `Agent.act_and_judge`."""
        state = observation['state']
        self._lines.append(f'agent.step obs=({numbers(state)}) explore={explore:d} test_info=1')
        return np.full(self._spec.action.shape, 0.5, np.float32), {'q': state[1]}
