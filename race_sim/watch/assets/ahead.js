/* Who is ahead: hits a sortie of both kinds of maker, with the same race under a control as a faint line. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const words = RaceStage.words;
  const element = drawing.element;
  const label = drawing.label;
  const HEIGHT = 13.5; // of the plot, in font sizes
  const LISTED_EVENTS = 4; // the newest ones
  const END_ROOM = 14; // pixels for the mark at the end of a line, beside its words
  const KINDS = ["workshops", "primes"];
  const DASHES = { workshops: null, primes: "7 4" };

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

  /* The value now, at the end of each line. */
  function ends(ahead, sheet, plot) {
    const shown = KINDS.filter(function (kind) {
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
        const text = kind + " " + words.number(ahead[kind][i], 2);
        const fits = x + 10 + drawing.textWidth(text, sheet.small, true) <= sheet.width;
        return (
          drawing.kindMark(kind, x, wanted[index], 4.5, { fill: sheet.theme[kind], stroke: sheet.theme.paper }) +
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
      return (
        "Hits a sortie, mean of " +
        words.count(frame ? frame.ahead.window : 4, "week", "weeks") +
        ": 0.30 means that 3 of 10 sorties hit. The higher line is ahead."
      );
    },

    /* The levers moved, with the numbers that mark them in the drawing. */
    lead: function (frame) {
      const events = frame.ahead.events;
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
      const theme = sheet.theme;
      const plot = RaceStage.weekPlot(frame, sheet, common, {
        top: sheet.small * 3,
        unit: "hits a sortie",
        height: HEIGHT * sheet.size,
        right: END_ROOM + drawing.textWidth("workshops 0.00", sheet.small, true),
        low: 0,
        high: common.rate,
        format: function (value) {
          return String(value);
        },
      });
      let body = plot.under;
      const items = KINDS.map(function (kind) {
        return drawing.lineKey(kind, { stroke: theme[kind], "stroke-width": 2.5, "stroke-dasharray": DASHES[kind] });
      });
      if (ahead.control) {
        KINDS.forEach(function (kind) {
          body += line(ahead.control.weeks, ahead.control[kind], plot, {
            stroke: theme[kind],
            "stroke-width": 1.2,
            "stroke-opacity": 0.5,
            "stroke-dasharray": kind === "primes" ? "4 3" : null,
          });
        });
        items.push(
          drawing.lineKey("faint: " + ahead.control.label, { stroke: theme.total, "stroke-width": 1.2, "stroke-opacity": 0.5 })
        );
      }
      KINDS.forEach(function (kind) {
        body += line(ahead.weeks, ahead[kind], plot, {
          stroke: theme[kind],
          "stroke-width": 2.5,
          "stroke-dasharray": DASHES[kind],
        });
      });
      body += plot.over + ends(ahead, sheet, plot);
      const legend = drawing.legend(
        items.concat(RaceStage.weekPlot.sharedKeys(frame, sheet)),
        sheet,
        4,
        plot.height,
        sheet.width - 8
      );
      const summary = "Hits a sortie in week " + frame.week + ": " + this.readout(frame, frame.week);
      return drawing.svg(sheet, plot.height + legend.height, body + legend.body, summary, plot.attributes);
    },

    readout: function (frame, week) {
      const ahead = frame.ahead;
      const lines = [];
      const i = RaceStage.weekPlot.at(ahead.weeks, week);
      if (i >= 0 && week <= frame.week) {
        KINDS.forEach(function (kind) {
          lines.push(kind + ": " + words.rate(ahead[kind][i]));
        });
      }
      if (ahead.control) {
        const k = RaceStage.weekPlot.at(ahead.control.weeks, week);
        if (k >= 0) {
          lines.push(
            ahead.control.label +
              ": " +
              KINDS.map(function (kind) {
                return kind + " " + words.rate(ahead.control[kind][k]);
              }).join(", ")
          );
        }
      }
      return ["week " + week + ", hits a sortie"].concat(lines).join("\n");
    },
  };

  RaceStage.weekPlot.line = line;
})(RaceStage);
