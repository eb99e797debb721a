"""What a command line offers: the library, files that it names, stores, a start."""

from __future__ import annotations

from pathlib import Path

import pytest

from race_sim.errors import InputError
from race_sim.model import RaceModel
from race_sim.page.offer import SHELF, Offer, Shelf, offer_of
from race_sim.scenario import library, load
from race_sim.watch.link import Setup


def mine(folder: Path, name: str = "mine.toml") -> Path:
    file = folder / name
    file.write_text('title = "Mine"\nbase = "baseline"\n\n[teams]\nskill = 0.2\n', encoding="utf-8")
    return file


def test_the_library_is_always_offered_and_the_baseline_watched() -> None:
    offer = offer_of()
    assert list(offer.scenarios) == library()
    assert offer.start.races == (Setup("baseline"),)
    assert Offer() == offer


def test_a_file_is_offered_by_its_name(tmp_path: Path) -> None:
    offer = offer_of([str(mine(tmp_path))])
    assert offer.start.races == (Setup("mine"),)
    assert offer.scenarios["mine"] == load(mine(tmp_path))
    assert str(tmp_path) not in offer.start.query()


def test_a_file_named_like_a_scenario_of_the_library_hides_nothing(tmp_path: Path) -> None:
    offer = offer_of([str(mine(tmp_path, "baseline.toml")), "baseline"])
    assert [race.name for race in offer.start.races] == ["baseline (file)", "baseline"]
    assert offer.scenarios["baseline"] == load("baseline")


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(InputError, match="mine"):
        offer_of([str(mine(tmp_path)), str(mine(tmp_path / "other"))])


def test_two_scenarios_are_raced_side_by_side_and_more_only_offered() -> None:
    offer = offer_of(["no_red", "slow_red", "fast_red"], seed=9, changes={"teams.skill": 0.5})
    assert offer.start.races == tuple(Setup(name, (("teams.skill", 0.5),)) for name in ("no_red", "slow_red"))
    assert offer.start.seed == 9


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"names": ["nowhere"]}, "nowhere"),
        ({"names": ["missing.toml"]}, "missing.toml"),
        ({"seed": -1}, "seed"),
        ({"changes": {"teams.skill": 7}}, "teams.skill"),
        ({"changes": {"teams.skil": 0.5}}, "teams.skill"),
        ({"stores": [Path("no-such-store")]}, "no-such-store"),
        ({"model": "no_such_module:Race"}, "no_such_module"),
    ],
)
def test_what_cannot_be_offered_is_refused(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        offer_of(**wrong)


def test_the_page_finds_what_was_put_on_its_shelf() -> None:
    shelf = Shelf()
    assert shelf.take() == Offer()
    offer = offer_of(["no_red"])
    shelf.put(offer)
    assert shelf.take() is offer
    assert isinstance(SHELF, Shelf)
    assert offer.model is RaceModel
