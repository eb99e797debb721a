"""Help: quick, light, complete, and its examples are commands that exist."""

import ast
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import race_sim as package
from race_sim.cli import (
    calibrate,
    codebook,
    compare,
    demo,
    evidence,
    new,
    plan,
    plot,
    policy,
    replay,
    report,
    run,
    scenarios,
    show,
    sweep,
    verify,
    watch,
    worker,
)
from tests.cli.commands import Command

MODULES = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        run,
        compare,
        calibrate,
        demo,
        plan,
        sweep,
        worker,
        plot,
        policy,
        report,
        replay,
        scenarios,
        show,
        evidence,
        new,
        verify,
        watch,
        codebook,
    )
}
EXAMPLES = [(name, example) for name, module in MODULES.items() for example in module.EXAMPLES]
HEAVY = {"matplotlib", "mesa", "numba", "numpy", "pandas", "pyarrow", "scipy"}
"""Not pydantic, which Typer itself may import."""


def modules_after(*arguments: str) -> set[str]:
    """Top-level modules that a process has imported when the command line is done."""
    code = (
        "import sys\nfrom race_sim.cli import main\n"
        f"sys.argv = ['race-sim', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as leaving:\n    assert not leaving.code\n"
        "print('\\n' + repr([name for name in sys.modules if '.' not in name]))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(ast.literal_eval(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), *((name, "--help") for name in MODULES)])
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert modules_after(*arguments) & HEAVY == set()


@pytest.mark.parametrize("arguments", [("scenarios",), ("show", "baseline"), ("evidence", "W057")])
def test_reading_scenarios_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert modules_after(*arguments) & HEAVY == set()


def test_every_command_is_listed(command: Command) -> None:
    done = command("--help")
    assert done.status == 0
    for name in MODULES:
        assert f" {name} " in done.output


@pytest.mark.parametrize("name", MODULES)
def test_help_shows_the_examples(name: str, command: Command) -> None:
    for help_option in ("--help", "-h"):
        done = command(name, help_option)
        assert done.status == 0
        shown = done.output.splitlines()
        for example in MODULES[name].EXAMPLES:
            assert any(line.strip() == example for line in shown)


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_examples_call_their_command_with_options_it_has(name: str, example: str, command: Command) -> None:
    program, first, *words = shlex.split(example.partition("|")[0])
    assert (program, first) == ("race-sim", name) or name == "scenarios"
    options = command(first, "--help").output
    assert all(word in options for word in words if word.startswith("--"))


def test_version(command: Command) -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert command("--version").output == f"race-sim {project['version']}\n"
    assert package.__version__ == project["version"]


def test_no_command_shows_the_help(command: Command) -> None:
    assert "Usage: race-sim" in command().output


@pytest.mark.parametrize(
    "arguments", [("walk",), ("run",), ("run", "baseline", "--sed", "1"), ("run", "baseline", "--seed", "x")]
)
def test_misuse_has_status_2(arguments: tuple[str, ...], command: Command) -> None:
    done = command(*arguments)
    assert (done.status, done.output) == (2, "")
    assert "Error" in done.errors
    assert "Traceback" not in done.errors
