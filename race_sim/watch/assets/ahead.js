/* Who is ahead: hits a sortie of each kind of maker, with the same race under a control as a thin line. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const words = RaceStage.words;
  const element = drawing.element;
  const label = drawing.label;
  const HEIGHT = 13.5; // of the plot, in font sizes
  const LISTED_EVENTS = 4; // the newest ones
  const END_ROOM = 14; // pixels for the mark at the end of a line, beside its words
  const WIDTH = 2.5; // of the lines of the race, pixels
  const THIN = { "stroke-width": 1.2, "stroke-opacity": 0.75 }; // lines of the control

  function line(weeks, values, plot, attributes) {
    const points = weeks.map(function (week, index) {
      return [plot.x(week), values[index] === null || values[index] === undefined ? null : plot.y(values[index])];
    });
    return element("path", Object.assign({ d: drawing.path(points), fill: "none", "stroke-linejoin": "round" }, attributes));
  }

  function last(values) {
    for (let i = values.length - 1; i >= 0; i -= 1) if (words.known(values[i])) return i;
    return -1;
  }

  /* What a legend says of lines of which one breaks off. */
  function gaps(lines) {
    const broken = lines.some(function (values) {
      const begun = values.findIndex(words.known);
      return begun >= 0 && !values.slice(begun).every(words.known);
    });
    return broken ? " (gaps: no sorties)" : "";
  }

  /* Why there is no control to draw, in its key's place. */
  function note(ahead, sheet, top) {
    if (ahead.control || !ahead.control_note) return { body: "", height: 0 };
    const step = sheet.small * drawing.LINE;
    const lines = drawing.wrap(ahead.control_note, sheet.width - 8, sheet.small);
    const body = lines.map(function (text, index) {
      return label(4, top + step * (index + 0.8), text, { fill: sheet.theme.soft });
    });
    return { body: body.join(""), height: step * lines.length };
  }

  /* The value now, at the end of each line. */
  function ends(frame, sheet, plot) {
    const ahead = frame.ahead;
    const shown = frame.kinds.filter(function (kind) {
      return last(ahead[kind]) >= 0;
    });
    const wanted = shown.map(function (kind) {
      return plot.y(ahead[kind][last(ahead[kind])]);
    });
    const places = drawing.apart(wanted, sheet.small * 1.2, plot.top + 4, plot.bottom - 2);
    return shown
      .map(function (kind, index) {
        const i = last(ahead[kind]);
        const x = plot.x(ahead.weeks[i]);
        const text = words.kind(kind) + " " + words.number(ahead[kind][i], 2);
        const fits = x + 10 + drawing.textWidth(text, sheet.small, true) <= sheet.width;
        return (
          drawing.kindMark(kind, x, wanted[index], 4.5, { fill: sheet.theme[kind], stroke: sheet.theme.edges[kind] }) +
          label(fits ? x + 9 : x - 9, places[index] + sheet.small * 0.35, text, {
            anchor: fits ? "start" : "end",
            weight: "bold",
            fill: sheet.theme.text[kind],
            halo: sheet.theme.paper,
          })
        );
      })
      .join("");
  }

  RaceStage.views.ahead = {
    title: "Who hits more with each sortie?",
    explanation: function (frame) {
      const window = frame.verdict.window;
      return (
        "Hits a sortie, " +
        frame.ahead.window +
        "-week means, which swing more than the " +
        words.count(window[1] - window[0] + 1, "week", "weeks") +
        " above: 0.30 means that 3 of 10 sorties hit."
      );
    },

    /* The changes of parameters so far, with the numbers that mark them in the drawing. */
    lead: function (frame) {
      const events = RaceStage.weekPlot.changes(frame);
      const first = Math.max(0, events.length - LISTED_EVENTS);
      return events
        .slice(first)
        .map(function (event, index) {
          return "<b>" + (first + index + 1) + "</b> from week " + event.week + ": " + words.escape(event.text);
        })
        .join("<br>");
    },

    draw: function (frame, sheet, common) {
      const ahead = frame.ahead;
      const kinds = frame.kinds;
      const theme = sheet.theme;
      const plot = RaceStage.weekPlot(frame, sheet, common, {
        top: sheet.small * 3,
        unit: "hits a sortie",
        height: HEIGHT * sheet.size,
        right: END_ROOM + drawing.textWidth(kinds.length > 2 ? "joint lines 0.00" : "workshops 0.00", sheet.small, true),
        low: 0,
        high: common.rate,
        format: function (value) {
          return String(value);
        },
      });
      let body = plot.under;
      const items = kinds.map(function (kind) {
        const values = { stroke: theme[kind], "stroke-width": WIDTH, "stroke-dasharray": drawing.kindDash(kind) };
        return drawing.lineKey(words.kind(kind) + gaps([ahead[kind]]), values, theme.edges[kind]);
      });
      if (ahead.control) {
        kinds.forEach(function (kind) {
          const values = Object.assign({ stroke: theme.edges[kind], "stroke-dasharray": drawing.kindDash(kind) }, THIN);
          body += line(ahead.control.weeks, ahead.control[kind], plot, values);
        });
        const controls = kinds.map(function (kind) {
          return ahead.control[kind];
        });
        items.push(drawing.lineKey("thin: " + ahead.control.label + gaps(controls), Object.assign({ stroke: theme.total }, THIN)));
      }
      kinds.forEach(function (kind) {
        const values = { stroke: theme[kind], "stroke-width": WIDTH, "stroke-dasharray": drawing.kindDash(kind) };
        drawing.edged(values, theme.edges[kind]).forEach(function (layer) {
          body += line(ahead.weeks, ahead[kind], plot, layer);
        });
      });
      body += plot.over + ends(frame, sheet, plot);
      const legend = drawing.legend(
        items.concat(RaceStage.weekPlot.sharedKeys(frame, sheet)),
        sheet,
        4,
        plot.height,
        sheet.width - 8
      );
      const why = note(ahead, sheet, plot.height + legend.height);
      const height = plot.height + legend.height + why.height;
      const summary = "Hits a sortie in week " + frame.week + ": " + this.readout(frame, frame.week);
      return drawing.svg(sheet, height, body + legend.body + why.body, summary, plot.attributes);
    },

    readout: function (frame, week) {
      const ahead = frame.ahead;
      const lines = [];
      const i = RaceStage.weekPlot.at(ahead.weeks, week);
      if (i >= 0 && week <= frame.week) {
        frame.kinds.forEach(function (kind) {
          lines.push(words.kind(kind) + ": " + words.rate(ahead[kind][i]));
        });
      }
      if (ahead.control) {
        const k = RaceStage.weekPlot.at(ahead.control.weeks, week);
        if (k >= 0) {
          lines.push(
            ahead.control.label +
              ": " +
              frame.kinds.map(function (kind) {
                return words.kind(kind) + " " + words.rate(ahead.control[kind][k]);
              }).join(", ")
          );
        }
      }
      return ["week " + week + ", hits a sortie"].concat(lines).join("\n");
    },
  };

  RaceStage.weekPlot.line = line;
})(RaceStage);
