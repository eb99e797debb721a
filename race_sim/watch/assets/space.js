/* Design space: what flies, what stops it, and who runs after whom. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const words = RaceStage.words;
  const element = drawing.element;
  const label = drawing.label;

  const MOST_RADIUS = 2.2; // of a mark that has all sorties of the busiest week, in font sizes
  const LEAST_RADIUS = 1.8; // pixels
  const DRAWN = 0.75; // of the half width: few designs stand farther out; they are drawn at the edge
  const FAINTEST = 0.08; // fill of a mark all of whose sorties are stopped
  const TRAIL_WIDTH = 2; // pixels
  const MOST_SIDE = 31; // of the square, where the legend has room beside it, in font sizes
  const LEGEND_ROOM = 16.5; // least width of a legend beside the square, in font sizes

  function fade(countered) {
    return 1 - (1 - FAINTEST) * Math.min(1, Math.max(0, countered || 0));
  }

  function radius(sorties, most, sheet) {
    return Math.max(LEAST_RADIUS, sheet.size * MOST_RADIUS * Math.sqrt(sorties / most));
  }

  function pointTip(point) {
    const lines = [
      "family " + point.family + ", " + words.kind(point.kind) + (point.trial ? " (on trial)" : ""),
      words.count(point.sorties, "sortie", "sorties") +
        " this week, by " +
        words.count(point.makers, "maker", "makers") +
        ", most by " +
        words.agent(point.maker),
      words.percent(point.countered) + " of its sorties are expected to be stopped",
      "design " + point.design,
    ];
    if (point.stopped) lines.push("its maker has stopped: what is in the arsenal flies on");
    return lines.join("\n");
  }

  function selects(selected, point) {
    return selected !== null && (selected === point.maker || selected === "family-" + point.family);
  }

  function within(scale, half) {
    return function (value) {
      return scale(Math.max(-half, Math.min(half, value)));
    };
  }

  function square(sheet, common) {
    const beside = sheet.width >= (MOST_SIDE + LEGEND_ROOM) * sheet.size;
    const side = beside ? MOST_SIDE * sheet.size : sheet.width - 2;
    const top = 2;
    const left = 1;
    const half = common.extent * DRAWN;
    const x = RaceStage.scales.linear(-half, half, left, left + side);
    const y = RaceStage.scales.linear(-half, half, top + side, top);
    return { left: left, top: top, side: side, beside: beside, x: within(x, half), y: within(y, half), unit: side / (2 * half) };
  }

  function axes(space, sheet, plot) {
    const theme = sheet.theme;
    const middle = plot.left + plot.side / 2;
    const centre = plot.top + plot.side / 2;
    let body = element("rect", {
      x: plot.left,
      y: plot.top,
      width: plot.side,
      height: plot.side,
      fill: "none",
      stroke: theme.grid,
    });
    space.axes.forEach(function (axis) {
      const reach = plot.side / 2 / Math.max(Math.abs(axis.x), Math.abs(axis.y));
      const x = axis.x * reach;
      const y = -axis.y * reach;
      body += element("line", {
        x1: middle - x,
        y1: centre - y,
        x2: middle + x,
        y2: centre + y,
        stroke: theme.grid,
        "stroke-width": 1.5,
      });
      const inset = 1 - (sheet.small * 0.9) / (plot.side / 2);
      const upright = Math.abs(axis.x) < 0.2;
      const anchor = upright ? "middle" : axis.x > 0 ? "end" : "start";
      body += label(middle + x * inset, centre + y * inset + (Math.abs(axis.y) < 0.2 ? -4 : sheet.small * 0.4), axis.module, {
        anchor: anchor,
        fill: theme.soft,
        halo: theme.paper,
      });
    });
    return body;
  }

  function onPlot(points, plot) {
    return points.map(function (point) {
      return point ? [plot.x(point[0]), plot.y(point[1])] : [0, null];
    });
  }

  /* How the selected maker moved: the moves of all are a hairball. */
  function trails(space, sheet, plot) {
    return space.trails
      .filter(function (trail) {
        return trail.maker === sheet.selected;
      })
      .map(function (trail) {
        return element("path", {
          d: drawing.path(onPlot(trail.path, plot)),
          fill: "none",
          stroke: sheet.theme.edges[trail.kind],
          "stroke-width": TRAIL_WIDTH,
          "stroke-dasharray": drawing.kindDash(trail.kind),
          "pointer-events": "none",
        });
      })
      .join("");
  }

  function points(space, sheet, plot, common) {
    const theme = sheet.theme;
    const ordered = space.points.slice().sort(function (a, b) {
      return b.sorties - a.sorties;
    });
    return ordered
      .map(function (point) {
        const x = plot.x(point.x);
        const y = plot.y(point.y);
        const size = radius(point.sorties, common.sorties, sheet);
        const mark = drawing.kindMark(point.kind, x, y, size, {
          fill: point.stopped ? theme.shade : theme[point.kind],
          "fill-opacity": fade(point.countered),
          stroke: point.stopped ? theme.soft : theme.edges[point.kind],
          "stroke-width": 1,
          "stroke-dasharray": point.trial ? "2 1.5" : null,
          "data-select": point.maker,
          "data-tip": pointTip(point),
        });
        if (!selects(sheet.selected, point)) return mark;
        return (
          mark +
          drawing.kindMark(point.kind, x, y, size + 4, {
            fill: "none",
            stroke: theme.ink,
            "stroke-width": 2.5,
            "pointer-events": "none",
          })
        );
      })
      .join("");
  }

  function colourOf(name, theme) {
    return name === "countermeasures" ? theme.countermeasure : theme[name];
  }

  function dashOf(name) {
    return name === "countermeasures" ? "1 6" : drawing.kindDash(name);
  }

  /* Where the weight of each side lies, over the last weeks; the arrow is now. */
  function chase(space, kinds, sheet, plot) {
    const theme = sheet.theme;
    return kinds
      .concat("countermeasures")
      .map(function (name) {
        const line = onPlot((space.chase[name] || []).filter(Boolean), plot);
        if (!line.length) return "";
        const d = drawing.path(line);
        const end = line[line.length - 1];
        const shared = { d: d, fill: "none", "stroke-linejoin": "round", "stroke-linecap": "round", "pointer-events": "none" };
        const values = { stroke: colourOf(name, theme), "stroke-width": 3.2, "stroke-dasharray": dashOf(name) };
        const lines = drawing.edged(values, theme.edges[name]).map(function (layer) {
          return element("path", Object.assign(layer, shared));
        });
        return (
          element("path", Object.assign({ stroke: theme.paper, "stroke-width": 6.5, "stroke-opacity": 0.8 }, shared)) +
          lines.join("") +
          head(end, name, colourOf(name, theme), sheet)
        );
      })
      .join("");
  }

  function head(end, name, colour, sheet) {
    const values = { fill: colour, stroke: sheet.theme.ink, "stroke-width": 1.8, "data-tip": "centre of the " + words.kind(name) + " now" };
    const size = sheet.size * 0.48;
    if (name !== "countermeasures") return drawing.kindMark(name, end[0], end[1], size, values);
    return element(
      "path",
      Object.assign(
        {
          d:
            drawing.path([
              [end[0] - size, end[1]],
              [end[0], end[1] - size * 1.3],
              [end[0] + size, end[1]],
              [end[0], end[1] + size * 1.3],
            ]) + "Z",
        },
        values
      )
    );
  }

  /* The key of the centre of a side: its mark with the black edge, at the end of a line. */
  function centreKey(name, text, sheet) {
    const theme = sheet.theme;
    const colour = colourOf(name, theme);
    return {
      text: text,
      room: 34,
      mark: function (x, y) {
        const stroke = { x1: x - 17, x2: x + 8, y1: y, y2: y, stroke: colour, "stroke-width": 3.2 };
        const shape = { "stroke-dasharray": dashOf(name), "stroke-linecap": "round" };
        return element("line", Object.assign(stroke, shape)) + head([x + 10, y], name, colour, sheet);
      },
    };
  }

  function keys(frame, sheet, common) {
    const theme = sheet.theme;
    const items = frame.kinds.map(function (kind) {
      return {
        text: words.kind(kind),
        mark: function (x, y) {
          return drawing.kindMark(kind, x, y, sheet.size * 0.42, { fill: theme[kind], stroke: theme.edges[kind] });
        },
      };
    });
    if (
      frame.space.points.some(function (point) {
        return point.stopped;
      })
    ) {
      items.push({
        text: "grey: its maker has stopped",
        mark: function (x, y) {
          return drawing.kindMark("workshops", x, y, sheet.size * 0.42, { fill: theme.shade, stroke: theme.soft });
        },
      });
    }
    [
      [0, "gets through"],
      [0.5, "half stopped"],
      [1, "all stopped"],
    ].forEach(function (step) {
      items.push({
        text: step[1],
        mark: function (x, y) {
          return drawing.kindMark("workshops", x, y, sheet.size * 0.42, {
            fill: theme.total,
            "fill-opacity": fade(step[0]),
            stroke: theme.total,
          });
        },
      });
    });
    [common.sorties / 10, common.sorties / 100]
      .filter(function (sorties) {
        return sorties >= 1;
      })
      .forEach(function (sorties) {
        items.push({
          text: words.brief(sorties) + " sorties",
          room: sheet.size * 1.6,
          mark: function (x, y) {
            return drawing.kindMark("workshops", x, y, radius(sorties, common.sorties, sheet), {
              fill: "none",
              stroke: theme.soft,
            });
          },
        });
      });
    items.push({
      text: "what a countermeasure can stop (faint: the others)",
      mark: function (x, y) {
        return element("circle", {
          cx: x,
          cy: y,
          r: sheet.size * 0.5,
          fill: theme.countermeasure,
          "fill-opacity": 0.1,
          stroke: theme.countermeasure,
        });
      },
    });
    frame.modules.forEach(function (module, index) {
      items.push({
        text: "against the " + module,
        mark: function (x, y) {
          return drawing.moduleMark(index, x, y, sheet.size * 0.42, { fill: theme.countermeasure });
        },
      });
    });
    items.push(drawing.lineKey("selected maker, last 12 weeks", { stroke: theme.edges.workshops, "stroke-width": TRAIL_WIDTH }));
    items.push(centreKey("workshops", "workshops' centre now, and its last 12 weeks", sheet));
    frame.kinds.slice(1).forEach(function (kind) {
      items.push(centreKey(kind, "that of " + words.kind(kind), sheet));
    });
    items.push(centreKey("countermeasures", "centre of what is stopped", sheet));
    items.push(drawing.lineKey("rays: which part of a design differs most in that direction", { stroke: theme.line, "stroke-width": 1.5 }));
    return items;
  }

  RaceStage.views.space = {
    title: "What flies, and what stops it?",
    explanation:
      "Each mark is a design that flew this week. A ring shows roughly what one countermeasure can stop; only the fill of a " +
      "mark tells how much of a design is stopped: pale, if most of it. Alike designs lie close together (those close together " +
      "need not be alike: many parts, drawn flat).",

    lead: function (frame) {
      const told = frame.inspected
        ? "Selected: " + words.escape(frame.inspected.title) + ". Its record is below."
        : "Click a mark or a ring: its record comes below.";
      return this.counts(frame) + " " + told;
    },

    counts: function (frame) {
      const space = frame.space;
      const left = [
        [space.omitted_sorties, "sorties of the rarest designs"],
        [space.omitted_countermeasures, "countermeasures that stop least"],
      ]
        .filter(function (part) {
          return part[0] > 0;
        })
        .map(function (part) {
          return words.number(part[0]) + " " + part[1];
        });
      return (
        words.count(space.points.length, "design flies", "designs fly") +
        "; " +
        words.count(space.discs.length, "countermeasure stands.", "countermeasures stand.") +
        (left.length ? " Not drawn: " + left.join(", ") + "." : "")
      );
    },

    draw: function (frame, sheet, common) {
      const space = frame.space;
      const plot = square(sheet, common);
      const clip = sheet.prefix + "-square";
      const inside =
        RaceStage.covers.rings(space, frame, sheet, plot) +
        trails(space, sheet, plot) +
        points(space, sheet, plot, common) +
        chase(space, frame.kinds, sheet, plot);
      const bottom = plot.top + plot.side;
      const list = RaceStage.covers.list(space, frame, sheet, 4, bottom + 4);
      const below = bottom + 4 + list.height;
      const items = keys(frame, sheet, common);
      const legend = plot.beside
        ? drawing.legend(items, sheet, plot.side + 16, plot.top, sheet.width - plot.side - 20, true)
        : drawing.legend(items, sheet, 4, below + 8, sheet.width - 8);
      const height = plot.beside ? Math.max(below + 2, plot.top + legend.height) : below + 8 + legend.height;
      const frameOfClip = element(
        "clipPath",
        { id: clip },
        element("rect", { x: plot.left, y: plot.top, width: plot.side, height: plot.side })
      );
      const body =
        element("defs", {}, frameOfClip) +
        axes(space, sheet, plot) +
        element("g", { "clip-path": "url(#" + clip + ")" }, inside) +
        RaceStage.covers.names(space, sheet, plot) +
        list.body +
        legend.body;
      return drawing.svg(sheet, height, body, "Week " + frame.week + ": " + this.counts(frame));
    },
  };
})(RaceStage);
