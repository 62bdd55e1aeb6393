"""Agents for the tests of their parts."""
import numpy as np

from algorithm.agent import Agent
from algorithm.basis_alg.ddpg import DDPG
from algorithm.basis_alg.sac import SAC
from algorithm.basis_alg.td3 import TD3
from algorithm.reward_model import RewardModel
from tests.fakes import SPEC

BASES = {'sac': SAC, 'td3': TD3, 'ddpg': DDPG}


def make_agent(args, seed=0):
    """The agent that `args` ask for, on `SPEC`."""
    basis = BASES[args.alg if args.alg in BASES else args.basis_alg]
    reward_model = RewardModel if args.alg == 'rrd' else None
    return Agent(SPEC, args, basis, reward_model, np.random.default_rng(seed), (1, 1))


def make_reward_agent(args, seed=0, spec=SPEC):
    """A reward model without a policy."""
    return Agent(spec, args, None, RewardModel, np.random.default_rng(seed), (1, 1))


def weights(agent):
    """{name: array} of all variables."""
    return dict(zip([variable.op.name for variable in agent.variables()],
                    agent.session.run(agent.variables()), strict=True))


def moved(before, after):
    """Names of the variables that differ, slots of the optimisers apart."""
    return {name for name in before if 'Adam' not in name and '_power' not in name
            and (before[name] != after[name]).any()}
