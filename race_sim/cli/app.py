"""The program `race-sim`: its commands, and what becomes of errors."""

import errno
import os
import sys
from collections.abc import Callable, Sequence
from inspect import getdoc
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import race_sim
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
from race_sim.cli.screen import complain
from race_sim.errors import InputError

BAD_INPUT = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells have it
BROKEN_PIPE = 141  # 128 + SIGPIPE

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Commands(TyperGroup):
    """The commands. What a user can mend becomes a message and a status; other errors keep their traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command asked for."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            complain(str(error))
            raise typer.Exit(BAD_INPUT) from None
        except MemoryError:
            complain("not enough memory: fewer makers, variants, weeks or runs at a time need less")
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt:
            complain("stopped before the end; nothing was written", label="interrupted")
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=Commands,
    epilog="Start with: race-sim demo, or race-sim run baseline",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def add(command: Callable[..., None], examples: Sequence[str]) -> None:
    """Add a command; its help is its docstring with the examples below it, a line each."""
    listed = "".join(f"\n  {example}" for example in examples)
    app.command(help=f"{getdoc(command)}\n\n\b\nExamples:{listed}")(command)


add(run.run, run.EXAMPLES)
add(compare.compare, compare.EXAMPLES)
add(demo.demo, demo.EXAMPLES)
add(watch.watch, watch.EXAMPLES)
add(plan.plan, plan.EXAMPLES)
add(sweep.sweep, sweep.EXAMPLES)
add(worker.worker, worker.EXAMPLES)
add(plot.plot, plot.EXAMPLES)
add(policy.policy, policy.EXAMPLES)
add(report.report, report.EXAMPLES)
add(replay.replay, replay.EXAMPLES)
add(scenarios.scenarios, scenarios.EXAMPLES)
add(show.show, show.EXAMPLES)
add(evidence.evidence, evidence.EXAMPLES)
add(new.new, new.EXAMPLES)
add(verify.verify, verify.EXAMPLES)
add(calibrate.calibrate, calibrate.EXAMPLES)
add(codebook.codebook, codebook.EXAMPLES)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"race-sim {race_sim.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop."),
    ] = False,
) -> None:
    """Watch adaptation speed and arsenal size fight it out: workshops, primes and countermeasure teams."""


def main() -> None:
    """Run the command line and leave with its status."""
    status: str | int | None = None
    try:
        try:
            app(prog_name="race-sim")
        except SystemExit as leaving:
            status = leaving.code
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        status = BROKEN_PIPE
        _drop_output()
    except OSError as error:
        if error.errno not in FULL:
            raise
        complain(f"output cannot be written: {error.strerror}")
        status = BAD_INPUT
        _drop_output()
    sys.exit(status)


def _drop_output() -> None:
    """Send what is still to be printed nowhere, so that Python does not complain again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
