"""Agents for the tests of their parts."""
import functools

import numpy as np

from algorithm.agent import Agent
from algorithm.basis_alg.ddpg import DDPG
from algorithm.basis_alg.dqn import DQN
from algorithm.basis_alg.sac import SAC
from algorithm.basis_alg.td3 import TD3
from algorithm.recorded_network import recorded_reward
from algorithm.reward_model import RewardModel
from tests.fakes import SPEC

BASES = {'sac': SAC, 'td3': TD3, 'ddpg': DDPG}      # of continuous actions
ALL_BASES = BASES | {'dqn': DQN}


def make_agent(args, seed=0, spec=SPEC):
    """The agent that `args` specify."""
    basis = ALL_BASES[args.alg if args.alg in ALL_BASES else args.basis_alg]
    reward_model = RewardModel if args.alg == 'rrd' else None
    return Agent(spec, args, basis, reward_model, np.random.default_rng(seed), (1, 1))


def make_reward_agent(args, seed=0, spec=SPEC):
    """A reward model without a policy; with the network of recorded episodes if the spec has tasks."""
    model = functools.partial(RewardModel, network=recorded_reward) if spec.tasks else RewardModel
    return Agent(spec, args, None, model, np.random.default_rng(seed), (1, 1))


def weights(agent):
    """{name: array} of all variables."""
    return dict(zip([variable.op.name for variable in agent.variables()],
                    agent.session.run(agent.variables()), strict=True))


def moved(before, after):
    """Names of the variables that differ, slots of the optimisers apart."""
    return {name for name in before if not is_slot(name) and (before[name] != after[name]).any()}


def is_slot(name):
    """Whether a variable is an optimiser's own."""
    return 'Adam' in name or 'RMSProp' in name or '_power' in name
