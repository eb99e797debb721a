/* Countermeasures in the design space: rings around what each covers, and a list of those that stop most. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const words = RaceStage.words;
  const element = drawing.element;
  const label = drawing.label;

  const NAMED_DISCS = 3; // countermeasures that are named in the corner
  const NAMED_FROM = 0.02; // share of all sorties stopped

  function discTip(disc) {
    return [
      "countermeasure to the " + disc.module + ", by " + words.agent(disc.team),
      "acts since week " + disc.since + "; built out to " + words.percent(disc.reach),
      disc.covers
        ? "alone it would stop " + words.percent(disc.stops) + " of this week's sorties"
        : "nothing that flies now is what it was made for",
    ].join("\n");
  }

  function rings(space, frame, sheet, plot) {
    const theme = sheet.theme;
    const covering = space.discs.slice().sort(function (a, b) {
      return a.stops - b.stops;
    });
    let body = "";
    covering.forEach(function (disc) {
      const module = frame.modules.indexOf(disc.module);
      const chosen = sheet.selected === disc.team;
      const x = plot.x(disc.x);
      const y = plot.y(disc.y);
      const strength = Math.min(1, 0.25 + 3 * disc.stops);
      const shared = { "data-select": disc.team, "data-tip": discTip(disc) };
      if (disc.covers) {
        body += element(
          "circle",
          Object.assign(
            {
              cx: x,
              cy: y,
              r: disc.radius * plot.unit,
              fill: theme.countermeasure,
              "fill-opacity": 0.015 + 0.045 * strength,
              stroke: theme.countermeasure,
              "stroke-opacity": chosen ? 1 : 0.12 + 0.6 * strength,
              "stroke-width": chosen ? 3 : 0.8 + 1.4 * strength,
              "stroke-dasharray": drawing.moduleDash(module),
            },
            shared
          )
        );
      }
      body += drawing.moduleMark(
        module,
        x,
        y,
        sheet.size * (disc.covers ? 0.42 : 0.34),
        Object.assign(
          {
            fill: disc.covers ? theme.countermeasure : theme.paper,
            "fill-opacity": disc.covers ? 0.35 + 0.6 * strength : 1,
            stroke: theme.countermeasure,
            "stroke-opacity": chosen || disc.covers ? 1 : 0.5,
            "stroke-width": chosen ? 3 : 1,
          },
          shared
        )
      );
    });
    return body;
  }

  /* The place itself, or one to its right where no tag of that radius is. */
  function beside(place, taken, tag) {
    const free = taken.every(function (other) {
      return Math.hypot(place[0] - other[0], place[1] - other[1]) >= 1.9 * tag;
    });
    return free ? place : beside([place[0] + 2 * tag, place[1]], taken, tag);
  }

  /* The countermeasures that stop most, as a list in the corner whose numbers are on their marks. */
  function leaders(space, sheet, plot) {
    const theme = sheet.theme;
    const named = space.discs.filter(function (disc) {
      return disc.covers && disc.stops >= NAMED_FROM;
    });
    named.sort(function (a, b) {
      return b.stops - a.stops;
    });
    const chosen = named.slice(0, NAMED_DISCS);
    if (!chosen.length) return "";
    const line = sheet.small * 1.45;
    const first = plot.top + plot.side - line * (chosen.length - 0.4);
    const tag = sheet.small * 0.62;
    const taken = [];
    let body = label(plot.left + 8, first - line, "Alone they would stop most:", { fill: theme.soft, halo: theme.paper });
    chosen.forEach(function (disc, index) {
      const y = first + index * line;
      const text = disc.module + ", " + words.agent(disc.team) + ": " + words.percent(disc.stops) + " of all sorties";
      body += label(plot.left + 14 + 2 * tag, y, text, { weight: "bold", fill: theme.countermeasure, halo: theme.paper });
      const own = beside([plot.x(disc.x), plot.y(disc.y)], taken, tag);
      taken.push(own);
      [[plot.left + 8 + tag, y - tag * 0.6], own].forEach(function (at) {
        body += element("circle", {
          cx: at[0],
          cy: at[1],
          r: tag,
          fill: theme.countermeasure,
          stroke: theme.paper,
          "data-select": disc.team,
          "data-tip": discTip(disc),
        });
        body += label(at[0], at[1] + sheet.small * 0.34, String(index + 1), {
          anchor: "middle",
          weight: "bold",
          fill: theme.paper,
        });
      });
    });
    return body;
  }

  RaceStage.covers = { rings: rings, leaders: leaders };
})(RaceStage);
