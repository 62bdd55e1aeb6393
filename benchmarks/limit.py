"""The limit of this machine: the rate of one large matrix product in TensorFlow."""
from benchmarks.rounds import Candidate
from benchmarks.worker import Worker
from utils import host

SIZE = 2048


def matrix_product(size, threads):
    """A job: the float32 product of two matrices [size, size], on `threads` cores."""
    from utils.tf_util import session, tf, tf1

    with tf.Graph().as_default() as graph:
        factors = [tf1.get_variable(name, [size, size], use_resource=True) for name in ('left', 'right')]
        product = tf.matmul(*factors).op                    # the op: its result is not copied
        start = tf1.global_variables_initializer()
    running = session(graph, 1, threads)
    running.run(start)
    return running.make_callable(product)


def limit_candidate(closing):
    """The product on all cores, in a process that uses all of them for one operation.

    Args:
        closing: `ExitStack` that ends the process.
    """
    worker = Worker(matrix_product, SIZE, host.cores())
    closing.callback(worker.close)
    return Candidate('machine', f'matrix product {SIZE}^3', worker, calls=3, flops=2 * SIZE ** 3)
