/* The arsenal: drones in stock by age, and how much of it is already countered. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const words = RaceStage.words;
  const element = drawing.element;
  const label = drawing.label;
  const HEIGHT = 11; // of the plot, in font sizes
  const FILLED = 0.8; // of the room of an age, by its bars
  const BAR_GAP = 2; // pixels
  const FEW_TICKS = 4;
  const AXIS_GAP = 9; // pixels between the edge, the numbers of the axis, and the axis
  const DIGIT_WIDTH = 0.64; // of a digit in font sizes: digits are wider than letters are on average
  const DIGITS = 3; // of a number on a bar

  function bar(kind, cell, left, width, y, base, sheet, tip) {
    const theme = sheet.theme;
    const stock = cell[0];
    const countered = cell[1];
    if (!stock) return "";
    const pattern = "url(#" + sheet.prefix + "-" + kind + ")";
    return element(
      "g",
      { "data-tip": tip },
      element("rect", { x: left, y: y(stock), width: width, height: base - y(stock), fill: theme[kind], stroke: theme.edges[kind] }) +
        element("rect", {
          x: left,
          y: y(countered),
          width: width,
          height: base - y(countered),
          fill: pattern,
          stroke: theme.edges[kind],
        })
    );
  }

  /* The numbers on the bars; one that would lie on another goes above it. */
  function bars(numbers, sheet) {
    const taken = [];
    return numbers
      .map(function (one) {
        const width = one.text.length * DIGIT_WIDTH * sheet.small;
        const left = one.anchor === "end" ? one.x - width : Math.min(one.anchor === "start" ? one.x : one.x - width / 2, sheet.width - width);
        const box = { left: left, right: left + width, y: one.y };
        const covers = function (other) {
          return other.left < box.right && box.left < other.right && Math.abs(other.y - box.y) < sheet.small;
        };
        while (taken.some(covers)) box.y -= sheet.small;
        taken.push(box);
        const style = { fill: sheet.theme.text[one.kind], halo: sheet.theme.paper, anchor: one.anchor };
        const x = { end: box.right, start: left, middle: left + width / 2 }[one.anchor];
        return label(x, box.y, one.text, style);
      })
      .join("");
  }

  RaceStage.views.arsenal = {
    title: "How old is the arsenal, and how much is countered?",
    explanation:
      "Drones in stock, by age. Hatched: already countered, that is, countermeasures have taken half or more of the success " +
      "their design has unopposed.",

    draw: function (frame, sheet, common) {
      const arsenal = frame.arsenal;
      const theme = sheet.theme;
      const left = Math.ceil(drawing.textWidth(words.number(common.stock), sheet.small)) + AXIS_GAP;
      const right = sheet.width - 6;
      const top = sheet.small * 2.6;
      const base = top + HEIGHT * sheet.size;
      const y = RaceStage.scales.linear(0, common.stock, base, top);
      const room = (right - left) / arsenal.ages.length;
      const kinds = frame.kinds;
      const width = Math.min((room * FILLED) / kinds.length, sheet.size * 4);
      const numbers = [];
      let body = element(
        "defs",
        {},
        kinds.map(function (kind) {
          return drawing.hatch(sheet.prefix + "-" + kind, theme[kind], theme.paper);
        }).join("")
      );
      RaceStage.scales.ticks(0, common.stock, FEW_TICKS).forEach(function (value) {
        body += element("line", { x1: left, x2: right, y1: y(value), y2: y(value), stroke: theme.grid });
        body += label(left - 5, y(value) + sheet.small * 0.35, words.number(value), { anchor: "end", fill: theme.soft });
      });
      arsenal.ages.forEach(function (age, index) {
        const middle = left + room * (index + 0.5);
        kinds.forEach(function (kind, side) {
          const cell = arsenal[kind][index];
          const start = middle + (side - kinds.length / 2) * (width + BAR_GAP) + BAR_GAP / 2;
          const anchor = side === 0 ? "end" : side === kinds.length - 1 ? "start" : "middle";
          const x = { end: start + width, start: start, middle: start + width / 2 }[anchor];
          const tip =
            words.kind(kind) +
            ", " +
            age +
            " weeks old: " +
            words.count(cell[0], "drone", "drones") +
            ", " +
            words.number(cell[1]) +
            " of them countered";
          body += bar(kind, cell, start, width, y, base, sheet, tip);
          if (cell[0]) numbers.push({ kind: kind, text: rounded(cell[0]), x: x, anchor: anchor, y: y(cell[0]) - 4 });
        });
        body += label(middle, base + sheet.small * 1.25, age, { anchor: "middle", fill: theme.soft });
      });
      body += bars(numbers, sheet);
      body += label(4, sheet.small, "drones", { fill: theme.soft });
      body += element("line", { x1: left, x2: right, y1: base, y2: base, stroke: theme.line });
      body += label((left + right) / 2, base + sheet.small * 2.5, "age of the drones, weeks", {
        anchor: "middle",
        fill: theme.soft,
      });
      const items = kinds.map(function (kind) {
        return swatch(words.kind(kind) + ", not countered", theme[kind], theme.edges[kind]);
      }).concat(
        kinds.map(function (kind) {
          return swatch(words.kind(kind) + ", countered", "url(#" + sheet.prefix + "-" + kind + ")", theme.edges[kind]);
        })
      );
      const legend = drawing.legend(items, sheet, 4, base + sheet.small * 2.9, sheet.width - 8);
      const summary =
        words.percent(arsenal.total ? arsenal.countered / arsenal.total : 0) +
        " of " +
        words.number(arsenal.total) +
        " drones in stock are countered";
      return drawing.svg(sheet, base + sheet.small * 2.9 + legend.height, body + legend.body, summary);
    },

    /* The sentence above the drawing. */
    lead: function (frame, key) {
      const arsenal = frame.arsenal;
      if (!arsenal.total) return "No drone is in stock.";
      const number = function (name, text) {
        return "<span data-key='" + key + ".arsenal." + name + "'>" + text + "</span>";
      };
      return (
        number("total", words.number(arsenal.total)) +
        " drones in stock. " +
        (arsenal.dropped
          ? "Operators have given up the designs of " +
            number("dropped", words.number(arsenal.dropped)) +
            " of them: these stay in the depot. "
          : "") +
        "Countermeasures now take half or more of the success of <b>" +
        number("share", words.percent(arsenal.countered / arsenal.total)) +
        "</b> of the stock (" +
        number("countered", words.number(arsenal.countered)) +
        " drones)."
      );
    },
  };

  /* A number of drones to three digits: 225 or 16,200. */
  function rounded(drones) {
    return words.number(Number(drones.toPrecision(DIGITS)));
  }

  function swatch(text, fill, stroke) {
    return {
      text: text,
      room: 20,
      mark: function (x, y) {
        return element("rect", { x: x - 9, y: y - 6, width: 18, height: 12, fill: fill, stroke: stroke });
      },
    };
  }
})(RaceStage);
