"""The three parts of the page as widgets: bar, panel and stage. They show plain values and send plain commands."""

from __future__ import annotations

from functools import cache
from typing import Any

import ipyvue
import traitlets

from race_sim.watch.assets import stage_script, stage_style

STAGE = """
<template>
  <div class="race-stage-root" ref="root"></div>
</template>
<script>
%(script)s
module.exports = {
  mounted() {
    const order = (name) => (value) => this.act({ do: name, value: String(value === null ? "" : value) });
    const run = (name) => { order("run")(name); this.$refs.root.scrollIntoView(); };
    this.stage = RaceStage.create(this.$refs.root, { select: order("select"), week: order("jump"), run: run });
    this.show();
    this.showMap();
  },
  watch: {
    scene() { this.show(); },
    map() { this.showMap(); },
  },
  methods: {
    show() {
      if (!this.scene) { return; }
      const scene = JSON.parse(this.scene);
      this.stage.draw(scene);
      this.drawn = scene.number;
    },
    showMap() {
      this.stage.map(this.map ? JSON.parse(this.map) : null);
      const panel = this.$refs.root.querySelector("[data-panel=map]");
      if (this.map && panel) { panel.scrollIntoView(); }
    },
  },
};
</script>
<style>
%(style)s
</style>
"""


class Part(ipyvue.VueTemplate):  # type: ignore[misc]
    """A part of the page. A browser can change only what is synchronised, and call `act`; nothing else.

    `command` is called with whatever the browser sends, a plain value of any kind.
    """

    command = traitlets.Any(default_value=None, allow_none=True)

    def vue_act(self, data: object) -> None:
        """Pass on a command of the browser."""
        if self.command is not None:
            self.command(data)

    def _handle_event(self, _: object, content: object, buffers: object) -> None:  # noqa: ARG002
        """Take commands, and refuse what ipyvue would also do for a browser: make widgets and call methods."""
        if isinstance(content, dict) and content.get("event") == "act" and not content.keys() - {"event", "data"}:
            self.vue_act(content.get("data"))


class Bar(Part):
    """Title, play and the like, the week, and messages."""

    template_file = (__file__, "bar.vue")
    view = traitlets.Dict().tag(sync=True)
    dark = traitlets.Bool(default_value=False).tag(sync=True)


class Panel(Part):
    """What is raced, levers, changes, exports."""

    template_file = (__file__, "panel.vue")
    catalogue: traitlets.List[Any] = traitlets.List().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    working = traitlets.Bool(default_value=False).tag(sync=True)
    download = traitlets.Dict().tag(sync=True)


class Stage(Part):
    """The views of the races, drawn by the script that replays use, too. `drawn` is the number of the last scene drawn.

    `scene` and `map` are JSON, empty for none.
    """

    scene = traitlets.Unicode().tag(sync=True)
    map = traitlets.Unicode().tag(sync=True)
    drawn = traitlets.Int(-1).tag(sync=True)

    @traitlets.default("template")
    def _stage_template(self) -> str:
        return stage_template()


@cache
def stage_template() -> str:
    """The stage's script and style in the form that ipyvue wants."""
    return STAGE % {"script": stage_script(), "style": stage_style()}
