/* The front: hits push the balance up, the defender's recovery pulls it down, under three assumptions. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const words = RaceStage.words;
  const element = drawing.element;
  const label = drawing.label;
  const HEIGHT = 9.5; // of the plot, in font sizes
  const LEVELS = [
    { name: "low", text: "low regeneration", dash: "6 4" },
    { name: "central", text: "central", dash: null },
    { name: "high", text: "high", dash: "2 4" },
  ];

  function band(balance, plot) {
    const upper = [];
    const lower = [];
    balance.weeks.forEach(function (week, index) {
      upper.push([plot.x(week), plot.y(balance.low[index])]);
      lower.push([plot.x(week), plot.y(balance.high[index])]);
    });
    return drawing.path(upper.concat(lower.reverse())) + "Z";
  }

  RaceStage.views.balance = {
    title: "Which way does the front move?",
    explanation:
      "Hits push the balance up; regeneration, the defender's recovery, pulls it down. At +1 the attack has prevailed, at \u22121 " +
      "the defence. How fast the defender recovers is not known: hence three lines.",

    draw: function (frame, sheet, common) {
      const balance = frame.ahead.balance;
      const theme = sheet.theme;
      const plot = RaceStage.weekPlot(frame, sheet, common, {
        top: sheet.small * 3,
        unit: "balance",
        height: HEIGHT * sheet.size,
        right: sheet.small * 9.2,
        low: -1,
        high: 1,
        ticks: [-1, 0, 1],
        format: function (value) {
          return value > 0 ? "+1" : value < 0 ? "\u22121" : "0";
        },
      });
      let body =
        plot.under + element("line", { x1: plot.left, x2: plot.right, y1: plot.y(0), y2: plot.y(0), stroke: theme.line });
      [
        [1, "attack prevails", 1.05],
        [-1, "defence holds", -0.4],
      ].forEach(function (side) {
        body += label(plot.left + 5, plot.y(side[0]) + sheet.small * side[2], side[1], { fill: theme.soft, halo: theme.paper });
      });
      if (balance.weeks.length) {
        body += element("path", { d: band(balance, plot), fill: theme.total, "fill-opacity": 0.15 });
        LEVELS.forEach(function (level) {
          body += RaceStage.weekPlot.line(balance.weeks, balance[level.name], plot, {
            stroke: theme.ink,
            "stroke-width": level.name === "central" ? 2.4 : 1.5,
            "stroke-dasharray": level.dash,
          });
        });
        const end = balance.weeks.length - 1;
        const wanted = LEVELS.map(function (level) {
          return plot.y(balance[level.name][end]);
        });
        const places = drawing.apart(wanted, sheet.small * 1.15, plot.top, plot.bottom);
        const x = plot.x(balance.weeks[end]) + 8;
        LEVELS.forEach(function (level, index) {
          const text = words.number(balance[level.name][end], 2);
          const fits = x + drawing.textWidth(text, sheet.small) <= sheet.width;
          body += label(fits ? x : x - 16, places[index] + sheet.small * 0.35, text, {
            weight: level.name === "central" ? "bold" : null,
            halo: theme.paper,
            anchor: fits ? "start" : "end",
          });
        });
      }
      body += plot.over;
      const items = LEVELS.map(function (level) {
        return drawing.lineKey(level.text, {
          stroke: theme.ink,
          "stroke-width": level.name === "central" ? 2.4 : 1.5,
          "stroke-dasharray": level.dash,
        });
      });
      const legend = drawing.legend(
        items.concat(RaceStage.weekPlot.sharedKeys(frame, sheet)),
        sheet,
        4,
        plot.height,
        sheet.width - 8
      );
      return drawing.svg(
        sheet,
        plot.height + legend.height,
        body + legend.body,
        this.readout(frame, frame.week) || "no week yet",
        plot.attributes
      );
    },

    readout: function (frame, week) {
      const balance = frame.ahead.balance;
      const i = RaceStage.weekPlot.at(balance.weeks, week);
      if (i < 0) return null;
      return ["week " + balance.weeks[i] + ", front balance"]
        .concat(
          LEVELS.map(function (level) {
            return level.text + ": " + words.number(balance[level.name][i], 2);
          })
        )
        .join("\n");
    },
  };
})(RaceStage);
