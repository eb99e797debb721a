"""A part of the page passes commands on and does nothing else for a browser."""

from __future__ import annotations

import pytest

pytest.importorskip("ipyvue")

from race_sim.page.widgets import Bar, Panel, Part, Stage, stage_template

PARTS = [Bar, Panel, Stage]


@pytest.mark.parametrize("kind", PARTS)
def test_a_command_is_passed_on(kind: type[Part]) -> None:
    heard: list[object] = []
    part = kind(command=heard.append)
    part._handle_event(part, {"event": "act", "data": {"do": "play"}}, [])
    assert heard == [{"do": "play"}]


@pytest.mark.parametrize(
    "content",
    [
        {"create_widget": ["subprocess", "Popen"], "props": {"args": "true"}, "id": "x"},
        {"update_ref": {"functionRef": "close"}, "id": "x", "prop": "layout"},
        {"event": "close", "data": {}},
        {"event": "act", "data": {}, "create_widget": ["os", "system"]},
        {"event": ["act"]},
        {},
        None,
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", PARTS)
def test_nothing_else_is_done(kind: type[Part], content: object) -> None:
    heard: list[object] = []
    part = kind(command=heard.append)
    part._handle_event(part, content, [])
    assert heard == []
    assert part._component_instances == []


def test_the_stage_holds_the_script_that_replays_use() -> None:
    from race_sim.watch.assets import stage_script  # noqa: PLC0415

    assert stage_script() in stage_template()
    assert stage_template().count("module.exports") == 1
