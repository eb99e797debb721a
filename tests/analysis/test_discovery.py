"""Scenario discovery: a planted box is found, noise gives no rule, and what is told comes from points not used."""

import sys

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from race_sim.analysis.discovery import Discovery, discover, rules_words
from race_sim.analysis.rule_tree import Booleans, Floats, RulePoints, conditions, forecast, leaves, pruned_tree
from race_sim.errors import InputError


def points(count: int, seed: int) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "cycle": chance.choice([2, 3, 4, 6, 8], count),
            "red": chance.uniform(2.0, 20.0, count),
            "kind": chance.choice(["area", "growing", "point"], count),
            "open": chance.random(count) < 0.5,
            "idle": chance.random(count),
        }
    )


def in_box(levels: pd.DataFrame) -> Booleans:
    return ((levels["cycle"] <= 4) & (levels["red"] > 11.5)).to_numpy()


def flipped(outcome: Booleans, share: float, seed: int) -> Booleans:
    return outcome ^ (np.random.default_rng(seed + 1000).random(len(outcome)) < share)


@pytest.mark.parametrize("flips", [0.0, 0.1])
def test_a_planted_box_is_recovered(flips: float) -> None:
    levels = points(800, 1)
    found = discover(levels, flipped(in_box(levels), flips, 1), names={"red": "red answers"})
    best = found.told[0]
    assert best.more is True
    assert [condition.factor for condition in best.conditions] == ["cycle", "red"]
    assert best.words.startswith("cycle at most 4 and red answers more than 1")
    assert best.conditions[1].low == pytest.approx(11.5, abs=0.8)
    assert best.density.value == pytest.approx(1.0 - flips, abs=0.06)
    assert best.density.low <= 1.0 - flips <= best.density.high
    assert (best.holds(levels) == in_box(levels)).mean() > 0.97
    held = 0.3 * (1.0 - flips) / (0.3 * (1.0 - flips) + 0.7 * flips)
    assert best.coverage.value == pytest.approx(held, abs=0.08)
    assert all(rule.more is False for rule in found.told[1:])
    assert set(found.importance) == {"cycle", "red"}
    assert sum(found.importance.values()) == pytest.approx(1.0)
    assert found.accuracy.low > found.base_accuracy
    assert found.accuracy.value == pytest.approx(1.0 - flips, abs=0.05)


def test_leaves_divide_the_space() -> None:
    levels = points(600, 4)
    found = discover(levels, flipped(in_box(levels), 0.1, 4))
    assert sum(rule.holds(levels).astype(int) for rule in found.rules).tolist() == [1] * 600
    assert sum(rule.points for rule in found.rules) == found.judged == 300
    assert sum(rule.coverage.value for rule in found.rules) == pytest.approx(1.0)
    densities = [rule.density.value for rule in found.rules]
    assert densities == sorted(densities, reverse=True)
    overall = sum(rule.density.value * rule.points for rule in found.rules) / found.judged
    assert overall == pytest.approx(found.base_rate.value)


def test_noise_gives_no_rule() -> None:
    told = 0
    for seed in range(30):
        levels = points(160, seed)
        found = discover(levels, np.random.default_rng(seed + 500).random(160) < 0.3)
        told += bool(found.told)
        words = rules_words(found, "the short cycle wins")
        assert ("No rule was found" in words) != bool(found.told)
        assert ("Where" in words) == bool(found.told)
    assert told <= 2


def test_a_tree_that_fits_noise_is_found_out_by_points_it_has_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("race_sim.analysis.discovery.pruned_tree", overgrown_tree)
    told = trees = 0
    for seed in range(40):
        levels = points(160, seed)
        found = discover(levels, np.random.default_rng(seed + 500).random(160) < 0.5)
        trees += len(found.rules) > 3
        told += bool(found.told)
        assert found.skill.value < 0.1
    assert trees == 40
    assert told <= 2


def overgrown_tree(grown_on: RulePoints) -> object:
    from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415

    tree = DecisionTreeClassifier(max_depth=3, min_samples_leaf=4, random_state=0)
    return tree.fit(grown_on.encoded, grown_on.chance > 0.5)


def test_only_what_lies_beyond_chance_is_told() -> None:
    unsure_trees = unsure_rules = told = 0
    for seed in range(25):
        levels = points(140, seed)
        found = discover(levels, flipped(in_box(levels), 0.2, seed))
        unsure_trees += found.skill.value > 0.0 >= found.skill.low
        assert bool(found.told) <= (found.skill.low > 0.0)
        told += bool(found.told)
        for rule in found.rules:
            above, below = rule.density.low > found.base_rate.high, rule.density.high < found.base_rate.low
            assert rule.more is (above if above or below else None)
            unsure_rules += rule.more is None
    assert min(unsure_trees, unsure_rules, told) > 3


def test_reversing_the_outcome_reverses_the_words() -> None:
    levels = points(500, 2)
    outcome = flipped(in_box(levels), 0.1, 2)
    one, other = discover(levels, outcome), discover(levels, ~outcome)
    assert {rule.words: rule.more for rule in one.told} == {rule.words: not rule.more for rule in other.told}
    shares = {rule.words: rule.density.value for rule in one.rules}
    assert {rule.words: 1.0 - rule.density.value for rule in other.rules} == pytest.approx(shares)
    assert one.skill.interval == pytest.approx(other.skill.interval)
    said = rules_words(one, "A"), rules_words(other, "A")
    assert "Where cycle at most 4 and red more than 1" in said[0]
    assert ", more often" in said[0].split("Where")[1]
    assert "cycle at most 4" in said[1].split("Where")[-1]
    assert ", less often" in said[1].split("Where")[-1]


def test_unclear_points_are_counted_and_have_no_say() -> None:
    levels = points(400, 3)
    outcome = in_box(levels).astype(float)
    clear = np.arange(400) % 5 != 0
    outcome[~clear] = np.nan
    found = discover(levels, outcome)
    assert (found.points, found.unclear) == (320, 80)
    alone = discover(levels[clear].reset_index(drop=True), outcome[clear])
    assert [rule.density for rule in alone.rules] == [rule.density for rule in found.rules]
    assert "80 points are unclear and left out." in rules_words(found, "A")
    assert "unclear" not in rules_words(alone, "A")


def test_choices_and_switches_are_told_in_words() -> None:
    levels = points(600, 5)
    held = (levels["kind"] == "point") | ((levels["kind"] == "area") & levels["open"])
    words = {rule.words: rule.more for rule in discover(levels, held, names={"open": "open field"}).told}
    assert {"kind point": True, "kind area and open field is true": True}.items() <= words.items()
    assert any(more is False and "growing" in rule for rule, more in words.items())


def test_probabilities_count_in_part_on_either_side() -> None:
    levels = points(1000, 6)
    chance = np.where(in_box(levels), 0.6, 0.2)
    found = discover(levels, chance)
    assert found.told[0].density.value == pytest.approx(0.6, abs=0.02)
    assert found.rules[-1].density.value == pytest.approx(0.2, abs=0.02)
    right = np.where(in_box(levels), 0.6, 0.8).mean()
    assert found.accuracy.value == pytest.approx(right, abs=0.03)


def test_weights_count_like_repeated_points_but_tell_less() -> None:
    levels, one = points(400, 7), np.ones(400)
    outcome = flipped(in_box(levels), 0.2, 7)
    heavy = np.where(outcome, 3.0, 1.0)
    plain, weighted = discover(levels, outcome, weights=one), discover(levels, outcome, weights=heavy)
    share = plain.base_rate.value
    assert weighted.base_rate.value == pytest.approx(3.0 * share / (3.0 * share + 1.0 - share))
    assert weighted.base_rate.high - weighted.base_rate.low > 1.05 * (plain.base_rate.high - plain.base_rate.low)
    assert discover(levels, outcome) == plain
    sevenfold = discover(levels, outcome, weights=7.0 * one)
    assert [rule.words for rule in sevenfold.rules] == [rule.words for rule in plain.rules]
    assert sevenfold.skill.interval == pytest.approx(plain.skill.interval)


def test_intervals_of_shares_are_wilsons() -> None:
    levels = points(300, 8)
    found = discover(levels, flipped(in_box(levels), 0.1, 8))
    for rule in found.rules:
        held = round(rule.density.value * rule.points)
        known = stats.binomtest(held, rule.points).proportion_ci(method="wilson")
        assert rule.density.interval == pytest.approx((known.low, known.high))


def test_points_of_a_block_stay_together_and_count_once() -> None:
    blocks = np.tile(np.arange(40), 6)
    leaked = honest = 0
    for seed in range(15):
        levels = points(40, seed)
        sixfold = pd.concat([levels] * 6, ignore_index=True)
        outcome = np.tile(np.random.default_rng(seed + 300).random(40) < 0.4, 6)
        leaked += bool(discover(sixfold, outcome).told)
        honest += bool(discover(sixfold, outcome, blocks=blocks).told)
    assert leaked >= 8  # copies of a point in both halves look like rules
    assert honest <= 1
    together, once = discover(sixfold, outcome, blocks=blocks), discover(levels, outcome[:40])
    assert together.judged == 120
    assert together.base_rate.interval == pytest.approx(once.base_rate.interval)
    half = RulePoints.of(sixfold, outcome.astype(float), np.ones(240), blocks).parts(2)
    assert (half.reshape(6, 40) == half[:40]).all()
    assert half.mean() == 0.5


@pytest.mark.parametrize(("count", "outcome"), [(20, None), (0, None), (200, True), (200, False)])
def test_too_little_to_learn_from_gives_no_rule(count: int, outcome: bool | None) -> None:
    levels = points(count, 1)
    found = discover(levels, in_box(levels) if outcome is None else np.full(count, outcome))
    assert found.told == ()
    words = rules_words(found, "A")
    assert ("too few" in words) == (outcome is None)
    assert ("No rule was found" in words) == (outcome is not None)


def test_few_blocks_are_too_few() -> None:
    levels = points(200, 1)
    assert "too few" in rules_words(discover(levels, in_box(levels), blocks=np.arange(200) // 40), "A")


def test_the_same_points_always_give_the_same_rules() -> None:
    levels = points(300, 2)
    outcome = flipped(in_box(levels), 0.2, 2)
    assert discover(levels, outcome) == discover(levels, outcome)


@pytest.mark.parametrize(
    ("levels", "asked", "words"),
    [
        ([1.0, 2.0, 4.0, 8.0], (2.9, 6.0), "f 4"),
        ([1.0, 2.0, 4.0, 8.0], (1.5, 6.0), "f 2 to 4"),
        ([1.0, 2.0, 4.0, 8.0], (3.0, np.inf), "f at least 4"),
        (np.linspace(0, 1, 50), (0.2512, 0.7531), "f more than 0.25 and at most 0.75"),
        (np.linspace(0, 200, 50), (-np.inf, 123.4), "f at most 123"),
    ],
)
def test_conditions_fit_the_levels(levels: Floats, asked: tuple[float, float], words: str) -> None:
    table = pd.DataFrame({"f": levels})
    count = len(table)
    data = RulePoints.of(table, np.zeros(count), np.ones(count), np.arange(count))
    leaf = leaves(pruned_tree(RulePoints.of(points(60, 1)[["red"]], np.zeros(60), np.ones(60), np.arange(60))))[0]
    assert leaf.spans == {}
    only = conditions(type(leaf)({0: asked}, 0.0), data, {})
    assert [condition.words for condition in only] == [words]
    assert only[0].holds(table).tolist() == [asked[0] < level <= asked[1] for level in levels]


def test_leaves_are_those_of_the_tree() -> None:
    levels = points(400, 11)
    data = RulePoints.of(levels, in_box(levels).astype(float), np.ones(400), np.arange(400))
    tree = pruned_tree(data)
    for leaf in leaves(tree):
        inside = np.all([condition.holds(levels) for condition in conditions(leaf, data, {})], axis=0)
        assert inside.any()
        assert forecast(tree, data)[inside] == pytest.approx(leaf.share)


def test_skill_is_what_the_forecasts_take_away() -> None:
    levels = points(400, 12)
    found = discover(levels, in_box(levels))
    assert found.skill.value > 0.85
    assert found.skill.high <= 1.0
    blind: Discovery = discover(levels[["idle"]], in_box(levels))
    assert blind.rules == ()
    assert blind.skill.value == 0.0


def test_faulty_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = points(60, 1)
    with pytest.raises(ValueError, match="as many values"):
        discover(levels, np.ones(59))
    with pytest.raises(ValueError, match="between 0 and 1"):
        discover(levels, np.full(60, 1.5))
    with pytest.raises(ValueError, match="above 0"):
        discover(levels, np.ones(60), weights=np.zeros(60))
    monkeypatch.setitem(sys.modules, "sklearn.tree", None)
    with pytest.raises(InputError, match=r"pip install 'race-sim\[analysis\]'"):
        discover(levels, in_box(levels))
