"""A study that needs a package which is not installed is refused before the first race, and says what to install."""

from pathlib import Path

import pytest

from race_sim.errors import InputError
from race_sim.study import extras
from race_sim.study.extras import check_extras
from race_sim.study.reading import load_study
from race_sim.study.sweep import Request, Sweep
from tests.study.gallery import gallery

LACKING = {
    "scipy": {"line": 'design = "sobol" needs SciPy', "indices": 'design = "saltelli" needs SciPy'},
    "sklearn": {"line": 'refine = "boundary" needs scikit-learn', "worlds": 'figure "worlds" needs scikit-learn'},
}


@pytest.mark.parametrize(("package", "part"), [(package, part) for package, parts in LACKING.items() for part in parts])
def test_what_is_lacking_is_told_with_the_extra(
    package: str, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = load_study(gallery(tmp_path))
    chosen = [study.named(part)]
    check_extras(chosen)
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == package else name)
    with pytest.raises(InputError) as refused:
        check_extras(chosen)
    assert str(refused.value) == f"part \"{part}\": {LACKING[package][part]}: pip install 'race-sim[analysis]'"
    check_extras([study.named("plane"), study.named("screen")])


def test_nothing_is_raced_or_written_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    with pytest.raises(InputError, match="needs SciPy"):
        Sweep(load_study(gallery(tmp_path)), tmp_path / "out", Request(workers=1)).run()
    assert not (tmp_path / "out").exists()
