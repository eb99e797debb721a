"""Philox 4x32-10 against the known answers published with Random123 (`kat_vectors`)."""

import numpy as np
import pytest

from race_sim.rules.philox import WEYL_0, WEYL_1, next_round_key, philox, random_words

ALL_ONES = 0xFFFFFFFF

KNOWN_ANSWERS = [
    pytest.param((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8), id="zeros"),
    pytest.param((ALL_ONES,) * 4, (ALL_ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD), id="ones"),
    pytest.param(
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        id="digits of pi",
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_published_answers(counter, key, answer):
    words = philox(*map(np.uint64, counter + key))
    assert tuple(int(word) for word in words) == answer


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_a_key_of_a_draw_is_the_seed_and_its_counter_the_other_words(counter, key, answer):
    seed = np.uint64(key[0] | (key[1] << 32))
    assert tuple(int(word) for word in random_words(seed, *counter)) == answer


def test_round_keys_advance_by_the_weyl_constants_modulo_32_bits():
    key = (np.uint64(0xA4093822), np.uint64(0x299F31D0))
    for round_number in range(1, 10):
        key = next_round_key(*key)
        assert int(key[0]) == (0xA4093822 + round_number * 0x9E3779B9) % 2**32
        assert int(key[1]) == (0x299F31D0 + round_number * 0xBB67AE85) % 2**32


def test_weyl_constants_are_the_golden_ratio_and_the_root_of_three():
    assert int(WEYL_0) == int((5**0.5 - 1.0) / 2.0 * 2**32)
    assert int(WEYL_1) == int((3**0.5 - 1.0) * 2**32)
