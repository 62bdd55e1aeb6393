"""Learners and tester: the order and number of steps, updates and target moves, around stand-ins.

Calls of the stand-ins are written down in the recording's format. Calls without a counterpart in ours are
left out: observations that are read again, and calls of the original's logger.
"""
import ast
import itertools
import re

import numpy as np
from gymnasium.spaces import Discrete

from common import parse_args
from envs.simulated.atari import AtariEnvironment
from envs.simulated.clipped import ClippedReward
from envs.simulated.episodic import EpisodicReward
from envs.simulated.vectors import VectorEnvironment
from learner.online import OnlineLearner
from tester.online import OnlineTester
from tests.golden.agent_replay import BASES
from tests.golden.case import Case, Result
from tests.golden.stubs import NUM_ACTIONS, RawEnv, halves, symmetric_box
from tests.golden.traces import (
    EPSILON,
    Trace,
    TracedAgent,
    TracedEnvironment,
    TracedSampler,
    TracedTestAgent,
    odd_step_rewards,
)
from utils.flags.flag import Args
from utils.stop_signals import StopSignals

CYCLE, ROLLOUT, SAVED = 'tester.cycle_summary at step ', 'logger.add_dict Rewards=', 'logger.save_npz '
LEFT_OUT = {'learner': ('env.get_obs', 'env.get_frame', 'logger.add_dict'),
            'tester': ('tester.epoch_summary', ROLLOUT, SAVED)}


def run(path):
    """A result per run of the file; without an implementation where it is unknown."""
    names = dict.fromkeys(key.split('/')[0] for key in Case(path).keys())
    return [_result(path, name) for name in names]


def _result(path, name):
    full_name = f'{path.stem}/{name}'
    if name.split('_')[0] not in ('mujoco', 'atari', 'tester'):
        return Result(full_name, None)
    case = Case(path)
    if name == 'tester':
        compare_tester(case, *play_tester(case))
    else:
        compare_lines(case, f'{name}/events', play_learner(case, name), LEFT_OUT['learner'])
    return Result(full_name, case, tuple(key for key in case.unused if key.startswith(f'{name}/')))


def compare_lines(case, key, ours, left_out):
    """Compares our lines with the recorded lines that begin with none of `left_out`."""
    recorded = [line for line in case[key].tolist() if not line.startswith(left_out)]
    for i, (our_line, line) in enumerate(itertools.zip_longest(ours, recorded, fillvalue='')):
        both, place = (our_line, line), f'{key}[{i}]'
        if all(text.startswith(EPSILON) for text in both):
            ours_epsilon, epsilon = (float(text.removeprefix(EPSILON)) for text in both)
            case.close(place, ours_epsilon, 1e-6, epsilon)
        else:
            case.equal(place, *both)


def play_learner(case, name):
    """Lines of a run of our learner and of our agent's schedule."""
    config = case.config(f'{name}/config_json')
    basis, trace = _basis(name, config), Trace()
    of_env = {} if basis != 'dqn' else {'env': 'Assault', 'env_type': config['env_type']}
    flags = parse_args([f'--{flag}={value}' for flag, value in {'alg': basis, **of_env}.items()])
    args = Args({**flags, **config, 'obs_normalization': True, 'batch_size': 1})
    env = _environment(args, trace.lines)
    agent = TracedAgent(env.spec, args, BASES[basis], trace.lines)
    sampler = TracedSampler(env.spec, trace.lines)
    learner = OnlineLearner(args, env, agent, sampler, trace, trace, StopSignals())
    for call in range(config['learn_calls']):
        trace.lines.append(f'learner.learn call {call + 1}')
        learner.learn(call + 1)
        trace.lines.append(f'counters: episodes={learner.episodes} steps={learner.steps} '
                           f'updates={learner.updates} pending={learner.steps - sampler.num_added}')
    return trace.lines


def _basis(name, config):
    if config['env_category'] == 'atari':
        return 'dqn'
    return 'td3' if 'pi_delay_freq' in config else 'sac' if 'sac' in name else 'ddpg'


def _environment(args, lines):
    """An environment of episodes of known lengths, whose calls are written down."""
    if args.env_category != 'atari':
        raw = RawEnv(args.episode_lengths, symmetric_box([1.0]), odd_step_rewards)
        return TracedEnvironment(VectorEnvironment(raw, args.test_timesteps, seed=0), lines)
    first = args.frames         # the steps that fill the first stack are not counted
    raw = RawEnv([first + length for length in args.episode_lengths], Discrete(NUM_ACTIONS),
                 lambda episode, t: odd_step_rewards(episode, t - first),
                 lambda episode, t: halves(episode, t - first))
    env = TracedEnvironment(AtariEnvironment(raw, 0, first, args.test_timesteps, seed=0), lines)
    return ClippedReward(env, args.rews_scale) if 'rews_scale' in args else env


def play_tester(case):
    """(`Trace` of our tester, resets of its environment)."""
    config = case.config('tester/config_json')
    args, trace = Args(config), Trace()
    raw = RawEnv(config['raw_episode_lengths'], symmetric_box([0.4] * 3))
    env = VectorEnvironment(raw, args.test_timesteps, seed=0)
    env = EpisodicReward(env) if args.env_type == 'ep_rews' else env
    env.reset()                         # the original's constructor does
    agent = TracedTestAgent(env.spec, trace.lines)
    tester = OnlineTester(args, env, agent, trace, trace, StopSignals(), None)
    for line in case['tester/events'].tolist():
        if line.startswith(CYCLE):
            trace.lines.append(line)
            tester.cycle_summary(int(line.removeprefix(CYCLE)))
    return trace, raw.episode + 1


def compare_tester(case, trace, resets):
    """Compares roll-outs line by line; their returns, lengths and record with what the original logged."""
    compare_lines(case, 'tester/events', trace.lines, LEFT_OUT['tester'])
    recorded = case['tester/events'].tolist()
    rollouts = [re.findall(r'=(\S+)', line) for line in recorded if line.startswith(ROLLOUT)]
    returns, lengths = np.array(rollouts, float).reshape(len(trace.tests), -1, 2).transpose(2, 0, 1)
    _close(case, 'tester/events (returns)', [test for _, test in trace.tests], returns)
    for key, values in (('return', returns), ('length', lengths)):
        ours = [summary[f'test/{key}_mean'] for summary in trace.summaries]
        _close(case, f'tester/events ({key} of a cycle)', ours, values.mean(axis=1))

    rows = [(steps, np.mean(test)) for steps, test in trace.tests]
    tables = [ast.literal_eval(line.split('rows=')[1]) for line in recorded if line.startswith(SAVED)]
    for table in tables + [case[key] for key in case.keys('tester/record')]:
        _close(case, 'tester/record', rows, table)
    case.equal('tester/raw_resets', resets)


def _close(case, key, ours, recorded):
    case.close(key, ours, 1e-5 * np.abs(recorded), recorded)            # six digits were written
