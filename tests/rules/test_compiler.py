"""The `rule` decorator and its cache: never stale, never in the way, never growing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from race_sim.rules import compiler, draws

jit_only = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="looks at compiled rules")

PROGRAM = """
from race_sim.rules import compiler, draws
print(compiler.CACHE_DIRECTORY)
print(draws.uniform(1, 2, 3, 4, 5))
stats = getattr(draws.uniform, "stats", None)
print(sum(stats.cache_hits.values()) if stats else "plain")
"""


@pytest.fixture
def package(tmp_path) -> Path:
    """A copy of the numerics of the package, to be edited."""
    rules = tmp_path / "copy" / "race_sim" / "rules"
    rules.mkdir(parents=True)
    (rules.parent / "__init__.py").touch()
    (rules / "__init__.py").touch()
    original = Path(compiler.__file__).parent
    for name in ("compiler.py", "arithmetic.py", "philox.py", "draws.py"):
        shutil.copy(original / name, rules / name)
    return rules.parent


def run(package: Path, cache: Path, **variables: str) -> tuple[str, float, str]:
    """Run `PROGRAM` on a copy of the package; return its cache folder, its result and its cache hits."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    environment |= {"PYTHONPATH": str(package.parent), "RACE_SIM_CACHE_DIR": str(cache)} | variables
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        cwd=package.parent,
        check=True,
        capture_output=True,
        text=True,
    )
    folder, result, hits = done.stdout.split()
    return folder, float(result), hits


@pytest.mark.slow
def test_an_edited_callee_is_never_served_from_the_cache(package, tmp_path):
    cache = tmp_path / "cache"
    first_folder, first, hits = run(package, cache)
    assert hits == "0"
    assert Path(first_folder).parent == cache
    assert run(package, cache) == (first_folder, first, "1")

    philox = package / "rules" / "philox.py"
    before = philox.read_text(encoding="utf-8")
    philox.write_text(before.replace("0x9E3779B9", "0x9E3779B7"), encoding="utf-8")
    second_folder, second, hits = run(package, cache)
    assert hits == "0"
    assert second_folder != first_folder
    assert second != first
    assert second == run(package, cache, NUMBA_DISABLE_JIT="1")[1]

    philox.write_text(before, encoding="utf-8")
    assert run(package, cache) == (first_folder, first, "1")


@pytest.mark.slow
def test_an_unwritable_cache_directory_costs_only_the_cache(package, tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    folder, result, hits = run(package, in_the_way / "cache")
    assert (folder, hits) == ("None", "0")
    assert result == draws.uniform(np.uint64(1), 2, 3, 4, 5)
    assert not list(package.rglob("*.nbi"))


def test_without_compilation_a_rule_is_the_function_and_nothing_is_cached(package, tmp_path):
    cache = tmp_path / "cache"
    folder, result, hits = run(package, cache, NUMBA_DISABLE_JIT="1")
    assert (folder, hits) == ("None", "plain")
    assert result == draws.uniform(np.uint64(1), 2, 3, 4, 5)
    assert not cache.exists()


@pytest.mark.parametrize(
    ("source", "matters"),
    [
        ("rules/draws.py", True),
        ("rules/anything.py", True),
        ("ensemble/races.py", True),
        ("recorder.py", True),
        ("records.py", True),
        ("parameter_table.py", True),
        ("model.py", False),
        ("scenario/schema.py", False),
    ],
)
def test_the_hash_covers_the_compiled_sources_and_no_others(source, matters, package, monkeypatch):
    monkeypatch.setattr(compiler, "__file__", str(package / "rules" / "compiler.py"))
    file = package / source
    file.parent.mkdir(exist_ok=True)
    file.write_text("RATE = 1\n", encoding="utf-8")
    before = compiler.law_hash()
    assert compiler.law_hash() == before
    file.write_text("RATE = 2\n", encoding="utf-8")
    assert (compiler.law_hash() != before) is matters


@pytest.mark.parametrize("variable", compiler.CODE_CHANGING_VARIABLES)
def test_the_hash_covers_the_variables_that_change_code(variable, monkeypatch):
    monkeypatch.setenv(variable, "")
    before = compiler.law_hash()
    monkeypatch.setenv(variable, "1")
    assert compiler.law_hash() != before


@pytest.mark.parametrize("library", ["numba", "llvmlite", "np"])
def test_the_hash_covers_the_versions(library, monkeypatch):
    before = compiler.law_hash()
    monkeypatch.setattr(f"race_sim.rules.compiler.{library}.__version__", "0.0")
    assert compiler.law_hash() != before


def folders(parent: Path, *ages: float) -> list[Path]:
    """Make a cache folder with some content for each age in seconds."""
    made = []
    for number, age in enumerate(ages):
        folder = parent / f"law-{number:016x}"
        (folder / "rules_0").mkdir(parents=True)
        (folder / "rules_0" / "uniform.nbi").touch()
        os.utime(folder, (1e9 - age, 1e9 - age))
        made.append(folder)
    return made


def test_old_cache_folders_are_pruned_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setenv("RACE_SIM_CACHE_DIR", str(tmp_path))
    old = folders(tmp_path, 50.0, 20.0, 40.0, 10.0, 30.0)
    (tmp_path / "results").mkdir()
    mine = compiler.cache_directory()
    assert mine == tmp_path / f"law-{compiler.law_hash()}"
    assert set(tmp_path.iterdir()) == {mine, old[3], old[1], tmp_path / "results"}


def test_using_a_cache_folder_makes_it_the_newest(tmp_path, monkeypatch):
    monkeypatch.setenv("RACE_SIM_CACHE_DIR", str(tmp_path))
    mine = compiler.cache_directory()
    os.utime(mine, (1.0, 1.0))
    folders(tmp_path, 10.0, 20.0, 30.0)
    assert compiler.cache_directory() == mine
    assert mine.stat().st_mtime > 1e9


def test_pruning_keeps_the_folder_in_use_however_old(tmp_path):
    old = folders(tmp_path, 50.0, 20.0, 40.0, 10.0)
    compiler.prune(tmp_path, keep=old[0])
    assert set(tmp_path.iterdir()) == {old[0], old[3], old[1]}


def test_pruning_survives_other_processes_that_prune(tmp_path, monkeypatch):
    old = folders(tmp_path, 10.0, 20.0, 30.0, 40.0, 50.0)
    first_stat = Path.stat

    def stat_of_a_vanishing_folder(path, **options):
        if path == old[4]:
            shutil.rmtree(path, ignore_errors=True)
        return first_stat(path, **options)

    monkeypatch.setattr(Path, "stat", stat_of_a_vanishing_folder)
    compiler.prune(tmp_path, keep=old[0])
    monkeypatch.undo()
    assert set(tmp_path.iterdir()) == set(old[:3])
    compiler.prune(tmp_path / "absent", keep=old[0])


def test_every_rule_is_listed_by_its_name():
    assert compiler.RULES["uniform"] is draws.uniform
    assert all(name == rule.__name__ for name, rule in compiler.RULES.items())


@pytest.fixture
def listed(monkeypatch):
    """A list of rules that the test may add to."""
    monkeypatch.setattr(compiler, "RULES", dict(compiler.RULES))


@pytest.mark.usefixtures("listed")
def test_a_name_belongs_to_one_module():
    def uniform(x):
        return x

    with pytest.raises(ValueError, match="draws already has a rule named uniform"):
        compiler.rule(uniform)


@jit_only
@pytest.mark.usefixtures("listed")
def test_a_rule_without_signatures_compiles_for_what_it_meets_and_one_with_them_for_nothing_else():
    @compiler.rule
    def doubled(x):
        return x + x

    @compiler.rule("f8(f8)", "i8(i8)")
    def halved(x):
        return x / 2

    assert doubled.signatures == []
    assert (doubled(2), doubled(2.5)) == (4, 5.0)
    assert len(doubled.signatures) == 2
    assert (halved(2.5), halved(3)) == (1.25, 1)
    assert len(halved.signatures) == 2
    assert doubled.targetoptions["nogil"]
    assert doubled.targetoptions["error_model"] == "numpy"


@jit_only
@pytest.mark.usefixtures("listed")
def test_a_rule_outside_the_hashed_sources_is_not_cached(tmp_path, monkeypatch):
    monkeypatch.setattr(compiler, "CACHE_DIRECTORY", tmp_path)

    @compiler.rule("f8(f8)")
    def tripled(x):
        return 3.0 * x

    assert tripled(2.0) == 6.0
    assert list(tmp_path.iterdir()) == []


@jit_only
@pytest.mark.usefixtures("listed")
def test_the_cache_directory_of_other_numba_functions_is_left_alone():
    before = numba.config.CACHE_DIR

    def broken(x):
        return x.no_such_attribute

    with pytest.raises(numba.TypingError):
        compiler.rule("f8(f8)")(broken)
    assert before == numba.config.CACHE_DIR
