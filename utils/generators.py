"""The random generators of a run: one for each use, all from one seed."""
import numpy as np


class Generators:
    """`np.random.Generator`s by use, as attributes: `generators.store`.

    Args:
        seed: of all of them.
    """

    def __init__(self, seed):
        self.env, self.test, self.store, self.agent = self._all = [
            np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(4)]

    def state_dict(self):
        """Where each generator is in its stream."""
        return {'states': [generator.bit_generator.state for generator in self._all]}

    def load_state_dict(self, state):
        """Goes on from `state_dict`."""
        for generator, recorded in zip(self._all, state['states'], strict=True):
            generator.bit_generator.state = recorded
