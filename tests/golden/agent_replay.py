"""Plays the recorded updates and actions of an agent through `Agent`."""
from collections import defaultdict

import numpy as np

from algorithm.agent import Agent
from algorithm.basis_alg.ddpg import DDPG
from algorithm.basis_alg.dqn import DQN
from algorithm.basis_alg.sac import SAC
from algorithm.basis_alg.td3 import TD3
from algorithm.reward_model import RewardModel
from tests.golden import agent_actions
from tests.golden.agent_inputs import RecordedBatches, RecordedNoise, batch, noise
from tests.golden.agent_names import INFO, TENSORS, our_variable
from tests.golden.digest import digest, initial_value
from utils.flags.flag import Args
from utils.types import Batch, Field, Spec, Transitions, leaves

BASES = {'sac': SAC, 'td3': TD3, 'ddpg': DDPG, 'dqn': DQN}


class WatchedAgent(Agent):
    """An agent that passes each group with its feeds to `watch`, and then the reported values."""

    watch = None

    def run_group(self, index, move, feeds):
        """As `Agent.run_group`, between the two halves of `watch`."""
        report = self.watch(index, move, feeds)
        values = super().run_group(index, move, feeds)
        report(values)
        return values


class Replay:
    """An agent that can be reset and fed with one recording after the other.

    Args:
        args: the options of the recordings, `config_json['args']`.
    """

    def __init__(self, args):
        self.args, self.basis = Args(args), args.get('basis_alg', args['alg'])
        self.phases = ('train_q', 'train_pi') if self.basis == 'td3' else ('train',)
        self.noise, self.batches = RecordedNoise(), RecordedBatches()
        spec, model = _spec(args, self.basis), RewardModel if args['alg'] == 'rrd' else None
        self.agent = WatchedAgent(spec, self.args, BASES[self.basis], model, self.noise, (1, 1))
        self.agent.watch = self._watch
        self.run = self.agent.session.run
        self.by_name = {v.op.name: v for v in self.agent.variables()}
        self.fresh = self.run(self.by_name)
        self.tensors = self.agent.basis.tensors | self.agent.groups[0].info
        if model:
            self.tensors |= {f'reward/{key}': value for key, value in self.agent.reward_model.tensors.items()}

    def play(self, case):
        """All updates in order (the recordings' README, section 1.3).

        Returns:
            {key of the recording: our value}.
        """
        self.case, self.ours = case, defaultdict(list)
        self.variables = {str(name): self.by_name[our_variable(str(name))] for name in case['var_names']}
        initial = values = self._start()
        for self.t in range(1, case.config()['n_updates'] + 1):
            self._update_normalizer()
            if self.t == 1:
                self.ours |= agent_actions.of_weights(self, 'before')
            self.gradients = {}
            self._queue()
            self.agent.train(self.batches)
            self._keep_gradients()
            values = self._keep_weights()
        self.ours |= agent_actions.of_weights(self, 'after')
        self.ours |= agent_actions.at_random(self)
        self._keep_clipped_noise()
        for when, weights in (('init', initial), ('final', values)):
            for key in case.keys(f'{when}_full/'):
                self.ours[key] = weights[key.removeprefix(f'{when}_full/')]
        schedules = [key for key in case.keys() if key.endswith('/at_update') and not key.startswith('norm/')]
        return {key: np.array(self.ours[key]) for key in [*self.ours, *schedules]}

    def _start(self):
        """Resets everything and loads the recorded initial values; returns the values of the variables."""
        self.agent.num_updates = 0
        self.noise.queue.clear()
        self.batches.queue.clear()
        values = dict(self.fresh)
        seed, shapes = int(self.case['init_seed']), self.case.config()['var_shapes']
        for name, shape in zip(self.variables, shapes, strict=True):
            key = f'init/{name}'
            values[our_variable(name)] = (
                self.case[key] if key in self.case else initial_value(name, shape, seed))
        initializers = {self.by_name[name].initializer: value for name, value in values.items()}
        self.run(list(initializers), {op.inputs[1]: value for op, value in initializers.items()})
        return self._keep_weights()

    def _keep_weights(self):
        """Keeps a digest of every variable; returns their values."""
        values = self.run(self.variables)
        for name, value in values.items():
            self._keep_digest(f'digest/{name}', *digest(name, value))
        return values

    def _keep_gradients(self):
        """Keeps a digest of every gradient of this update; NaN where a variable was not trained in it."""
        for name in self.variables:
            key = f'grad/{name}'
            if our_variable(name) in self.gradients:
                self._keep_digest(key, *digest(name, self.gradients[our_variable(name)]))
            elif f'{key}/sample' in self.case:
                self._keep_digest(key, *(np.full(self.case[f'{key}/{part}'].shape[1], np.nan)
                                         for part in ('sample', 'stats')))

    def _keep_digest(self, key, sample, stats):
        self.ours[f'{key}/sample'].append(sample)
        self.ours[f'{key}/stats'].append(stats)

    def _at(self, key):
        """Place of this update among those recorded under `key`, or None."""
        updates = self.case[key].tolist() if key in self.case else []
        return updates.index(self.t) if self.t in updates else None

    def _update_normalizer(self):
        j = self._at('norm/at_update')
        if j is None:
            return
        now, after = ({'state': self.case[f'norm/batch/{key}'][j]} for key in ('obs', 'obs_next'))
        self.batches.queue.append(Batch(Transitions(now, None, None, after, None), None))
        self.agent.update_normalizer(self.batches)
        moments = self.agent.preprocess.moments['state']
        ours = {'sum': moments.sum, 'sum_sqr': moments.sum_squares, 'cnt': moments.count,
                'mean': moments.mean, 'std': moments.std}
        for key, value in self.run(ours).items():
            self.ours[f'norm/after/{key}'].append(value)

    def _queue(self):
        """Lays out the batches and the noise of every phase of this update."""
        for phase in self.phases:
            i = self._at(f'{phase}/at_update')
            if i is not None:
                self.batches.queue.append(batch(self.case, phase, i))
                if self.agent.groups[self.phases.index(phase)].noise is not None:
                    self.noise.queue.append(noise(self.case, phase, i))

    def _watch(self, index, move, feeds):
        """Keeps tensors and gradients of a group before it runs; returns a function that keeps its report."""
        phase, group = self.phases[index], self.agent.groups[index]
        for schedule in (phase, 'target_update') if move else (phase,):
            self.ours[f'{schedule}/at_update'].append(self.t)
        names = self._known(f'{phase}/tensor/', TENSORS[self.basis])
        tensors = {key: self.tensors[name] for key, name in names}
        gradients = {v.op.name: g for update in group.updates
                     for v, g in zip(update.variables, update.gradients, strict=True)}
        noise_input = [] if group.noise is None else [group.noise]
        feed = dict(zip(leaves(group.inputs) + noise_input, feeds, strict=True))
        tensors, gradients = self.run([tensors, gradients], feed)
        self.gradients |= gradients
        if f'{phase}/tensor/q_next' in self.case:
            tensors |= agent_actions.of_next_values(self, phase, feed)
        for key, value in tensors.items():
            value, = value.values() if isinstance(value, dict) else [value]
            self.ours[key].append(np.reshape(value, self.case[key].shape[1:]))

        def report(values):
            for key, name in self._known(f'{phase}/info/', INFO):
                self.ours[key].append(values[name.format(basis=self.basis)])
        return report

    def _known(self, prefix, names):
        """[(recorded key, our name)] of the keys that we have a name for, but for a quirk of the original."""
        known = [(key, key.removeprefix(prefix)) for key in self.case.keys(prefix)]
        unregularized = 'Q_reg_loss' if vars(self.args).get('q_reg') == 0 else None      # NaN in the original
        return [(key, names[name]) for key, name in known if name in names and name != unregularized]

    def _keep_clipped_noise(self):
        """TD3: its noise on target actions, also where it was drawn for a batch that does not use it."""
        for phase in self.phases:
            if f'{phase}/noise/target_noise' in self.case:
                normals = self.case[f'{phase}/noise/standard_normal']
                self.ours[f'{phase}/noise/target_noise'] = [
                    self.run(self.tensors['smoothing'], {self.agent.groups[0].noise: x}) for x in normals]


def _spec(args, basis):
    """Shapes of the task behind a recording."""
    *shape, last = args['obs_dims']
    observation = {'frame': Field(tuple(shape), np.uint8, last)} if shape else {'state': Field((last,))}
    if basis == 'dqn':
        return Spec(observation, Field((), np.int32), *args['acts_dims'])
    return Spec(observation, Field(tuple(args['acts_dims'])))
