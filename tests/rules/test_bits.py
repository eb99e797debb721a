"""Designs as bit strings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from race_sim.rules.bits import bit, distance, module_mask

words = st.integers(0, 2**64 - 1)
modules = st.integers(1, 16).flatmap(lambda bits: st.tuples(st.integers(0, min(8, 64 // bits) - 1), st.just(bits)))


@pytest.mark.parametrize("locus", [0, 1, 31, 32, 63])
def test_a_locus_is_one_bit(locus: int) -> None:
    assert int(bit(locus)) == 2**locus


@given(modules)
def test_a_module_is_its_own_stretch_of_the_word(module_of_bits: tuple[int, int]) -> None:
    module, bits = module_of_bits
    assert int(module_mask(module, bits)) == sum(2 ** (module * bits + place) for place in range(bits))


@given(words, words, modules)
def test_distance_counts_differing_bits_of_the_module_only(
    design: int, pattern: int, module_of_bits: tuple[int, int]
) -> None:
    module, bits = module_of_bits
    mine, theirs = (f"{word:064b}"[::-1][module * bits : (module + 1) * bits] for word in (design, pattern))
    expected = sum(one != other for one, other in zip(mine, theirs, strict=True))
    assert distance(np.uint64(design), np.uint64(pattern), module_mask(module, bits)) == expected
