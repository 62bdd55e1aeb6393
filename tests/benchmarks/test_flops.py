"""The counted operations are those of the matrix products that TensorFlow's profiler finds in the graphs."""
import numpy as np
import pytest
import tensorflow as tf

from algorithm import create_algorithm, create_store
from benchmarks.flops import update_flops
from common import parse_args
from utils.types import Field, Spec

tf1 = tf.compat.v1


def ant():
    return Spec({'state': Field((111,))}, Field((8,)))


def profiled_flops(graph, tensors):
    """Operations in the products that `tensors` need; the graph also has unused gradients."""
    needed = tf1.graph_util.extract_sub_graph(graph.as_graph_def(), [tensor.op.name for tensor in tensors])
    with tf.Graph().as_default() as pruned:
        tf.import_graph_def(needed, name='')
    builder = tf1.profiler.ProfileOptionBuilder(tf1.profiler.ProfileOptionBuilder.float_operation())
    node = tf1.profiler.profile(pruned, cmd='op', options=builder.with_empty_output().build())
    while node.name != 'MatMul':
        node, = node.children
    return node.float_ops


@pytest.mark.parametrize('learned_reward, basis', [
    (True, 'sac'), *(pytest.param(True, basis, marks=pytest.mark.slow) for basis in ('td3', 'ddpg')),
    (False, 'sac'), (False, 'td3'), (False, 'ddpg')])
def test_update_needs_the_products_of_its_graph(learned_reward, basis):
    spec = Spec({'state': Field((5,))}, Field((3,)))
    words = ['--batch_size=4', '--buffer_size=10', f'--alg={"rrd" if learned_reward else basis}']
    if learned_reward:
        words += [f'--basis_alg={basis}', '--rrd_batch_size=6', '--rrd_sample_size=2']
    args, rng = parse_args(words), np.random.default_rng(0)
    agent, _ = create_algorithm(args, spec, create_store(args, spec, rng), rng, rng)

    profiled = 0
    for group in agent.groups:
        gradients = [gradient for update in group.updates for gradient in update.gradients]
        profiled += profiled_flops(agent.graph, gradients + list(group.info.values())) / group.period

    assert update_flops(args, spec) == profiled


def test_sac_with_a_learned_reward_needs_0_97_gflop_at_the_size_of_ant():
    flops = update_flops(parse_args(['--alg=rrd', '--basis_alg=sac']), ant())

    assert flops == pytest.approx(0.972e9, rel=1e-3)


def test_delayed_policy_updates_of_td3_count_by_their_share():
    every, second, fourth = (update_flops(parse_args(['--alg=td3', f'--pi_delay_freq={period}']), ant())
                             for period in (1, 2, 4))

    assert every - second == 2 * (second - fourth) > 0
