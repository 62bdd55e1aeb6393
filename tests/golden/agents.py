"""Agents: a recorded sequence of updates and actions, played through `Agent`.

Tolerances are those that the recordings' README suggests in its section 1.7.
"""
import types

import numpy as np

from algorithm.agent import Agent
from algorithm.basis_alg.ddpg import DDPG
from algorithm.basis_alg.sac import SAC
from algorithm.basis_alg.td3 import TD3
from algorithm.reward_model import RewardModel
from tests.golden.agent_inputs import RecordedBatches, RecordedNoise, batch, noise
from tests.golden.agent_names import INFO, STEP_INFO, TENSORS, our_variable
from tests.golden.case import Case, Result
from tests.golden.digest import digest, initial_value
from utils.types import Batch, Field, Spec, Transitions, leaves

BASES = {'sac': SAC, 'td3': TD3, 'ddpg': DDPG}


def run(path):
    """One result; without an implementation where the basis algorithm is unknown."""
    case = Case(path)
    args = case.config()['args']
    basis = args.get('basis_alg', args['alg'])
    if basis not in BASES:
        return [Result(case.name, None)]
    Replay(case, types.SimpleNamespace(**args), basis).play()
    return [Result(case.name, case, tuple(case.unused))]


def largest(array):
    """Largest magnitude of an array, NaN (not trained) apart; 0 of nothing."""
    return np.nanmax(np.abs(array), initial=0.0)


class WatchedAgent(Agent):
    """An agent that shows each group, with what it is about to be fed, and what it reported."""

    watch = None

    def run_group(self, index, move, feeds):
        """As `Agent.run_group`, between the two halves of `watch`."""
        report = self.watch(index, feeds)
        values = super().run_group(index, move, feeds)
        report(values)
        return values


class Replay:
    """The same weights, batches and noise through an `Agent`, compared at every step."""

    def __init__(self, case, args, basis):
        self.case, self.args, self.basis = case, args, basis
        self.phases = ('train_q', 'train_pi') if basis == 'td3' else ('train',)
        self.noise, self.batches = RecordedNoise(), RecordedBatches()
        spec = Spec({'state': Field(tuple(args.obs_dims))}, Field(tuple(args.acts_dims)))
        model = RewardModel if args.alg == 'rrd' else None
        self.agent = WatchedAgent(spec, args, BASES[basis], model, self.noise, (1, 1))
        self.agent.watch = self._watch
        self.run = self.agent.session.run
        by_name = {v.op.name: v for v in self.agent.variables()}
        self.variables = {str(name): by_name[our_variable(str(name))] for name in case['var_names']}
        self.tensors = self.agent.basis.tensors | self.agent.groups[0].info
        if model:
            self.tensors |= {f'reward/{key}': value for key, value in self.agent.reward_model.tensors.items()}

    def play(self):
        """All updates in order (the recordings' README, section 1.3)."""
        self._load_initial_values()
        initial, moved, self.ran = self._compare_weights(0), [], {phase: [] for phase in self.phases}
        previous = initial
        for self.t in range(1, self.case.config()['n_updates'] + 1):
            self._update_normalizer()
            if self.t == 1:
                self._compare_actions('before')
            self.gradients = {}
            self._queue()
            self.agent.train(self.batches)
            self._compare_gradients()
            present = self._compare_weights(self.t)
            if any(np.any(previous[name] != present[name]) for name in present if name.startswith('target/')):
                moved.append(self.t)
            previous = present
        self._compare_actions('after')
        self.case.equal('target_update/at_update', moved)
        for phase, updates in self.ran.items():
            self.case.equal(f'{phase}/at_update', updates)
        for key in self.case.keys('final_full/'):
            name = key.removeprefix('final_full/')
            movement = largest(self.case[key] - initial[name])
            # of all elements, a few have a gradient so small that Adam makes a step of its rounding
            self.case.close(key, previous[name], 3e-7 + 1e-2 * movement)

    def _load_initial_values(self):
        seed, shapes = int(self.case['init_seed']), self.case.config()['var_shapes']
        for (name, variable), shape in zip(self.variables.items(), shapes, strict=True):
            key = f'init/{name}'
            value = self.case[key] if key in self.case else initial_value(name, shape, seed)
            self.run(variable.initializer, {variable.initializer.inputs[1]: value})
            if f'init_full/{name}' in self.case:
                self.case.equal(f'init_full/{name}', self.run(variable))

    def _compare_weights(self, t):
        """Digests of all variables after update `t`; returns their values."""
        values = self.run(self.variables)
        for name, value in values.items():
            sample, stats = digest(name, value)
            samples, all_stats = self.case[f'digest/{name}/sample'], self.case[f'digest/{name}/stats']
            movement = largest(samples[:t + 1] - samples[0])
            self.case.close(f'digest/{name}/sample', sample, 3e-7 * (t > 0) + 1e-3 * movement, samples[t])
            # at the start, exact but for the order of a float64 sum, which differs between machines
            tolerance = (5e-5 if t else 1e-12) * largest(all_stats[t])
            self.case.close(f'digest/{name}/stats', stats, tolerance, all_stats[t])
        return values

    def _at(self, key, t):
        """Place of update `t` among those recorded under `key`, or None."""
        updates = self.case[key].tolist() if key in self.case else []
        return updates.index(t) if t in updates else None

    def _update_normalizer(self):
        j = self._at('norm/at_update', self.t)
        if j is None:
            return
        now, after = ({'state': self.case[f'norm/batch/{key}'][j]} for key in ('obs', 'obs_next'))
        self.batches.queue.append(Batch(Transitions(now, None, None, after, None), None))
        self.agent.update_normalizer(self.batches)
        moments = self.agent.preprocess.moments['state']
        ours = {'sum': moments.sum, 'sum_sqr': moments.sum_squares, 'cnt': moments.count, 'mean': moments.mean,
                'std': moments.std}
        for key, value in self.run(ours).items():
            recorded = self.case[f'norm/after/{key}'][j]
            self.case.close(f'norm/after/{key}', value, 1e-5 * np.abs(recorded), recorded)

    def _queue(self):
        """Lays out the batches and the noise of every phase of this update."""
        for phase in self.phases:
            i = self._at(f'{phase}/at_update', self.t)
            if i is not None:
                self.batches.queue.append(batch(self.case, phase, i))
                if self.agent.groups[self.phases.index(phase)].noise is not None:
                    self.noise.queue.append(noise(self.case, phase, i))

    def _watch(self, index, feeds):
        """Compares tensors before a group runs; returns what compares its report."""
        phase, group = self.phases[index], self.agent.groups[index]
        i = len(self.ran[phase])
        self.ran[phase].append(self.t)
        names = {key: TENSORS[self.basis][key.split('/')[-1]] for key in self.case.keys(f'{phase}/tensor/')}
        if phase == 'train_q':
            names['train_q/noise/target_noise'] = 'smoothing'
        tensors = {key: self.tensors[name] for key, name in names.items()}
        gradients = {v.op.name: g for update in group.updates
                     for v, g in zip(update.variables, update.gradients, strict=True)}
        noise_input = [] if group.noise is None else [group.noise]
        feed = dict(zip(leaves(group.inputs) + noise_input, feeds, strict=True))
        tensors, gradients = self.run([tensors, gradients], feed)
        self.gradients |= gradients
        for key, value in tensors.items():
            value = value['state'] if isinstance(value, dict) else value
            recorded = self.case[key]
            self.case.close(key, np.reshape(value, recorded[i].shape), 2e-4 * largest(recorded), recorded[i])

        def report(values):
            for key in self.case.keys(f'{phase}/info/'):
                recorded = self.case[key][i]
                ours = values[INFO[key.split('/')[-1]].format(basis=self.basis)]
                self.case.close(key, ours, 1e-4 * max(abs(recorded), 0.1), recorded)
        return report

    def _compare_gradients(self):
        """Gradients used in this update; NaN where a variable was not trained in it."""
        for name in self.variables:
            key = f'grad/{name}'
            if f'{key}/sample' not in self.case:
                continue
            samples, stats = self.case[f'{key}/sample'], self.case[f'{key}/stats']
            ours = np.full(samples.shape[1], np.nan), np.full(stats.shape[1], np.nan)
            if our_variable(name) in self.gradients:
                ours = digest(name, self.gradients[our_variable(name)])
            floor = 1e-6 if samples.shape[1] == 1 else 0.0
            row = self.t - 1
            self.case.close(f'{key}/sample', ours[0], floor + 1e-3 * largest(samples), samples[row])
            self.case.close(f'{key}/stats', ours[1], floor + 1e-3 * largest(stats), stats[row])

    def _compare_actions(self, tag):
        """Greedy and exploring actions, and what is reported of them."""
        for mode in ('greedy', 'explore'):
            actions, info = [], []
            for observation, normal in zip(self.case['step/obs'], self.case['step/noise'], strict=True):
                if mode == 'explore':
                    scale = 1.0 if self.basis == 'sac' else max(self.args.std_act, 1e-8)
                    self.noise.queue += [normal / scale] * 2
                action, judgement = self.agent.act_and_judge({'state': observation}, mode == 'explore')
                if not np.array_equal(action, self.agent.act({'state': observation}, mode == 'explore')):
                    raise AssertionError('act and act_and_judge choose different actions')
                actions.append(action)
                info.append(judgement)
            key = f'step/{tag}/{mode}_action'
            self.case.close(key, actions, 2e-4 * largest(self.case[key]))
            for key in self.case.keys(f'step/{tag}/{mode}_info/'):
                recorded = self.case[key]
                ours = np.reshape([judgement[STEP_INFO[key.split('/')[-1]]] for judgement in info], recorded.shape)
                self.case.close(key, ours, 2e-4 * largest(recorded))
