"""What a browser can ask for: each command by its name, read with care, done to a session."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from race_sim.errors import InputError
from race_sim.page.exports import CSV, REPLAY, WORDS, keep, replay_job, scenario_toml, weekly_csv
from race_sim.page.presets import presets
from race_sim.page.session import SPEEDS, Session
from race_sim.page.sweeps import show_map, watch_stored
from race_sim.scenario.text import did_you_mean, nearest, shown
from race_sim.watch.link import Setup, read_seed, read_week
from race_sim.watch.names import read_agent_id

MOST_TEXT = 200  # characters of anything that a browser sends
NEXT_WEEK, ANEW = "next", "anew"  # what a lever does in mid-race
READ = ("do", "value", "path", "what")  # what a command may hold

Order = Mapping[str, str]


def obey(session: Session, command: object) -> None:
    """Do what a browser asks: {"do": a name, "value": its text, and "path" or "what" where a command needs them}.

    What cannot be done becomes a message of the session.
    """
    session.message = None
    session.revision += 1
    try:
        order = read_order(command)
        COMMANDS[order["do"]](session, order)
    except InputError as error:
        session.tell(error)


def read_order(command: object) -> dict[str, str]:
    """What a browser sent, with all that any command reads. Raises InputError unless it is a command."""
    if not isinstance(command, dict):
        raise InputError("the page sent something that is no command")
    order = {key: command.get(key, "") for key in READ}
    for key, text in order.items():
        if not isinstance(text, str) or len(text) > MOST_TEXT:
            raise InputError(f"{key} = {shown(text)} is not allowed: give a text of at most {MOST_TEXT} characters")
    one_of("command", order["do"], COMMANDS)
    return order


def one_of(what: str, text: str, allowed: Collection[str]) -> str:
    """The text. Raises InputError unless it is one of those allowed."""
    if text not in allowed:
        raise InputError(
            f"{what} = {shown(text)} is not allowed: give one of {', '.join(allowed)}."
            f"{did_you_mean(nearest(text, allowed))}"
        )
    return text


def _play(session: Session, _: Order) -> None:
    if not session.playing and session.over:
        session.watch(session.link)
    session.playing = not session.playing


def _step(session: Session, _: Order) -> None:
    session.playing, session.goal = False, None
    if session.over:
        raise InputError(f"the race is over: its last week is {session.weeks - 1}")
    session.advance()


def _stop(session: Session, _: Order) -> None:
    session.playing, session.goal = False, None


def _reset(session: Session, _: Order) -> None:
    session.playing = False
    session.watch(session.link)


def _jump(session: Session, order: Order) -> None:
    session.jump(read_week(order["value"], session.weeks))


def _speed(session: Session, order: Order) -> None:
    session.speed = one_of("speed", order["value"], SPEEDS)


def _seed(session: Session, order: Order) -> None:
    session.watch(replace(session.link, seed=read_seed(order["value"])))


def _control(session: Session, order: Order) -> None:
    session.hold_against(order["value"])


def _scenario(session: Session, order: Order) -> None:
    session.model = session.offer.model
    session.race_anew(Setup(one_of("scenario", order["value"], session.offer.scenarios)))


def _when(session: Session, order: Order) -> None:
    session.restarts = one_of("when", order["value"], (NEXT_WEEK, ANEW)) == ANEW


def _choose(session: Session, order: Order) -> None:
    session.chosen = int(one_of("race", order["value"], [str(number) for number in range(len(session.races))]))


def _beside(session: Session, order: Order) -> None:
    preset = presets()[one_of("side by side", order["value"], presets())]
    races = preset.races(session.link.races, session.chosen)
    session.watch(replace(session.link, races=races), session.week)
    session.chosen = len(races) - 1


def _select(session: Session, order: Order) -> None:
    session.selected = str(read_agent_id(order["value"])) if order["value"] else None


def _pull(session: Session, order: Order) -> None:
    session.pull(order["path"], order["value"])


def _undo(session: Session, order: Order) -> None:
    setup = session.link.races[session.chosen]
    without = {"change": setup.without_change, "event": setup.without_event}
    number = int(order["value"]) if order["value"].isdecimal() else -1
    session.race_anew(without[one_of("what", order["what"], without)](number), session.week)


def _undo_all(session: Session, _: Order) -> None:
    session.race_anew(Setup(session.link.races[session.chosen].name), session.week)


def _export(session: Session, order: Order) -> None:
    kind = one_of("export", order["value"], WORDS)
    if session.job is not None:
        raise InputError(f"still {session.job.words}: wait for it")
    if kind == REPLAY:
        session.job = replay_job(session)
    else:
        keep(session, weekly_csv(session) if kind == CSV else scenario_toml(session))


def _kept(session: Session, _: Order) -> None:
    session.download = {}


def _map(session: Session, order: Order) -> None:
    if session.job is not None:
        raise InputError(f"still {session.job.words}: wait for it")
    show_map(session, one_of("map", order["value"], ("", *session.offer.stores)))


def _run(session: Session, order: Order) -> None:
    watch_stored(session, order["value"])


def _dismiss(_: Session, __: Order) -> None:
    """Any command takes the message away."""


COMMANDS: Mapping[str, Callable[[Session, Order], None]] = {
    "play": _play,
    "step": _step,
    "stop": _stop,
    "reset": _reset,
    "jump": _jump,
    "speed": _speed,
    "seed": _seed,
    "control": _control,
    "scenario": _scenario,
    "when": _when,
    "choose": _choose,
    "beside": _beside,
    "select": _select,
    "pull": _pull,
    "undo": _undo,
    "undo-all": _undo_all,
    "export": _export,
    "kept": _kept,
    "map": _map,
    "run": _run,
    "dismiss": _dismiss,
}
"""All commands by name."""
