/* What all drawings over weeks share: axes, shaded warm-up, marks of events, and the week now. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const element = drawing.element;
  const label = drawing.label;
  const FEW_TICKS = 5;
  const LEFT_ROOM = 3.6; // for numbers of the axis, in font sizes
  const FLAG = { side: 16, corner: 3, above: 1, text: 12, base: 4.5, margin: 6 }; // the number of a change, pixels
  const KEY_FLAG = 14; // side of the same in the legend, pixels
  const NOW = { width: 1.5, above: 4, half: 5, top: 9, tip: 2 }; // the mark of the week now, pixels

  /* Lays out a plot. options: top, height (of the plot), room (left of it, in font sizes), right (beside it, in pixels), low, high, unit,
     ticks (if not the round ones), format(value). */
  function weekPlot(frame, sheet, common, options) {
    const left = Math.round(sheet.small * (options.room || LEFT_ROOM));
    const right = sheet.width - options.right;
    const top = options.top;
    const bottom = top + options.height;
    const x = RaceStage.scales.linear(0, common.weeks, left, right);
    const y = RaceStage.scales.linear(options.low, options.high, bottom, top);
    return {
      left: left,
      right: right,
      top: top,
      bottom: bottom,
      x: x,
      y: y,
      under: under(frame, sheet, { left: left, right: right, top: top, bottom: bottom, x: x, y: y }, options),
      over: over(frame, sheet, { top: top, bottom: bottom, x: x }),
      height: bottom + sheet.small * 2.9,
      attributes: { "data-axis": [left, right, 0, common.weeks].map(drawing.place).join(" "), "data-now": frame.week },
    };
  }

  function under(frame, sheet, plot, options) {
    const theme = sheet.theme;
    let body = "";
    if (frame.burn_in > 0) {
      const end = plot.x(Math.min(frame.burn_in, plot.x.high));
      body += element("rect", {
        x: plot.left,
        y: plot.top,
        width: end - plot.left,
        height: plot.bottom - plot.top,
        fill: theme.shade,
        "fill-opacity": 0.14,
      });
    }
    (options.ticks || RaceStage.scales.ticks(options.low, options.high, FEW_TICKS)).forEach(function (value) {
      const y = drawing.place(plot.y(value));
      body += element("line", { x1: plot.left, x2: plot.right, y1: y, y2: y, stroke: theme.grid });
      body += label(plot.left - 5, y + sheet.small * 0.35, options.format(value), { anchor: "end", fill: theme.soft });
    });
    body += label(4, plot.top - FLAG.above - FLAG.side - FLAG.margin, options.unit, { fill: theme.soft });
    const base = plot.bottom + sheet.small * 1.25;
    RaceStage.scales.ticks(0, plot.x.high, Math.max(3, Math.floor((plot.right - plot.left) / 60))).forEach(function (week) {
      const x = drawing.place(plot.x(week));
      body += element("line", { x1: x, x2: x, y1: plot.bottom, y2: plot.bottom + 4, stroke: theme.line });
      body += label(x, base, String(week), { anchor: "middle", fill: theme.soft });
    });
    body += element("line", { x1: plot.left, x2: plot.right, y1: plot.bottom, y2: plot.bottom, stroke: theme.line });
    body += label((plot.left + plot.right) / 2, base + sheet.small * 1.25, "week", { anchor: "middle", fill: theme.soft });
    return body;
  }

  /* Changes of parameters that have come about, in order of time; those that the timeline holds for later weeks are not told ahead of time. */
  function changes(frame) {
    return (frame.ahead.events || [])
      .filter(function (event) {
        return event.week <= frame.week;
      })
      .sort(function (one, other) {
        return one.week - other.week;
      });
  }

  /* The same by week: each week with the numbers and the words of its changes. */
  function changesByWeek(frame) {
    const weeks = [];
    changes(frame).forEach(function (event, index) {
      let one = weeks[weeks.length - 1];
      if (!one || one.week !== event.week) {
        one = { week: event.week, numbers: [], texts: [] };
        weeks.push(one);
      }
      one.numbers.push(index + 1);
      one.texts.push(event.text);
    });
    return weeks;
  }

  /* Numbers that follow on each other, as they stand on a flag: "1", "1, 2" or "1\u20134". */
  function numbered(numbers) {
    const last = numbers[numbers.length - 1];
    return numbers.length > 2 ? numbers[0] + "\u2013" + last : numbers.join(", ");
  }

  /* The numbers of changes on a flag in the middle of which x, y lies. */
  function flag(x, y, side, text, theme, tip) {
    const width = Math.max(side, drawing.textWidth(text, FLAG.text, true) + FLAG.margin);
    const box = { x: x - width / 2, y: y - side / 2, width: width, height: side, rx: FLAG.corner, fill: theme.ink, "data-tip": tip };
    const style = { anchor: "middle", fill: theme.paper, weight: "bold", size: FLAG.text };
    return element("rect", box) + label(x, y + FLAG.base, text, style);
  }

  /* The week now, and the changes of parameters so far. */
  function over(frame, sheet, plot) {
    const theme = sheet.theme;
    let body = "";
    changesByWeek(frame).forEach(function (one) {
      const x = drawing.place(plot.x(one.week));
      const tip = "week " + one.week + ": " + one.texts.join("\n");
      body += element("line", { x1: x, x2: x, y1: plot.top, y2: plot.bottom, stroke: theme.ink, "stroke-dasharray": "2 3" });
      body += flag(x, plot.top - FLAG.above - FLAG.side / 2, FLAG.side, numbered(one.numbers), theme, tip);
    });
    const now = drawing.place(plot.x(frame.week));
    body += element("line", {
      x1: now,
      x2: now,
      y1: plot.top - NOW.above,
      y2: plot.bottom,
      stroke: theme.ink,
      "stroke-width": NOW.width,
      "pointer-events": "none",
    });
    body += element("polygon", {
      points: [
        [now - NOW.half, plot.top - NOW.top],
        [now + NOW.half, plot.top - NOW.top],
        [now, plot.top - NOW.tip],
      ].join(" "),
      fill: theme.ink,
      "pointer-events": "none",
    });
    return body;
  }

  /* Keys of the legend that weekly drawings share. */
  function sharedKeys(frame, sheet) {
    const theme = sheet.theme;
    const keys = [];
    if (frame.burn_in > 0) {
      keys.push({
        text: "warm-up, not counted",
        mark: function (x, y) {
          return element("rect", { x: x - 7, y: y - 6, width: 14, height: 12, fill: theme.shade, "fill-opacity": 0.22 });
        },
      });
    }
    if (changes(frame).length) {
      keys.push({
        text: "a parameter changes",
        mark: function (x, y) {
          return flag(x, y, KEY_FLAG, "1", theme);
        },
      });
    }
    return keys;
  }

  /* The place of a week in a list of weeks that may be thinned out: the last one not after it, or -1. */
  function at(weeks, week) {
    let low = 0;
    let high = weeks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (weeks[middle] <= week) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  RaceStage.weekPlot = weekPlot;
  RaceStage.weekPlot.sharedKeys = sharedKeys;
  RaceStage.weekPlot.changes = changes;
  RaceStage.weekPlot.at = at;
})(RaceStage);
