"""Designs as bit strings: loci, module masks, Hamming distance inside a module."""

import numpy as np

from race_sim.rules.arithmetic import popcount
from race_sim.rules.compiler import rule


@rule("u8(i8)")
def bit(locus):
    """The 64-bit word in which only `locus` is set."""
    return np.uint64(1) << np.uint64(locus)


@rule("u8(i8,i8)")
def module_mask(module, bits):
    """The word in which the `bits` loci of `module` are set (bits <= 16)."""
    return ((np.uint64(1) << np.uint64(bits)) - np.uint64(1)) << np.uint64(module * bits)


@rule("i8(u8,u8,u8)")
def distance(design, pattern, mask):
    """Hamming distance between a design and a pattern inside the masked module."""
    return popcount((design ^ pattern) & mask)
