/* The arsenal: drones in stock by age, and how much of it is already countered. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const words = RaceStage.words;
  const element = drawing.element;
  const label = drawing.label;
  const HEIGHT = 11; // of the plot, in font sizes
  const KINDS = ["workshops", "primes"];
  const FEW_TICKS = 4;
  const THOUSANDS_FROM = 2000;

  function bar(kind, cell, left, width, y, base, sheet, unit, tip) {
    const theme = sheet.theme;
    const stock = cell[0];
    const countered = cell[1];
    if (!stock) return "";
    const pattern = "url(#" + sheet.prefix + "-" + kind + ")";
    return element(
      "g",
      { "data-tip": tip },
      element("rect", { x: left, y: y(stock), width: width, height: base - y(stock), fill: theme[kind], stroke: theme[kind] }) +
        element("rect", {
          x: left,
          y: y(countered),
          width: width,
          height: base - y(countered),
          fill: pattern,
          stroke: theme[kind],
        }) +
        label(left + width / 2, y(stock) - 4, unit.show(stock), { anchor: "middle", fill: theme.text[kind] })
    );
  }

  RaceStage.views.arsenal = {
    title: "How old is the arsenal, and how much is countered?",
    explanation:
      "Drones in stock, by age. Hatched: already countered, that is, countermeasures have taken half or more of the success " +
      "their design has unopposed.",

    draw: function (frame, sheet, common) {
      const arsenal = frame.arsenal;
      const theme = sheet.theme;
      const unit = unitOf(common.stock);
      const left = Math.round(sheet.small * 3);
      const right = sheet.width - 6;
      const top = sheet.small * 2.6;
      const base = top + HEIGHT * sheet.size;
      const y = RaceStage.scales.linear(0, common.stock, base, top);
      const room = (right - left) / arsenal.ages.length;
      const width = Math.min(room * 0.4, sheet.size * 4);
      let body = element(
        "defs",
        {},
        KINDS.map(function (kind) {
          return drawing.hatch(sheet.prefix + "-" + kind, theme[kind], theme.paper);
        }).join("")
      );
      RaceStage.scales.ticks(0, common.stock, FEW_TICKS).forEach(function (value) {
        body += element("line", { x1: left, x2: right, y1: y(value), y2: y(value), stroke: theme.grid });
        body += label(left - 5, y(value) + sheet.small * 0.35, unit.show(value), { anchor: "end", fill: theme.soft });
      });
      arsenal.ages.forEach(function (age, index) {
        const middle = left + room * (index + 0.5);
        KINDS.forEach(function (kind, side) {
          const cell = arsenal[kind][index];
          const tip =
            kind +
            ", " +
            age +
            " weeks old: " +
            words.count(cell[0], "drone", "drones") +
            ", " +
            words.number(cell[1]) +
            " of them countered";
          body += bar(kind, cell, middle + (side ? 1 : -width - 1), width, y, base, sheet, unit, tip);
        });
        body += label(middle, base + sheet.small * 1.25, age, { anchor: "middle", fill: theme.soft });
      });
      body += label(4, sheet.small, unit.name, { fill: theme.soft });
      body += element("line", { x1: left, x2: right, y1: base, y2: base, stroke: theme.line });
      body += label((left + right) / 2, base + sheet.small * 2.5, "age of the drones, weeks", {
        anchor: "middle",
        fill: theme.soft,
      });
      const items = KINDS.map(function (kind) {
        return swatch(kind + ", not countered", theme[kind], theme[kind]);
      }).concat(
        KINDS.map(function (kind) {
          return swatch(kind + ", countered", "url(#" + sheet.prefix + "-" + kind + ")", theme[kind]);
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
      let text =
        "<b data-key='" +
        key +
        ".arsenal.share'>" +
        words.percent(arsenal.countered / arsenal.total) +
        "</b> of <span data-key='" +
        key +
        ".arsenal.total'>" +
        words.number(arsenal.total) +
        "</span> drones are already countered (<span data-key='" +
        key +
        ".arsenal.countered'>" +
        words.number(arsenal.countered) +
        "</span>)";
      if (arsenal.dropped) {
        text +=
          "; operators no longer fly <span data-key='" + key + ".arsenal.dropped'>" + words.number(arsenal.dropped) + "</span>";
      }
      return text + ".";
    },
  };

  /* Many drones are counted in thousands, to keep the numbers on the bars short. */
  function unitOf(most) {
    const thousands = most >= THOUSANDS_FROM;
    return {
      name: thousands ? "thousand drones" : "drones",
      show: function (value) {
        return words.brief(thousands ? Number((value / 1000).toPrecision(3)) : value);
      },
    };
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
