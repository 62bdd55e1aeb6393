"""The random number generators of a run: one for each use, all spawned from one seed."""
import numpy as np


class Generators:
    """`np.random.Generator`s as attributes, named by use: `generators.store`.

    Args:
        seed: seed that all of them are spawned from.
    """

    def __init__(self, seed):
        self.env, self.test, self.store, self.agent = self._all = [
            np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(4)]

    def state_dict(self):
        """The state of each generator."""
        return {'states': [generator.bit_generator.state for generator in self._all]}

    def load_state_dict(self, state):
        """Restores the states of `state_dict`."""
        for generator, recorded in zip(self._all, state['states'], strict=True):
            generator.bit_generator.state = recorded
