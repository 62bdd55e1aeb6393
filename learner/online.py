"""Learning from an environment, while acting in it."""
import numpy as np

from learner.base import Learner
from utils.errors import DivergedError
from utils.recorder import EpisodeRecorder


class OnlineLearner(Learner):
    """Acts, adds whole episodes to the sampler, and updates.

    Args:
        args: reads timesteps, warmup, and what `Learner` reads.
        env: the environment to act in.
        agent: as for `Learner`, and has `act(observation, explore, step, ready)` and `exploration(step)`.
        sampler: has `append(episode)` and `num_added`.
        log: has `add({name: value})`.
        progress: as for `Learner`.
        stop: as for `Learner`.
        score: returns the sum of the task's own rewards of the episode, where the learner's are clipped.
    """

    def __init__(self, args, env, agent, sampler, log, progress, stop, score=None):
        super().__init__(args, agent, sampler, log, progress, stop)
        self._score = score
        self._env, self._episode = env, EpisodeRecorder(env.spec)
        self._observation = None

    def counts(self):
        """{column: number} of the progress of learning."""
        return {'episodes': self.episodes, 'timesteps': self.steps, 'updates': self.updates}

    def collect(self):
        """Takes `timesteps` steps; an unfinished episode continues in the next call."""
        if self._observation is None:
            self._begin()
        for _ in range(self._args.timesteps):
            action = self._agent.act(self._observation, True, self.steps, self.ready())
            if not np.isfinite(action).all():
                raise DivergedError(f'the action became {action.tolist()} at step {self.steps}')
            try:
                step = self._env.step(action)
            except DivergedError as error:
                raise DivergedError(f'{error}, step {self.steps} of the run') from error
            self._observation = step.observation
            self._episode.add(action, step.reward, step.terminal, step.observation)
            self.steps += 1
            if step.over:                               # only whole episodes have a return to learn from
                self._finish()
                self._begin()
        self._log.add(self._agent.exploration(self.steps))

    def ready(self):
        """True once at least one whole episode, and `warmup` steps of whole episodes, have been stored."""
        return self._sampler.num_added >= max(self._args.warmup, 1)

    def state_dict(self):
        """The progress of learning, and the unfinished episode; the environment saves its own state."""
        state = super().state_dict()
        if self._observation is not None:
            state |= {'observation': self._observation, 'episode': self._episode.state_dict()}
        return state

    def load_state_dict(self, state):
        """Resumes from `state_dict`."""
        super().load_state_dict(state)
        if 'observation' in state:
            self._observation = state['observation']
            self._episode.load_state_dict(state['episode'])

    def _begin(self):
        self._observation = self._env.reset()
        self._episode.begin(self._observation)

    def _finish(self):
        episode = self._episode.finish()
        self._sampler.append(episode)
        self.episodes += 1
        self._log.add({'train/return_mean': episode.total_reward, 'train/length_mean': episode.length})
        if self._score is not None:
            self._log.add({'train/score_mean': self._score()})
