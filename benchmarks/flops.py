"""The floating-point operations of one update, from the shapes of its networks.

Only the matrix products needed for the gradients of the losses count, as a multiplication and an addition
for each term. Forward: every network once for each batch it is applied to. Backward: for each layer the
product for the gradient of its kernel, and that for the gradient of its input, where needed below. Biases,
activations, losses, Adam and the target updates are left out; they add about 1 % at Ant's size.
`tests/benchmarks/test_flops.py` gets the same number from TensorFlow's own profiler, for the part of each
graph that an update runs.
"""


def update_flops(args, spec):
    """Floating-point operations of one update: the mean over TD3's delayed policy updates.

    Args:
        args: flags of the run; reads alg, basis_alg, batch_size, pi_delay_freq, rrd_batch_size.
        spec: shapes of the task.
    """
    observation = sum(field.shape[0] for field in spec.observation.values())
    action = spec.action.shape[0]
    basis = args.alg if args.alg in _BASES else args.basis_alg
    total = args.batch_size * _BASES[basis](observation, action, args)
    if args.alg == 'rrd':
        reward = _layers(2 * observation + action, 256, 256, 1)                 # of (s, a, s - s')
        total += args.batch_size * _forward(reward)
        total += args.rrd_batch_size * (_forward(reward) + _backward(reward))
    return total


def _sac(observation, action, args):
    policy, critic = _layers(observation, 256, 256, 2 * action), _layers(observation + action, 256, 256, 1)
    return (_forward(policy) + _backward(policy)                                # at s
            + _forward(policy)                                                  # at s'
            + 2 * (_forward(critic) + _backward(critic))                        # at (s, a)
            + 2 * (_forward(critic) + _through(critic))                         # at (s, pi(s))
            + 2 * _forward(critic))                                             # targets, at (s', pi(s'))


def _td3(observation, action, args):
    policy, critic = _layers(observation, 256, 256, action), _layers(observation + action, 256, 256, 1)
    critics = (2 * (_forward(critic) + _backward(critic))                       # at (s, a)
               + _forward(policy) + 2 * _forward(critic))                       # targets, at s'
    policy_step = _forward(policy) + _backward(policy) + _forward(critic) + _through(critic)
    return critics + policy_step / args.pi_delay_freq


def _ddpg(observation, action, args):
    policy = _layers(observation, 400, 300, action)
    critic = [(observation, 400), (400 + action, 300), (300, 1)]                # the action enters second
    return (_forward(policy) + _backward(policy)                                # at s
            + _forward(critic) + _backward(critic)                              # at (s, a)
            + _forward(critic) + _through(critic[1:])                           # at (s, pi(s))
            + _forward(policy) + _forward(critic))                              # targets, at s'


_BASES = {'sac': _sac, 'td3': _td3, 'ddpg': _ddpg}


def _layers(*widths):
    """[(inputs, outputs)] of a fully connected network."""
    return list(zip(widths[:-1], widths[1:], strict=True))


def _forward(layers):
    """Operations of one row through `layers`."""
    return sum(2 * inputs * outputs for inputs, outputs in layers)


def _backward(layers):
    """Operations of one row for the gradients of the kernels; the input of the first needs none."""
    return _forward(layers) + _through(layers[1:])


def _through(layers):
    """Operations of one row for the gradient of the input of `layers`, with fixed kernels."""
    return _forward(layers)
