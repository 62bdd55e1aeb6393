"""Agents for the tests of their parts."""
import functools

import numpy as np
import pytest

from algorithm.agent import Agent
from algorithm.basis_alg.ddpg import DDPG
from algorithm.basis_alg.dqn import DQN
from algorithm.basis_alg.sac import SAC
from algorithm.basis_alg.td3 import TD3
from algorithm.diaster_model import DiasterModel
from algorithm.lrr_model import LRRModel
from algorithm.preprocess import Preprocess
from algorithm.recorded_network import recorded_reward
from algorithm.reward_model import RewardModel
from tests.fakes import SPEC
from utils.tf_util import tf, tf1

BASES = {'sac': SAC, 'td3': TD3, 'ddpg': DDPG}      # of continuous actions
ALL_BASES = BASES | {'dqn': DQN}
REWARD_MODELS = {'rrd': RewardModel, 'lrr': LRRModel, 'diaster': DiasterModel}


def make_agent(args, seed=0, spec=SPEC):
    """The agent that `args` specify."""
    basis = ALL_BASES[args.alg if args.alg in ALL_BASES else args.basis_alg]
    return _quick_agent(spec, args, basis, REWARD_MODELS.get(args.alg), seed)


def make_reward_agent(args, seed=0, spec=SPEC):
    """A reward model without a policy; with the network of recorded episodes if the spec has tasks."""
    model = functools.partial(RewardModel, network=recorded_reward) if spec.tasks else REWARD_MODELS[args.alg]
    return _quick_agent(spec, args, None, model, seed)


def _quick_agent(spec, args, basis, reward_model, seed):
    """An agent whose graph TensorFlow does not optimise, which takes longer than the few updates of a test.

    The optimised graph is that of tests/golden and of every test that starts train.py.
    """
    def session(graph, *threads):
        config = tf1.ConfigProto(inter_op_parallelism_threads=threads[0],
                                 intra_op_parallelism_threads=threads[1])
        config.graph_options.rewrite_options.disable_meta_optimizer = True
        return tf1.Session(graph=graph, config=config)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr('algorithm.agent.session', session)
        return Agent(spec, args, basis, reward_model, np.random.default_rng(seed), (1, 1))


def reported_names(args, spec):
    """(names of updates, names of acting) that an agent with a reward model reports; runs nothing."""
    with tf.Graph().as_default():
        preprocess = Preprocess(spec, args)
        model = REWARD_MODELS[args.alg](spec, args, preprocess)
        basis = ALL_BASES[args.basis_alg](spec, args, preprocess, model.fixed_reward)
    return [name for group in (model.group, *basis.groups) for name in group.info], list(basis.acting.info)


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
