"""The random number generators of a run."""
import json

import numpy as np
import pytest

from utils.generators import Generators

USES = ('env', 'test', 'store', 'agent')


def draws(generators):
    """Draws of several kinds from each; some leave half a word for the next draw."""
    return [[getattr(generators, use).integers(2**31), getattr(generators, use).normal(),
             getattr(generators, use).integers(9, size=3, dtype=np.uint32).tolist(),
             getattr(generators, use).choice(10, 4, replace=False).tolist()] for use in USES]


@pytest.mark.parametrize('seed', [0, 7, 2**63 - 1])
def test_streams_are_those_of_four_seeds_spawned_from_one(seed):
    generators = Generators(seed)
    for use, spawned in zip(USES, np.random.SeedSequence(seed).spawn(4), strict=True):
        np.testing.assert_array_equal(getattr(generators, use).integers(2**62, size=20),
                                      np.random.default_rng(spawned).integers(2**62, size=20))


def test_the_streams_differ_from_each_other():
    assert len({getattr(Generators(0), use).integers(2**62) for use in USES}) == len(USES)


def test_all_streams_resume_from_a_saved_state():
    one, other = Generators(3), Generators(4)
    draws(one)
    one.agent.integers(9, dtype=np.uint32)      # no two of them have drawn equally often
    one.env.normal(size=5)
    other.load_state_dict(json.loads(json.dumps(one.state_dict())))
    assert [draws(one) for _ in range(3)] == [draws(other) for _ in range(3)]


def test_a_generator_that_was_handed_out_is_restored_too():
    one, other = Generators(3), Generators(4)
    handed_out = other.store
    one.store.normal(size=5)
    other.load_state_dict(one.state_dict())
    assert handed_out.normal() == one.store.normal()


def test_a_state_does_not_change_with_later_draws():
    generators = Generators(3)
    state = generators.state_dict()
    first = draws(generators)
    generators.load_state_dict(state)
    assert draws(generators) == first
