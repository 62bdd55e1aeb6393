"""A small policy by behaviour cloning, with a weight for each chunk of actions, by scikit-learn."""
import warnings

import numpy as np
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler

CODE = 32       # numbers that a frame becomes
UPDATES, BATCH, HIDDEN = 1500, 200, (128, 128)      # the same number of updates for any number of chunks


def clone(inputs, targets, weights, seed):
    """A function of observations [N, D] to chunks of actions, fitted by the weighted squared error.

    Args:
        inputs: [N, D] observations.
        targets: [N, C] chunks of actions, in [-1, 1].
        weights: [N], 0 or more; chunks of weight 0 are left out.
        seed: of the first weights and of the order of the chunks.
    """
    kept = np.flatnonzero(weights)
    policy = MLPRegressor(hidden_layer_sizes=HIDDEN, batch_size=BATCH, tol=0, random_state=seed,
                          max_iter=round(UPDATES * BATCH / len(kept)), n_iter_no_change=UPDATES)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore', ConvergenceWarning)     # the number of updates is fixed
        policy.fit(inputs[kept], targets[kept], weights[kept] / weights[kept].mean())
    return lambda observations: policy.predict(observations).clip(-1, 1)


def observer(recordings):
    """A function of a `Recording` to the policy's observations [T + 1, D], fitted to training episodes."""
    code = PCA(CODE, whiten=True, random_state=0).fit(np.concatenate([grey(each) for each in recordings]))
    scale = StandardScaler().fit(np.concatenate([each.vectors['proprio'] for each in recordings]))
    return lambda each: np.concatenate([scale.transform(each.vectors['proprio']), code.transform(grey(each)),
                                        np.tile(each.context, (each.length + 1, 1))], 1, dtype=np.float32)


def grey(recording):
    """[T + 1, pixels] float32 grey frames of the fixed camera, 0 to 1."""
    frames = recording.observation(np.arange(recording.length + 1))['agentview']
    return frames.mean(-1, dtype=np.float32).reshape(len(frames), -1) / 255


def pairs(recording, observe, chunk):
    """([N, D], [N, chunk * A]) observations, and the whole chunks of actions that follow them."""
    chunks = np.lib.stride_tricks.sliding_window_view(recording.actions, chunk, axis=0).transpose(0, 2, 1)
    return observe(recording)[:len(chunks)], chunks.reshape(len(chunks), -1)
