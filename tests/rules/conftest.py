"""Set-up that the tests of the rules share."""

import pytest

from tests.bare_race import BareRace


@pytest.fixture
def race() -> BareRace:
    """Four workshops, a prime and a team, founded and not yet run."""
    return BareRace()
