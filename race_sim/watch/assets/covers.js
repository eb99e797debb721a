/* Countermeasures in the design space: rings around what each covers, and the names of those that stop most. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const words = RaceStage.words;
  const element = drawing.element;
  const label = drawing.label;

  const NAMED_DISCS = 3; // countermeasures that are drawn fully and named
  const NAMED_FROM = 0.02; // share of all sorties stopped
  const LITTLE = 0.005; // share of all sorties; who stops less stops next to nothing
  const FAINT = 0.25; // strength of a ring whose countermeasure stops nothing yet; 1 is the strongest
  const GAIN = 3; // of strength for each share of all sorties stopped
  const RING = { fill: 0.015, fillGain: 0.045, line: 0.3, lineGain: 0.5, width: 0.8, widthGain: 1.4 }; // opacities, pixels
  const MARK = { full: 0.42, thin: 0.26 }; // radius in font sizes
  const THIN = { ring: 0.22, mark: 0.6 }; // opacity of the outlines of the others
  const MARK_FILL = { least: 0.35, gain: 0.6 }; // opacity
  const CHOSEN_WIDTH = 3; // pixels

  /* What a countermeasure stops now and, where that is next to nothing, why. */
  function effect(disc) {
    if (!disc.covers) return "nothing that flies now is what it was made for";
    const met = "of those it meets it would stop " + words.percent(disc.covered);
    if (disc.stops >= LITTLE) return "alone it would stop " + words.percent(disc.stops) + " of this week's sorties;\n" + met;
    const reached =
      disc.fraction < 1
        ? "it meets " + words.percent(disc.reach * disc.fraction)
        : "it reaches " + words.percent(disc.reach);
    return "stops next to nothing yet: " + reached + " of sorties;\n" + met;
  }

  function discTip(disc) {
    return [
      "countermeasure to the " + disc.module + ", by " + words.agent(disc.team),
      "acts since week " + disc.since + "; built out to " + words.percent(disc.reach),
      effect(disc),
    ].join("\n");
  }

  /* The countermeasures that stop most, the strongest first. */
  function leading(space) {
    return space.discs
      .filter(function (disc) {
        return disc.covers && disc.stops >= NAMED_FROM;
      })
      .sort(function (a, b) {
        return b.stops - a.stops;
      })
      .slice(0, NAMED_DISCS);
  }

  function ring(disc, module, strength, drawn, sheet, plot, shared) {
    const theme = sheet.theme;
    const values = { cx: plot.x(disc.x), cy: plot.y(disc.y), r: disc.radius * plot.unit, stroke: theme.countermeasure };
    const full = {
      fill: theme.countermeasure,
      "fill-opacity": RING.fill + RING.fillGain * strength,
      "stroke-opacity": drawn.chosen ? 1 : RING.line + RING.lineGain * strength,
      "stroke-width": drawn.chosen ? CHOSEN_WIDTH : RING.width + RING.widthGain * strength,
      "stroke-dasharray": drawing.moduleDash(module),
    };
    const thin = { fill: "none", "stroke-opacity": THIN.ring, "stroke-width": RING.width };
    return element("circle", Object.assign(values, drawn.full ? full : thin, shared));
  }

  /* Fully drawn: the countermeasures that stop most and those of the selected team; of the others a thin outline. */
  function rings(space, frame, sheet, plot) {
    const theme = sheet.theme;
    const first = leading(space);
    const covering = space.discs.slice().sort(function (a, b) {
      return a.stops - b.stops;
    });
    let body = "";
    covering.forEach(function (disc) {
      const module = frame.modules.indexOf(disc.module);
      const chosen = sheet.selected === disc.team;
      const drawn = { chosen: chosen, full: chosen || first.indexOf(disc) >= 0 };
      const strength = Math.min(1, FAINT + GAIN * disc.stops);
      const shared = { "data-select": disc.team, "data-tip": discTip(disc) };
      if (disc.covers) body += ring(disc, module, strength, drawn, sheet, plot, shared);
      const values = {
        fill: drawn.full && disc.covers ? theme.countermeasure : theme.paper,
        "fill-opacity": drawn.full && disc.covers ? MARK_FILL.least + MARK_FILL.gain * strength : 1,
        stroke: theme.countermeasure,
        "stroke-opacity": drawn.full ? 1 : THIN.mark,
        "stroke-width": chosen ? CHOSEN_WIDTH : 1,
      };
      const size = sheet.size * (drawn.full ? MARK.full : MARK.thin);
      body += drawing.moduleMark(module, plot.x(disc.x), plot.y(disc.y), size, Object.assign(values, shared));
    });
    return body;
  }

  /* The teams of the countermeasures that stop most, at their marks. */
  function names(space, sheet, plot) {
    const taken = [];
    const step = sheet.small * drawing.LINE;
    return leading(space)
      .map(function (disc) {
        const text = words.agent(disc.team);
        const width = drawing.textWidth(text, sheet.small, true);
        const gap = sheet.size * MARK.full + 4;
        const left = plot.x(disc.x) + gap + width > plot.left + plot.side ? plot.x(disc.x) - gap - width : plot.x(disc.x) + gap;
        let y = plot.y(disc.y) + sheet.small * 0.35;
        const covers = function (other) {
          return Math.abs(other[0] - left) < width && Math.abs(other[1] - y) < step;
        };
        while (taken.some(covers)) y += step;
        taken.push([left, y]);
        return label(left, y, text, { weight: "bold", fill: sheet.theme.countermeasure, halo: sheet.theme.paper });
      })
      .join("");
  }

  /* What the countermeasures that stop most would stop, as a list below the drawing: {body, height}. */
  function list(space, frame, sheet, left, top) {
    const theme = sheet.theme;
    const first = leading(space);
    if (!first.length) return { body: "", height: 0 };
    const step = sheet.small * 1.45;
    let body = label(left, top + step * 0.8, "Alone they would stop most of this week's sorties:", { fill: theme.soft });
    first.forEach(function (disc, index) {
      const y = top + step * (index + 1.8);
      const text = words.agent(disc.team) + ", against the " + disc.module + ": " + words.percent(disc.stops);
      const values = { fill: theme.countermeasure, "data-select": disc.team, "data-tip": discTip(disc) };
      const size = sheet.size * MARK.full;
      body += drawing.moduleMark(frame.modules.indexOf(disc.module), left + size, y - sheet.small * 0.35, size, values);
      body += label(left + 2 * size + 6, y, text, { weight: "bold", fill: theme.countermeasure });
    });
    return { body: body, height: step * (first.length + 1.2) };
  }

  RaceStage.covers = { rings: rings, names: names, list: list };
})(RaceStage);
