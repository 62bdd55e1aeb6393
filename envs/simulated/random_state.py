"""The random generators of a Gymnasium environment and its wrappers, read and restored."""
import numpy as np

from envs.simulated.checked import layers_of


def read_generators(raw):
    """{place: state} of every numpy generator that is an attribute of `raw` or of what it wraps."""
    return {place: _read(generator) for place, generator in _generators(raw).items()}


def restore_generators(raw, states):
    """Restores `read_generators`.

    Raises:
        ValueError: there is no generator in one of the places, or one of another kind.
    """
    generators = _generators(raw)
    for place, state in states.items():
        if place not in generators:
            raise ValueError(f'no generator {place.split("/")[-1]}')
        if isinstance(generators[place], np.random.RandomState):
            generators[place].set_state(state)
        else:
            generators[place].bit_generator.state = state


def _generators(raw):
    """{place: generator}; a place counts layers from the inside, so that a wrapper that films shifts none."""
    found = {'0/_np_random': raw.unwrapped.np_random}       # Gymnasium creates it when it is first read
    for depth, layer in enumerate(reversed(layers_of(raw))):
        found |= {f'{depth}/{name}': value for name, value in vars(layer).items()
                  if isinstance(value, np.random.Generator | np.random.RandomState)}
    return found


def _read(generator):
    if isinstance(generator, np.random.RandomState):
        return generator.get_state(legacy=False)
    return generator.bit_generator.state
