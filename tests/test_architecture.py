"""What the layers and the compiled law must not contain, checked on the syntax of every source file.

import-linter (in pyproject.toml) checks which layer imports which; these checks see what imports do not show:
operators, NumPy and math functions whose bits depend on the machine, clocks, files and hidden randomness.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "race_sim"
SOURCES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
LONGEST_FILE = 450  # lines

COMPILER = "rules/compiler.py"  # keeps machine code in a cache named by the sources; not compiled itself
ASSETS = "watch/assets.py"  # the script and style that draw frames, files of the package itself
MAY_READ_FILES = ("scenario", "study", "cli", ASSETS, COMPILER)
LAW = (
    "rules",
    "ensemble",
    "bookkeeping.py",
    "recorder.py",
    "firms.py",
    "records.py",
    "layout.py",
    "parameter_table.py",
)
SIMULATION = (*LAW, "agents", "model.py", "results.py")


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Plain Python and numba must agree on these, on every processor: all of them are exact.
EXACT_MATH = names("ceil copysign fabs floor frexp inf isfinite isinf isnan ldexp nan sqrt trunc")
# Types, records and storage: no NumPy function that computes.
STORING_NUMPY = names(
    "bool_ dtype float64 int64 integer intp ndarray recarray record uint32 uint64 finfo iinfo typing "
    "arange array asarray ascontiguousarray empty empty_like full ones zeros zeros_like"
)
# As methods of an array: reductions, whose order of summation is NumPy's own.
REDUCING_METHODS = names("all any argmax argmin cumprod cumsum dot max mean min prod std sum var")
# sum() of floats compensates for rounding from Python 3.12 on; pow() is **.
INEXACT_BUILTINS = names("pow sum")

CLOCKS = names("calendar datetime sched time timeit")
FILES = names("fileinput glob io pathlib pickle platformdirs shelve shutil sqlite3 tempfile tomllib")
HARMLESS_OS = names("cpu_count process_cpu_count sched_getaffinity")
READING_METHODS = names(
    "fromfile genfromtxt loadtxt memmap open open_text read_bytes read_csv read_feather read_json "
    "read_parquet read_pickle read_table read_text"
)
OPENING_OTHERS = names("Store webbrowser")  # whose open() reads no file itself: the study does, and a browser
LOADING_MODULES = names("json np numpy pickle tomllib")  # whose load() reads a file
CHANCE = names("random secrets uuid")
NOT_FOR_THE_LAW = names("matplotlib mesa pandas pyarrow pydantic rich typer")


def in_part(name: str, parts: tuple[str, ...]) -> bool:
    return any(name == part or name.startswith(f"{part}/") for part in parts)


def sources_in(*parts: str, without: tuple[str, ...] = ()) -> list[str]:
    return [name for name in SOURCES if in_part(name, parts) and not in_part(name, without)]


def tree_of(name: str) -> ast.Module:
    return ast.parse(SOURCES[name].read_text(encoding="utf-8"))


def at(node: ast.AST, words: str) -> str:
    return f"line {getattr(node, 'lineno', '?')}: {words}"


def imported_names(tree: ast.AST) -> Iterator[tuple[ast.stmt, str, str]]:
    """Each import as (statement, module, name); the name is empty for `import module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, node.module or "", alias.name) for alias in node.names)


def imports_from(tree: ast.AST, forbidden: frozenset[str]) -> list[str]:
    return [
        at(node, f"imports {module}")
        for node, module, _ in imported_names(tree)
        if module.split(".")[0] in forbidden or module == "importlib.resources"
    ]


def members_used(tree: ast.AST, *module_names: str) -> Iterator[tuple[ast.AST, str]]:
    """Each `module.member` or `from module import member`, for a module under any of its names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in module_names:
            yield node, node.attr
    for statement, module, name in imported_names(tree):
        if name and module in module_names:
            yield statement, name


def inexact_operations(tree: ast.AST) -> list[str]:
    """Whatever in compiled code may give other bits on another machine or in plain Python."""
    found = [at(node, f"math.{member}") for node, member in members_used(tree, "math") if member not in EXACT_MATH]
    found += [
        at(node, f"np.{member}") for node, member in members_used(tree, "np", "numpy") if member not in STORING_NUMPY
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Pow | ast.MatMult):
            found.append(at(node, "** or @"))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in INEXACT_BUILTINS:
            found.append(at(node, f"{node.func.id}()"))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in REDUCING_METHODS:
            found.append(at(node, f".{node.func.attr}()"))
    return found


def unsafe_compilation(tree: ast.AST) -> list[str]:
    """Fastmath and parallel compilation, which reorder sums; rules inside functions: never cached."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in {"fastmath", "parallel"}:
            found.append(at(node.value, f"{node.arg}="))
        elif isinstance(node, ast.Constant) and node.value in {"fastmath", "parallel"}:
            found.append(at(node, f'"{node.value}"'))
        elif isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).endswith("prange"):
            found.append(at(node, "prange"))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            inner = [child for child in ast.walk(node) if isinstance(child, ast.FunctionDef) and child is not node]
            found += [at(child, f"rule {child.name} is not at top level") for child in inner if is_rule(child)]
    return found


def is_rule(function: ast.FunctionDef) -> bool:
    return any(
        ast.unparse(decorator).split("(")[0] in {"rule", "njit", "numba.njit"} for decorator in function.decorator_list
    )


def file_reads(tree: ast.AST) -> list[str]:
    """Opening or reading a file, by any of the usual ways."""
    found = imports_from(tree, names("fileinput shelve sqlite3 tomllib"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "open":
            found.append(at(node, "open()"))
        elif isinstance(node.func, ast.Attribute) and (
            (node.func.attr in READING_METHODS and ast.unparse(node.func.value) not in OPENING_OTHERS)
            or (node.func.attr == "load" and ast.unparse(node.func.value) in LOADING_MODULES)
        ):
            found.append(at(node, f".{node.func.attr}()"))
    return found


def outside_world(tree: ast.AST) -> list[str]:
    """Clocks, files, the operating system and randomness that is not drawn by key."""
    found = imports_from(tree, CLOCKS | FILES | CHANCE) + file_reads(tree)
    found += [at(node, f"os.{member}") for node, member in members_used(tree, "os") if member not in HARMLESS_OS]
    found += [
        at(node, ast.unparse(node))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"random", "rng", "shuffle_do"}
    ]
    return found


@pytest.mark.parametrize("name", sources_in(*LAW, without=(COMPILER,)))
def test_the_law_gives_the_same_bits_everywhere(name: str) -> None:
    assert inexact_operations(tree_of(name)) == []


@pytest.mark.parametrize("name", SOURCES)
def test_no_fastmath_no_parallel_and_rules_at_top_level(name: str) -> None:
    assert unsafe_compilation(tree_of(name)) == []


@pytest.mark.parametrize("name", sources_in(*LAW))
def test_the_law_imports_no_framework(name: str) -> None:
    assert imports_from(tree_of(name), NOT_FOR_THE_LAW) == []


@pytest.mark.parametrize("name", sources_in(*SIMULATION, without=(COMPILER,)))
def test_the_simulation_touches_no_clock_no_file_and_no_hidden_chance(name: str) -> None:
    assert outside_world(tree_of(name)) == []


@pytest.mark.parametrize("name", [name for name in SOURCES if not in_part(name, MAY_READ_FILES)])
def test_only_scenario_study_and_cli_read_files(name: str) -> None:
    assert file_reads(tree_of(name)) == []


@pytest.mark.parametrize("name", SOURCES)
def test_a_file_is_short_and_named_after_its_subject(name: str) -> None:
    lines = SOURCES[name].read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE, f"{lines} lines: does it hold two subjects?"
    assert Path(name).stem.strip("_") not in {"common", "helper", "helpers", "misc", "util", "utils"}


def test_every_part_named_here_exists() -> None:
    """A part renamed elsewhere must not drop out of the checks."""
    assert [part for part in (*SIMULATION, "scenario", "cli") if not sources_in(part)] == []


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (inexact_operations, "x ** 2"),
        (inexact_operations, "x **= 2"),
        (inexact_operations, "a @ b"),
        (inexact_operations, "math.exp(x)"),
        (inexact_operations, "from math import lgamma"),
        (inexact_operations, "np.sum(a)"),
        (inexact_operations, "numpy.log(a)"),
        (inexact_operations, "from numpy import mean"),
        (inexact_operations, "row.column.sum()"),
        (inexact_operations, "sum(a)"),
        (unsafe_compilation, "njit(fastmath=True)"),
        (unsafe_compilation, "OPTIONS = {'parallel': True}"),
        (unsafe_compilation, "for i in numba.prange(3): pass"),
        (unsafe_compilation, "def outer():\n    @rule('f8(f8)')\n    def inner(x): return x"),
        (file_reads, "open('a')"),
        (file_reads, "path.read_text()"),
        (file_reads, "path.open()"),
        (file_reads, "json.load(stream)"),
        (file_reads, "from importlib.resources import files"),
        (outside_world, "import time"),
        (outside_world, "from datetime import datetime"),
        (outside_world, "from pathlib import Path"),
        (outside_world, "os.environ['A']"),
        (outside_world, "np.random.default_rng()"),
        (outside_world, "self.model.random.choice(a)"),
    ],
)
def test_the_checks_see_what_they_are_for(check, code: str) -> None:
    assert check(ast.parse(code)) != []


@pytest.mark.parametrize(
    "code", ["math.sqrt(x)", "np.zeros(3)", "np.uint64(1)", "x * x", "os.cpu_count()", "maximum(a, b)"]
)
def test_the_checks_pass_what_is_harmless(code: str) -> None:
    tree = ast.parse(code)
    assert inexact_operations(tree) + unsafe_compilation(tree) + outside_world(tree) == []
