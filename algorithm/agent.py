"""One graph, one session: a basis algorithm, a reward model, or both."""
import numpy as np

from algorithm.preprocess import Preprocess
from algorithm.reward_model import stored_reward
from utils.checkpoints.variable_files import VariableFiles, is_weight
from utils.tf_util import apply_together, make_callable, move_targets, session, tf, tf1, variables
from utils.types import Steps, leaves


class Agent:
    """Owns the graph and the session; the parts only add nodes.

    Args:
        spec: shapes of the task.
        args: flags of the run.
        basis: class of the basis algorithm, or None to train a reward model alone.
        reward_model: class of the reward model, or None to learn from the stored reward.
        rng: source of exploration, of policy noise and of the seed of the initial weights.
        threads: (inter-op, intra-op) threads of the session.

    Attributes:
        groups: the `Group`s that `train` runs, in order.
        info_names: every name that `train` reports.
        diagnostic_names: every name that `act_with_diagnostics` reports.
    """

    def __init__(self, spec, args, basis, reward_model, rng, threads):
        if basis is None and reward_model is None:
            raise ValueError('an agent needs a basis algorithm, a reward model, or both')
        self._rng, self._num_actions, self.num_updates = rng, spec.num_actions, 0
        self.graph = tf.Graph()
        with self.graph.as_default():
            tf1.set_random_seed(int(rng.integers(2**31)))
            self.preprocess = Preprocess(spec, args)
            self.reward_model = reward_model and reward_model(spec, args, self.preprocess)
            self.basis = basis and basis(spec, args, self.preprocess, self.reward_model.fixed_reward
                                         if reward_model else stored_reward)
            self.groups = self._join_groups()
            self.info_names = [name for group in self.groups for name in group.info]
            self.diagnostic_names = list(self.basis.acting.info) if basis else []
            self._target_period = args.train_target if basis else 0
            train_ops = [self._train_ops(group) for group in self.groups]
            start = self._start()
            self._files = VariableFiles(self.variables())
            self._weight_files = VariableFiles([each for each in self.variables() if is_weight(each.op.name)])
            self._reward_files = reward_model and VariableFiles(self._reward_variables())
        self.graph.finalize()
        self.session = session(self.graph, *threads)
        self.session.run(start[0])
        self.session.run(start[1])
        self._make_callables(train_ops)

    def _join_groups(self):
        """The reward model's update joins the first group of the basis algorithm, or stands alone.

        One that is due less often comes first, so that the targets still move after the last group.
        """
        if self.reward_model is None:
            return list(self.basis.groups)
        model = self.reward_model.group
        if self.basis is None:
            return [model]
        if model.period > 1:
            return [model, *self.basis.groups]
        first, *others = self.basis.groups
        joined = first._replace(updates=first.updates + model.updates, info=first.info | model.info,
                                inputs=first.inputs._replace(subsequences=model.inputs.subsequences))
        return [joined, *others]

    def _train_ops(self, group):
        """The ops of one update of `group`: without and with an update of the targets after it."""
        train = apply_together(group)
        if self.basis is None:
            return train, train
        with tf.control_dependencies([train]):
            return train, move_targets(self.basis.target_pairs, self.basis.target_polyak)

    def _start(self):
        """Two ops, to run in this order: initial weights; targets and averages copied from these."""
        followed = self.basis.target_pairs if self.basis else []
        if self.reward_model:
            followed = followed + self.reward_model.average_pairs
        copies = [follower.assign(main) for main, follower in followed]
        return tf1.global_variables_initializer(), tf.group(*copies)

    def _make_callables(self, train_ops):
        self._train, self._no_noise = [], None
        for group, ops in zip(self.groups, train_ops, strict=True):
            feeds = leaves(group.inputs) + ([] if group.noise is None else [group.noise])
            self._train.append([make_callable(self.session, group.info.values(), feeds, [op]) for op in ops])
        if self.basis:
            acting = self.basis.acting
            feeds = [*acting.observation.values(), *([] if acting.noise is None else [acting.noise])]
            self._act, self._act_with_diagnostics = (
                make_callable(self.session, fetches, feeds, caller_thread=True)
                for fetches in ([acting.action], [acting.action, *acting.info.values()]))
            if acting.noise is not None:
                self._no_noise = np.zeros((1, acting.noise.shape[1]), np.float32)
        if self.reward_model:
            steps, rewards = self.reward_model.prediction
            self._predict_rewards = make_callable(self.session, [rewards], leaves(steps))
        if self.preprocess.update is not None:
            feeds = leaves(self.preprocess.inputs)
            self._update_normalizer = make_callable(self.session, [], feeds, [self.preprocess.update])

    def train(self, sampler):
        """Updates every group that is due, each on a new batch, and the targets when they are due.

        Args:
            sampler: has `sample(transitions, subsequences)` -> `Batch`.

        Returns:
            {name: value} of the groups that ran, computed with the weights before their update.
        """
        self.num_updates += 1
        due = [i for i, group in enumerate(self.groups) if self.num_updates % group.period == 0]
        move = self._target_period > 0 and self.num_updates % self._target_period == 0
        values = {}
        for i in due:
            group = self.groups[i]
            feeds = leaves(sampler.sample(*(part is not None for part in group.inputs)))
            if group.noise is not None:
                feeds.append(self._rng.standard_normal(group.noise.shape, np.float32))
            values |= self.run_group(i, move and i == due[-1], feeds)
        return values

    def run_group(self, index, move, feeds):
        """Runs one group, and updates the targets after it if `move`; {name: value} of its `info`."""
        values = self._train[index][move](*feeds)
        return dict(zip(self.groups[index].info, map(float, values), strict=True))

    def update_normalizer(self, sampler):
        """Adds `sampler.normalizer_batch()`, a `Transitions`, to the running statistics, if any."""
        if self.preprocess.update is not None:
            self._update_normalizer(*self.preprocess.feeds(sampler.normalizer_batch()))

    def predict_rewards(self, observation, action, next_observation, context=None):
        """[N] float32 rewards of steps [N, ...]; arguments as the parts of `Steps`."""
        return self._predict_rewards(*leaves(Steps(observation, action, next_observation, context)))[0]

    def variables(self):
        """All variables of the graph, in the order of creation."""
        return self.graph.get_collection(tf1.GraphKeys.GLOBAL_VARIABLES)

    def _reward_variables(self):
        """Weights of the reward model and their averages, with the statistics that normalise its inputs."""
        averages = [average for _, average in self.reward_model.average_pairs]
        return [*self.reward_model.weights, *averages, *variables(self.preprocess.scope)]

    def save_variables(self, prefix):
        """Writes all variables, slots of the optimisers included; errors as of `VariableFiles`."""
        self._files.save(self.session, prefix)

    def restore_variables(self, prefix):
        """Reads what `save_variables` wrote; errors as of `VariableFiles`."""
        self._files.restore(self.session, prefix)

    def restore_weights(self, prefix):
        """As `restore_variables`, without the slots of the optimisers: to act and predict, not to learn."""
        self._weight_files.restore(self.session, prefix)

    def restore_reward(self, prefix):
        """Reads only the weights and the normaliser of a reward model of the same shapes, of any agent."""
        self._reward_files.restore(self.session, prefix)

    def state_dict(self):
        """The state that is not a variable of the graph."""
        return {'num_updates': self.num_updates}

    def load_state_dict(self, state):
        """Resumes from `state_dict`."""
        self.num_updates = state['num_updates']

    def exploration(self, step):
        """{name: value} of the amount of exploration after `step` steps; {} where it is constant."""
        return {} if self.basis.epsilon is None else {'dqn/epsilon': self.basis.epsilon(step)}

    def act(self, observation, explore, step=0, ready=True):
        """An action, [A] or a number, for one observation.

        Args:
            observation: {key: [...]}.
            explore: add noise; with discrete actions, choose a random one with probability epsilon.
            step: environment steps so far.
            ready: False before learning begins, when every discrete action is random.
        """
        if explore and self.basis.epsilon is not None:
            if not ready or self._rng.random() <= self.basis.epsilon(step):
                return np.int32(self._rng.integers(self._num_actions))
        return self._act(*self._act_feeds(observation, explore))[0][0]

    def act_with_diagnostics(self, observation, explore=False):
        """An action, [A] or a number, and {name: value} of diagnostics of the networks."""
        action, *info = self._act_with_diagnostics(*self._act_feeds(observation, explore))
        return action[0], {name: value[0] for name, value in zip(self.diagnostic_names, info, strict=True)}

    def _act_feeds(self, observation, explore):
        feeds = [x[None] for x in observation.values()]
        if self._no_noise is not None:
            feeds.append(self._rng.standard_normal(self._no_noise.shape, np.float32) if explore
                         else self._no_noise)
        return feeds
