"""Philox 4x32-10, a counter-based generator: random bits as a pure function of a key and a counter.

Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC11; constants and known
answers from the authors' Random123 library. Words are 32-bit numbers held in 64-bit unsigned integers, so
that no product or sum overflows.
"""

from __future__ import annotations

import numpy as np

from race_sim.rules.compiler import rule

Word = np.uint64

ROUNDS = 10
MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
WORD_MASK = np.uint64(0xFFFFFFFF)
WORD_BITS = np.uint64(32)


@rule("UniTuple(u8, 2)(u8, u8)")
def next_round_key(key_0: Word, key_1: Word) -> tuple[Word, Word]:
    """Return the two key words of the next round: each advanced by its Weyl constant, modulo 2^32."""
    return (np.uint64(key_0) + WEYL_0) & WORD_MASK, (np.uint64(key_1) + WEYL_1) & WORD_MASK


@rule("UniTuple(u8, 4)(u8, u8, u8, u8, u8, u8)")
def philox(
    counter_0: Word, counter_1: Word, counter_2: Word, counter_3: Word, key_0: Word, key_1: Word
) -> tuple[Word, Word, Word, Word]:
    """Return the four random words of a counter of four words under a key of two words, all in [0, 2^32)."""
    word_0 = np.uint64(counter_0)
    word_1 = np.uint64(counter_1)
    word_2 = np.uint64(counter_2)
    word_3 = np.uint64(counter_3)
    round_key_0 = np.uint64(key_0)
    round_key_1 = np.uint64(key_1)
    for _ in range(ROUNDS):
        product_0 = MULTIPLIER_0 * word_0
        product_1 = MULTIPLIER_1 * word_2
        word_0 = (product_1 >> WORD_BITS) ^ word_1 ^ round_key_0
        word_1 = product_1 & WORD_MASK
        word_2 = (product_0 >> WORD_BITS) ^ word_3 ^ round_key_1
        word_3 = product_0 & WORD_MASK
        round_key_0, round_key_1 = next_round_key(round_key_0, round_key_1)
    return word_0, word_1, word_2, word_3


@rule("UniTuple(u8, 4)(u8, i8, i8, i8, i8)")
def random_words(seed: int, week: int, agent: int, purpose: int, index: int) -> tuple[Word, Word, Word, Word]:
    """Return the four random words, each in [0, 2^32), that belong to one decision of one agent in one week.

    The 64-bit `seed` is the key, low word first; `week`, `agent`, `purpose` and `index`, each in [0, 2^32),
    are the counter.
    """
    key = np.uint64(seed)
    return philox(
        np.uint64(week) & WORD_MASK,
        np.uint64(agent) & WORD_MASK,
        np.uint64(purpose) & WORD_MASK,
        np.uint64(index) & WORD_MASK,
        key & WORD_MASK,
        key >> WORD_BITS,
    )
