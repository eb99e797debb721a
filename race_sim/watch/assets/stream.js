/* Lineages: sorties of each design family over time, and the countermeasures that began to act. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const words = RaceStage.words;
  const element = drawing.element;
  const label = drawing.label;
  const HEIGHT = 15; // of the plot, in font sizes
  const MUCH = 0.4; // share of a family stopped from which a countermeasure is also marked in its layer
  const NAMED_LATELY = 0.01; // of the height: layers that had as much over the last weeks are named beside the plot
  const SPAN_WEEKS = 4; // that each height is a mean of
  const LABEL_HEIGHT = 0.9; // least thickness of a layer that carries its name, in font sizes

  /* Means over the last few values up to each: primes deliver in batches, and their weeks alone would be a comb. */
  function smooth(values, span) {
    let sum = 0;
    return values.map(function (value, i) {
      sum += value - (i >= span ? values[i - span] : 0);
      return sum / Math.min(i + 1, span);
    });
  }

  const ORDER = ["workshops", "joint_lines", "primes"]; // of layers, from the bottom up
  const TINTS = { workshops: "blue from workshops", primes: "orange from primes", joint_lines: "green from joint lines" };

  /* The layers from the bottom up: others first, then families by the kind of maker that began them. */
  function layers(stream, theme) {
    const below = stream.weeks.map(function () {
      return 0;
    });
    const ordered = stream.families.slice().sort(function (a, b) {
      return ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind);
    });
    const all = [{ name: "other families", family: null, sorties: stream.others, colour: theme.families.others }];
    ordered.forEach(function (family) {
      const colour = RaceStage.theme.family(theme, family.kind, family.family, all[all.length - 1].colour);
      all.push({ name: family.name, family: family.family, kind: family.kind, sorties: family.sorties, colour: colour });
    });
    const last = below.length - 1;
    const span = last > 0 ? Math.max(1, Math.round((SPAN_WEEKS * last) / (stream.weeks[last] - stream.weeks[0]))) : 1;
    all.forEach(function (layer) {
      const sorties = smooth(layer.sorties, span);
      layer.low = below.slice();
      for (let i = 0; i <= last; i += 1) below[i] += sorties[i];
      layer.high = below.slice();
      layer.lately = sorties[last];
      layer.middle = (layer.low[last] + layer.high[last]) / 2;
    });
    return all;
  }

  function area(layer, weeks, plot) {
    const upper = [];
    const lower = [];
    for (let i = 0; i < weeks.length; i += 1) {
      const x = plot.x(weeks[i]);
      upper.push([x, plot.y(layer.high[i])]);
      lower.push([x, plot.y(layer.low[i])]);
    }
    return drawing.path(upper.concat(lower.reverse())) + "Z";
  }

  /* Names of layers that flew lately, beside the week now. */
  function namesNow(all, sheet, plot, common, x) {
    const shown = all.filter(function (layer) {
      return layer.lately >= NAMED_LATELY * common.sorties;
    });
    const places = drawing.apart(
      shown.map(function (layer) {
        return plot.y(layer.middle);
      }),
      sheet.small * 1.05,
      plot.top + sheet.small * 0.5,
      plot.bottom - sheet.small * 0.3
    );
    return shown
      .map(function (layer, index) {
        const y = places[index];
        const id = layer.family === null ? null : "family-" + layer.family;
        return element(
          "g",
          { "data-select": id, "data-layer": layer.name },
          element("rect", {
            x: x + 6,
            y: y - sheet.small * 0.4,
            width: sheet.small * 0.8,
            height: sheet.small * 0.8,
            fill: layer.colour,
            stroke: sheet.theme.soft,
            "stroke-width": 0.6,
          }) +
            label(x + 10 + sheet.small * 0.8, y + sheet.small * 0.35, layer.name, {
              halo: sheet.theme.paper,
              weight: id && id === sheet.selected ? "bold" : null,
            })
        );
      })
      .join("");
  }

  /* Names of the other layers, each where its layer is thickest, thick ones first; a name that would lie on another is left out. */
  function namesBefore(all, weeks, plot, sheet, common) {
    const taken = [];
    const wanted = all
      .filter(function (layer) {
        return layer.lately < NAMED_LATELY * common.sorties;
      })
      .map(function (layer) {
        return spot(layer, weeks, plot, sheet);
      })
      .filter(Boolean);
    wanted.sort(function (a, b) {
      return b.thickness - a.thickness;
    });
    return wanted
      .filter(function (one) {
        const free = taken.every(function (other) {
          return Math.abs(one.x - other.x) > one.half + other.half || Math.abs(one.y - other.y) > sheet.small * 1.1;
        });
        if (free) taken.push(one);
        return free;
      })
      .map(function (one) {
        return label(one.x, one.y + sheet.small * 0.35, one.name, { anchor: "middle", halo: sheet.theme.paper });
      })
      .join("");
  }

  /* Where a layer is thickest and has room for its name; null if it is too thin. Thickness is the least over the width of the name. */
  function spot(layer, weeks, plot, sheet) {
    const half = drawing.textWidth(layer.name, sheet.small) / 2 + 3;
    const span = Math.max(1, Math.ceil((half / Math.max(0.1, plot.x(weeks[weeks.length - 1]) - plot.left)) * weeks.length));
    let best = -1;
    let most = sheet.small * LABEL_HEIGHT;
    for (let i = span; i < weeks.length - span; i += 1) {
      let thickness = Infinity;
      for (let k = i - span; k <= i + span && thickness > most; k += 1)
        thickness = Math.min(thickness, plot.y(layer.low[k]) - plot.y(layer.high[k]));
      if (thickness > most) {
        most = thickness;
        best = i;
      }
    }
    if (best < 0) return null;
    return {
      name: layer.name,
      thickness: most,
      half: half,
      x: plot.x(weeks[best]),
      y: (plot.y(layer.low[best]) + plot.y(layer.high[best])) / 2,
    };
  }

  /* When the warm-up ends every maker's design founds a family of its own. */
  function rooted(stream, sheet, plot) {
    if (!words.known(stream.rooted)) return "";
    const x = plot.x(stream.rooted);
    const line = element("line", {
      x1: x,
      x2: x,
      y1: plot.top,
      y2: plot.bottom,
      stroke: sheet.theme.soft,
      "stroke-dasharray": "4 3",
    });
    return (
      line + label(x + 4, plot.top + sheet.small, "families counted anew", { fill: sheet.theme.ink, halo: sheet.theme.paper })
    );
  }

  function markTip(mark) {
    const target = words.known(mark.family)
      ? "in week " +
        mark.best +
        ", its best, it stopped " +
        words.percent(mark.stops) +
        " of the sorties of family " +
        mark.family
      : "it has stopped next to nothing yet";
    return (
      "week " +
      mark.week +
      ": a countermeasure to the " +
      mark.module +
      " by " +
      words.agent(mark.team) +
      " begins to act\n" +
      target
    );
  }

  function mark(one, module, x, y, radius, sheet) {
    const theme = sheet.theme;
    const chosen = sheet.selected === one.team;
    return drawing.moduleMark(module, x, y, radius, {
      fill: theme.countermeasure,
      "fill-opacity": words.known(one.family) ? one.stops : 0,
      stroke: chosen ? theme.ink : theme.countermeasure,
      "stroke-width": chosen ? 2.5 : 1,
      "data-select": one.team,
      "data-tip": markTip(one),
    });
  }

  /* In the layers: countermeasures that have stopped much of a family that is drawn, where they began to act. */
  function hits(all, frame, sheet, plot) {
    const weeks = frame.stream.weeks;
    return frame.stream.marks
      .map(function (one) {
        const layer =
          one.stops >= MUCH &&
          all.find(function (other) {
            return other.family === one.family;
          });
        const i = RaceStage.weekPlot.at(weeks, one.week);
        if (!layer || i < 0 || layer.high[i] - layer.low[i] <= 0) return "";
        const y = plot.y((layer.low[i] + layer.high[i]) / 2);
        return drawing.moduleMark(frame.modules.indexOf(one.module), plot.x(one.week), y, sheet.size * 0.36, {
          fill: sheet.theme.countermeasure,
          stroke: sheet.theme.paper,
          "stroke-width": 1.2,
          "data-select": one.team,
          "data-tip": markTip(one),
        });
      })
      .join("");
  }

  /* One row of marks for each module above the plot; fuller marks stop more of a family. */
  function marks(frame, sheet, plot, row) {
    const theme = sheet.theme;
    let body = "";
    frame.modules.forEach(function (module, index) {
      const y = row * (index + 0.75);
      body += label(plot.left - 5, y + sheet.small * 0.35, module, { anchor: "end", fill: theme.soft });
      body += element("line", { x1: plot.left, x2: plot.right, y1: y, y2: y, stroke: theme.grid });
    });
    frame.stream.marks.forEach(function (one) {
      const module = frame.modules.indexOf(one.module);
      body += mark(one, module, plot.x(one.week), row * (module + 0.75), sheet.size * 0.4, sheet);
    });
    return body;
  }

  RaceStage.views.stream = {
    title: "Which design families fly?",
    explanation: function (frame) {
      const founders = ORDER.filter(function (kind) {
        return frame.stream.families.some(function (family) {
          return family.kind === kind;
        });
      });
      const tints = founders.map(function (kind) {
        return TINTS[kind];
      });
      const guests = frame.kinds.indexOf("joint_lines") >= 0 && founders.indexOf("joint_lines") < 0;
      return (
        "Sorties a week (means of " +
        SPAN_WEEKS +
        " weeks) by family: all designs that descend from one founder" +
        (tints.length ? "; " + tints.join(", ") : "") +
        "." +
        (guests ? " Joint lines fly in the family of their workshop." : "") +
        " Above: countermeasures as they begin to act, by the part they attack."
      );
    },

    draw: function (frame, sheet, common) {
      const stream = frame.stream;
      const row = sheet.small * 1.25;
      const plot = RaceStage.weekPlot(frame, sheet, common, {
        top: row * (frame.modules.length + 2.9),
        unit: "sorties a week",
        height: HEIGHT * sheet.size,
        right: 10 + sheet.small * 0.8 + drawing.textWidth("other families", sheet.small),
        low: 0,
        high: common.sorties,
        format: words.brief,
        room: 5.8,
      });
      const all = layers(stream, sheet.theme);
      let body = plot.under;
      all.forEach(function (layer) {
        const id = layer.family === null ? null : "family-" + layer.family;
        body += element("path", {
          d: area(layer, stream.weeks, plot),
          fill: layer.colour,
          stroke: id && id === sheet.selected ? sheet.theme.ink : sheet.theme.paper,
          "stroke-width": id && id === sheet.selected ? 2.5 : 0.7,
          "data-select": id,
          "data-layer": layer.name,
        });
      });
      body += rooted(stream, sheet, plot) + namesBefore(all, stream.weeks, plot, sheet, common);
      body +=
        hits(all, frame, sheet, plot) +
        plot.over +
        marks(frame, sheet, plot, row) +
        namesNow(all, sheet, plot, common, plot.x(frame.week));
      const items = [0, 1].map(function (full) {
        return {
          text: full ? "stops most of a family" : "a countermeasure begins to act; stops little",
          mark: function (x, y) {
            return drawing.moduleMark(1, x, y, sheet.size * 0.42, {
              fill: sheet.theme.countermeasure,
              "fill-opacity": full,
              stroke: sheet.theme.countermeasure,
            });
          },
        };
      });
      const earlier = stream.omitted_marks
        ? [
            {
              text: words.number(stream.omitted_marks) + " earlier ones are not drawn",
              room: 1,
              mark: function () {
                return "";
              },
            },
          ]
        : [];
      const legend = drawing.legend(
        items.concat(earlier, RaceStage.weekPlot.sharedKeys(frame, sheet)),
        sheet,
        4,
        plot.height,
        sheet.width - 8
      );
      const summary = words.count(stream.families.length, "family", "families") + " with most sorties, up to week " + frame.week;
      return drawing.svg(sheet, plot.height + legend.height, body + legend.body, summary, plot.attributes);
    },

    readout: function (frame, week) {
      const stream = frame.stream;
      const i = RaceStage.weekPlot.at(stream.weeks, week);
      if (i < 0) return null;
      const flown = stream.families.filter(function (family) {
        return family.sorties[i] > 0;
      });
      flown.sort(function (a, b) {
        return b.sorties[i] - a.sorties[i];
      });
      const lines = flown.slice(0, 5).map(function (family) {
        return family.name + " (" + words.kind(family.kind) + "): " + words.brief(family.sorties[i]);
      });
      return ["week " + stream.weeks[i] + ", sorties"]
        .concat(lines, ["other families: " + words.brief(stream.others[i])])
        .join("\n");
    },
  };
})(RaceStage);
