"""Gathers what docs/policy.md quotes from the studies' result directories: small tables, and figures made smaller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from PIL import Image

from race_sim.analysis.cells import columns
from race_sim.analysis.intervals import mean_estimate
from race_sim.analysis.measures import measure
from race_sim.analysis.policy_effects import effects_table, interaction_table
from race_sim.analysis.policy_ranking import POLICY
from race_sim.study.policy import Policies
from race_sim.study.policy_output import write_policies
from race_sim.study.result import StudyResult, read_result
from race_sim.study.store import Store

DATA = Path(__file__).parents[1] / "docs" / "data" / "policy"
IMAGES = Path(__file__).parents[1] / "docs" / "images" / "policy"
STUDIES = ("policy_levers", "export_ban", "relocation", "capital_x_speed", "stockpile_age", "equal_euro")
FIGURES = {
    "policy_levers": ("hits_never_grounded",),
    "export_ban": ("quota", "regimes"),
    "relocation": ("hazard",),
    "capital_x_speed": ("worth", "interaction"),
    "stockpile_age": ("when", "idle_makers"),
    "equal_euro": ("exchange_per_euro",),
}
"""Figures of the studies' own that the page shows."""
RANKED = ("hits", "euros", "interactions", "budget")
"""Figures that `race-sim policy` draws."""
WIDEST = {"policy_interactions": 2400}  # pixels of a figure kept, by its name
USUAL = 1400  # pixels
LARGEST = 500_000  # bytes of a figure kept
COLOURS = 256
BUDGETS = ("none", "danish_model")
SPOT_CHECKS = ("none", "danish_model", "european_tempo")
"""Policies whose first races are kept seed by seed, to be raced again by the tests."""
SPOT_SEEDS = 3
MEASURES = (
    "total_built",
    "workshops_hits",
    "workshops_built",
    "workshops_capacity",
    "workshops_failed",
    "workshops_exported",
    "workshops_designs_fielded",
    "workshops_hits_a_sortie",
    "primes_hits",
    "primes_hits_a_sortie",
    "primes_sorties",
    "primes_stock",
    "primes_built",
    "primes_debt",
    "primes_failed",
    "joint_lines_hits",
    "joint_lines_built",
    "home_commission",
    "home_aid",
    "strikes",
)
"""Measures beside hits by which policies are told apart; each is a family of comparisons."""
STATE = (
    "total_hits",
    "total_sorties",
    *(
        f"{kind}_{what}"
        for kind in ("workshops", "primes")
        for what in ("hits", "sorties", "built", "capacity", "makers", "stock", "stock_dropped")
    ),
    *(
        f"{kind}_bound_by_{what}"
        for kind in ("workshops", "primes")
        for what in ("orders", "finance", "inputs", "capacity")
    ),
    "home_commission",
    "home_aid",
    "public_spending",
)
"""Measures of the baseline itself."""


@dataclass(frozen=True)
class Effects:
    """A table of `effects_table`: an output at levels of a factor, less that at a reference.

    Attributes:
        study, part: whose races are compared.
        x: factor.
        reference: its level that is subtracted.
        by: factors of the panels.
        kept: levels of x in the table; all if empty.
        output: measure.
    """

    study: str
    part: str
    x: str
    reference: object
    by: Sequence[str]
    kept: Sequence[object] = ()
    output: str = "hits"

    def of(self, result: StudyResult) -> pd.DataFrame:
        """The table; levels that the study compares with another than the reference are compared with that one."""
        rows = result.parts[self.part]
        against = result.study.against(self.x)
        if self.kept:
            rows = rows[rows[self.x].isin([*self.kept, self.reference])]
        found = effects_table(rows, self.x, measure(self.output), {self.x: self.reference}, self.by, against)
        return found[found[self.x].isin(self.kept)] if self.kept else found


EFFECTS = {
    "never_grounded": Effects("policy_levers", "never_grounded", "policy", "none", ("founders",)),
    "quota": Effects("export_ban", "quota", "quota", 0.0, ("founders", "leak", "loss")),
    "regimes": Effects("export_ban", "regimes", "regime", "ban", ("founders", "leak", "loss")),
    "world": Effects(
        "export_ban", "regimes", "regime", "open", ("founders", "leak", "loss"), kept=("open_to_the_world",)
    ),
    "leak": Effects("export_ban", "regimes", "leak", 0.0, ("founders", "regime", "loss")),
    "rival": Effects("export_ban", "rival", "regime", "ban", ("founders", "rival")),
    "abroad": Effects("relocation", "hazard", "abroad", 0, ("founders", "delay", "cost", "hazard")),
    "abroad_money": Effects("relocation", "money", "abroad", 0, ("founders", "hazard", "budget")),
    "destinations": Effects("capital_x_speed", "destination", "destination", "primes", ("founders", "tempo", "extra")),
    "destinations_a_sortie": Effects(
        "capital_x_speed",
        "destination",
        "destination",
        "primes",
        ("founders", "tempo", "extra"),
        output="hits_a_sortie",
    ),
    "home_or_abroad": Effects(
        "capital_x_speed", "destination", "destination", "abroad", ("founders", "tempo", "extra"), kept=("home",)
    ),
    "extra_euros": Effects("capital_x_speed", "destination", "extra", 0.0, ("founders", "tempo", "destination")),
    "early": Effects("stockpile_age", "when", "early", 0.0, ("founders", "force", "tempo", "lull")),
    "idle": Effects("stockpile_age", "idle", "early", 0.0, ("founders", "force", "overhead")),
}
"""Tables of effects by name."""
COPIED = {
    "interaction": ("capital_x_speed", "interaction"),
    "standards_interaction": ("capital_x_speed", "standards_interaction"),
    "exchange_per_euro": ("equal_euro", "exchange_per_euro"),
}
"""Tables of the studies' own, by the name they are kept under."""


def gather(results: Path) -> None:
    """Write docs/data/policy and docs/images/policy, but for the small comparisons, from finished studies.

    Raises InputError if a directory is no study's, or lacks races.
    """
    DATA.mkdir(parents=True, exist_ok=True)
    IMAGES.mkdir(parents=True, exist_ok=True)
    for study in STUDIES:
        if (results / study).exists():
            _gather(study, results / study)


def _gather(study: str, directory: Path) -> None:
    result = read_result(Store.open(directory))
    tables = {name: one.of(result) for name, one in EFFECTS.items() if one.study == study}
    tables |= {
        name: pd.read_csv(directory / "tables" / f"{table}.csv")
        for name, (own, table) in COPIED.items()
        if own == study
    }
    if study == "policy_levers":
        tables |= _of_policies(result)
    if study == "relocation":
        tables["abroad_by_hazard"] = abroad_by_hazard(result.parts["hazard"])
    if study == "equal_euro":
        tables["price_or_speed"] = price_or_speed(result.parts["worth"])
    for name, table in tables.items():
        table.to_csv(DATA / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n")
    for name in FIGURES[study]:
        shrink(directory / "figures" / f"{name}.png", IMAGES / f"{study}_{name}.png")


def _of_policies(result: StudyResult) -> dict[str, pd.DataFrame]:
    """Tables of policies; draws their figures."""
    found = Policies.of(result)
    with TemporaryDirectory() as folder:
        write_policies(found, Path(folder) / "policy", BUDGETS)
        for name in RANKED:
            shrink(Path(folder) / "policy" / f"{name}.png", IMAGES / f"policy_{name}.png")
        tables = {
            name: pd.read_csv(Path(folder) / "policy" / f"{name}.csv") for name in ("ranking", "interactions", "budget")
        }
    pairs = [
        {**dict(zip(found.by, place, strict=True)), "one": one, "other": other, **columns("value", difference)}
        for place, differences in found.pairs.items()
        for (one, other), difference in differences.items()
        if one < other
    ]
    measured = [
        effects_table(found.rows, POLICY, measure(name), {POLICY: found.none}, found.by, found.references).assign(
            measure=name
        )
        for name in MEASURES
    ]
    state = [
        {**place, "measure": name, **columns("value", mean_estimate(own[name].to_numpy()))}
        for place, own in (
            ({"founders": founders}, rows)
            for founders, rows in found.rows[found.rows[POLICY] == found.none].groupby("founders")
        )
        for name in STATE
    ]
    return tables | {
        "pairs": pd.DataFrame(pairs),
        "measures": pd.concat(measured, ignore_index=True),
        "baseline": pd.DataFrame(state),
        "seeds": seeds(found.rows),
    }


def seeds(rows: pd.DataFrame) -> pd.DataFrame:
    """Hits a week of the first seeds of a few policies."""
    chosen = rows[rows[POLICY].isin(SPOT_CHECKS) & (rows["seed"] < rows["seed"].min() + SPOT_SEEDS)]
    return chosen[["founders", POLICY, "seed", "total_hits"]].sort_values(["founders", POLICY, "seed"])


def abroad_by_hazard(rows: pd.DataFrame) -> pd.DataFrame:
    """How much more workshops abroad bring where plants at home are struck than where they are not."""
    nowhere = {"abroad": 0, "hazard": 0.0}
    return interaction_table(rows, "abroad", "hazard", measure("hits"), nowhere, ("founders", "delay", "cost"))


def price_or_speed(rows: pd.DataFrame) -> pd.DataFrame:
    """Hits of slower forces with more drones, less those of a 1-week force with x1, in drones alone."""
    alike = rows[(rows["counted"] == "drones") & (rows["cost_ratio"] == rows["cost_ratio"].min())]
    force = alike["cycle"].astype(str) + " weeks x" + alike["arsenal"].map("{:g}".format)
    alike = alike.assign(force=force)
    return effects_table(alike, "force", measure("hits"), {"force": "1 weeks x1"}, ("founders", "countermeasures"))


def shrink(source: Path, target: Path) -> None:
    """Keep a figure no wider than `WIDEST` or `USUAL` says; in fewer colours too, if it takes more than `LARGEST`."""
    with Image.open(source) as image:
        drawn = image.convert("RGB")
    widest = WIDEST.get(target.stem, USUAL)
    if drawn.width > widest:
        drawn = drawn.resize((widest, round(drawn.height * widest / drawn.width)), Image.Resampling.LANCZOS)
    drawn.save(target, optimize=True)
    if target.stat().st_size > LARGEST:
        drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
