"""The documentation agrees with the code: links, names, schedule, lists, tables; and its examples run."""

import ast
import importlib
import inspect
import os
import pkgutil
import re
import shlex
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import race_sim.rules
from race_sim.agents import (
    CountermeasureTeam,
    HomeTreasury,
    JointLine,
    Market,
    Operators,
    PartnerTreasury,
    Prime,
    Workshop,
)
from race_sim.ensemble import week
from race_sim.ensemble.driver import run_ensemble
from race_sim.model import RaceModel
from race_sim.rules import purposes
from race_sim.rules.compiler import RULES
from race_sim.scenario import FIELDS, library, load
from race_sim.scenario.document import PAGE, page
from tests.small import six_workshops

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in [*DOCS.glob("*.md"), *ROOT.glob("*.md")])
ELEMENTS = (
    "1. Purpose and patterns",
    "2. Entities, state variables and scales",
    "3. Process overview and scheduling",
    "4. Design concepts",
    "5. Initialization",
    "6. Input data",
    "7. Submodels",
)
CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)
RULE_MODULES = [module.name for module in pkgutil.iter_modules(race_sim.rules.__path__, "race_sim.rules.")]

# Markdown


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose_of(name: str) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", text_of(name), flags=re.DOTALL | re.MULTILINE)


def links_of(name: str) -> list[tuple[str, str]]:
    """Each link of a page as (text, target); an image's target is a link too."""
    return re.findall(r"\[([^\]\[]*)\]\(([^()\s]+)\)", prose_of(name))


def headings(name: str, level: int) -> list[str]:
    return re.findall(rf"^{'#' * level} (.+)$", prose_of(name), flags=re.MULTILINE)


def anchors_of(name: str) -> set[str]:
    """The anchors that GitHub makes of a page's headings."""
    found = re.findall(r"^#+ (.+)$", prose_of(name), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def section(name: str, heading: str) -> str:
    """What stands under a heading, down to the next one of its level or above."""
    level = re.search(rf"^(#+) {re.escape(heading)}$", text_of(name), flags=re.MULTILINE)
    assert level, f"{name} has no heading {heading!r}"
    rest = text_of(name)[level.end() :]
    return re.split(rf"^#{{1,{len(level[1])}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def names_linked(text: str) -> list[tuple[str, str]]:
    """Each link from a name in code style to a Python file, as (name, module)."""
    found = re.findall(r"\[`@?([\w.]+)`\]\(\.\./(race_sim[\w/]*)\.py\)", text)
    return [(name, target.removesuffix("/__init__").replace("/", ".")) for name, target in found]


def rules_linked(text: str) -> list[str]:
    """Full names of rules linked, in the order of the text."""
    return [name for name, module in names_linked(text) if name.rpartition(".")[0] == module]


# Links and names


@pytest.mark.parametrize("name", PAGES)
def test_links_resolve(name: str) -> None:
    broken = []
    for _, target in links_of(name):
        if re.match(r"https?:|mailto:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        known = file.exists() and (not anchor or anchor in anchors_of(file.resolve().relative_to(ROOT).as_posix()))
        if not known:
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("name", PAGES)
def test_names_exist_in_the_modules_they_link_to(name: str) -> None:
    wrong = []
    for linked, module in names_linked(text_of(name)):
        home, _, attribute = linked.rpartition(".")
        if linked == module:
            continue
        if home not in ("", module) or not hasattr(importlib.import_module(module), attribute):
            wrong.append(f"{linked} in {module}")
    assert wrong == []


def test_full_names_are_rules() -> None:
    wrong = []
    for linked in rules_linked(text_of("docs/model.md")):
        home, _, name = linked.rpartition(".")
        function = getattr(importlib.import_module(home), name)
        compiled = RULES.get(name) is function
        if not compiled and (inspect.isclass(function) or not callable(function)):
            wrong.append(linked)
    assert wrong == []


@pytest.mark.parametrize("module", RULE_MODULES)
def test_every_module_of_the_law_is_referenced(module: str) -> None:
    assert module in {linked for _, linked in names_linked(text_of("docs/model.md"))}


# The description of the model


def test_odd_has_its_seven_elements_and_eleven_concepts() -> None:
    titles = headings("docs/model.md", 2)
    assert tuple(titles[: len(ELEMENTS)]) == ELEMENTS
    concepts = re.findall(r"^### (.+)$", section("docs/model.md", ELEMENTS[3]), flags=re.MULTILINE)
    assert tuple(concepts) == CONCEPTS
    assert "What changed from the design brief and why" in titles


def test_every_submodel_has_its_equations_and_its_rules() -> None:
    submodels = re.split(r"^### ", section("docs/model.md", ELEMENTS[6]), flags=re.MULTILINE)[1:]
    assert len(submodels) > 20
    for submodel in submodels:
        title = submodel.split("\n", 1)[0]
        assert re.search(r"^Rules?: \[`race_sim\.", submodel, flags=re.MULTILINE), title
        assert re.search(r"^```text\n.+?^```$", submodel, flags=re.DOTALL | re.MULTILINE), title


def test_every_rule_of_the_schedule_has_a_submodel_or_needs_none() -> None:
    described = set(rules_linked(section("docs/model.md", ELEMENTS[6])))
    bookkeeping = {"race_sim.rules.calendar.begin_week"}
    assert set(rules_linked(section("docs/model.md", "The schedule of a week"))) - described == bookkeeping


def test_every_scenario_of_the_library_is_listed() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", section("docs/model.md", ELEMENTS[4]), flags=re.MULTILINE)
    assert sorted(listed) == sorted(library())


def test_every_purpose_of_a_draw_is_listed() -> None:
    listed = re.findall(r"`([A-Z_]+)`", section("docs/model.md", "Stochasticity"))
    assert sorted(listed) == sorted(name for name in vars(purposes) if name.isupper())


def test_parameters_named_exist() -> None:
    """A dotted path in code style whose first part is a group is a parameter."""
    groups = {field.group for field in FIELDS}
    paths = {field.path for field in FIELDS}
    for name in PAGES:
        named = re.findall(r"`([a-z_]+\.[a-z_]+)(?: = [^`]+)?`", prose_of(name))
        unknown = [path for path in named if path.split(".")[0] in groups and path not in paths]
        assert unknown == [], name


def test_parameter_page_is_up_to_date_and_complete() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make docs-table"
    assert [field.path for field in FIELDS if f"| `{field.path}` |" not in page()] == []


# The schedule: the order of the text, of the compiled week and of the Mesa driver's week

AGENTS = {
    "operators": (Operators,),
    "treasury": (HomeTreasury, PartnerTreasury),
    "home_treasury": (HomeTreasury,),
    "market": (Market,),
    "maker": (Workshop, Prime, JointLine),
    "workshop": (Workshop,),
    "prime": (Prime,),
    "line": (JointLine,),
    "team": (CountermeasureTeam,),
}
ROOM = {"needs_room", "make_room"}  # room to grow decides nothing


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """The Python function behind a compiled one."""
    return getattr(function, "py_func", function)


class Calls(ast.NodeVisitor):
    """Collects the rules that a function calls, in the order of evaluation, through the methods of agents."""

    def __init__(self, owner: type | None, names: dict[str, Any]) -> None:
        self.owner = owner
        self.names = names
        self.found: list[str] = []

    def visit_Call(self, node: ast.Call) -> None:
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            self.visit(argument)
        if isinstance(node.func, ast.Name):
            self.called(node.func.id)
        else:
            self.visit(node.func)

    def called(self, name: str) -> None:
        function = self.names.get(name)
        if RULES.get(name) is not function or function is None or name in ROOM:
            return
        if function.__module__ == week.__name__:
            self.found += calls(function)
        else:
            self.found.append(f"{function.__module__}.{name}")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """A method of this object or of an agent, called or read as a property."""
        self.visit(node.value)
        value = node.value
        if isinstance(value, ast.Name) and value.id == "self":
            owners: tuple[type | None, ...] = (self.owner,)
        elif isinstance(value, ast.Name | ast.Attribute):
            owners = AGENTS.get(value.id if isinstance(value, ast.Name) else value.attr, ())
        else:
            owners = ()
        members: dict[Callable[..., Any], type] = {}  # one that several inherit counts once
        for owner in owners:
            member = inspect.getattr_static(owner, node.attr, None) if owner else None
            member = member.fget if isinstance(member, property) else member
            if owner and inspect.isfunction(member):
                members.setdefault(member, owner)
        for member, owner in members.items():
            self.found += calls(member, owner)


def calls(function: Callable[..., Any], owner: type | None = None) -> list[str]:
    source = plain(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(source))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    found = Calls(owner, source.__globals__)
    for statement in tree.body:
        found.visit(statement)
    return found.found


def test_the_schedule_written_is_the_schedule_run() -> None:
    written = rules_linked(section("docs/model.md", "The schedule of a week"))
    assert calls(week.run_week) == written
    assert calls(RaceModel.step, RaceModel) == written


class Backwards(RaceModel):
    """Makers and teams take their turns in reverse order."""

    def decide_makers(self) -> None:
        self.workshops.reverse()
        self.primes.reverse()
        super().decide_makers()
        self.workshops.reverse()
        self.primes.reverse()

    def act_teams(self) -> None:
        self.teams.reverse()
        super().act_teams()
        self.teams.reverse()


def test_the_order_of_turns_does_not_matter() -> None:
    scenario = six_workshops("workshops.copy_probability=0.9").with_changes({"run.weeks": 40})
    assert run_ensemble(scenario, [5]).same_bytes(Backwards(scenario, seed=5).run())


# The examples


def blocks() -> Iterator[tuple[str, str]]:
    """Fenced blocks of docs/extending.md as (language, content)."""
    return iter(re.findall(r"^```(\w+)\n(.*?)^```$", text_of("docs/extending.md"), re.DOTALL | re.MULTILINE))


def files() -> dict[str, str]:
    """Blocks that name their file in a comment on the first line, by that name."""
    found = {}
    for language, content in blocks():
        if language in ("python", "toml"):
            name = re.match(r"# (\w+\.(?:py|toml))\n", content)
            assert name, f"a {language} block without a file name:\n{content}"
            found[name[1]] = content
    return found


def commands() -> list[tuple[str, str | None]]:
    """Each command shown, with the output said to follow from it, if any."""
    shown: list[tuple[str, str | None]] = []
    previous = ""
    for language, content in blocks():
        if language == "sh":
            shown += [(line, None) for line in content.splitlines()]
        elif language == "text" and previous == "sh":
            shown[-1] = (shown[-1][0], content)
        previous = language
    return shown


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in files().items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_example_scenarios_load(folder: Path) -> None:
    for name in files():
        if name.endswith(".toml"):
            scenario = load(folder / name)
            assert len(scenario.segments) == 1 + len(tomllib.loads(files()[name])["event"])


def files_without_command() -> list[str]:
    """Python files that no command shown runs."""
    return [name for name in files() if name.endswith(".py") and f"python {name}" not in dict(commands())]


@pytest.mark.mesa
@pytest.mark.parametrize("name", files_without_command())
def test_example_files_run(folder: Path, name: str) -> None:
    run(folder, sys.executable, "-W", "error", name)


@pytest.mark.mesa
@pytest.mark.parametrize(("command", "output"), commands())
def test_example_commands_run_and_print_what_is_shown(folder: Path, command: str, output: str | None) -> None:
    program, *arguments = shlex.split(command)
    if program == "python":
        printed = run(folder, sys.executable, "-W", "error", *arguments)
    else:
        assert program == "race-sim"
        printed = run(folder, sys.executable, "-m", "race_sim", *arguments)
    if output is not None:
        assert printed == output, f"docs/extending.md is out of date; {command} now prints:\n{printed}"
