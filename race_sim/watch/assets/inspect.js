/* One agent: its record in facts, lines over the weeks, and its history. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const words = RaceStage.words;
  const element = drawing.element;
  const label = drawing.label;
  const HINT =
    "Click a mark, a ring, a family or an event to see who is behind it: a maker, a countermeasure team or a family.";
  const HEIGHT = 4; // of one small plot, in font sizes
  const LEFT = 4; // pixels
  const LINE_WIDTH = 1.8; // pixels
  const LONE_RADIUS = 2; // of a week whose neighbours have no value, pixels
  const FEWEST_STEPS = 2; // of the axis up to its highest number
  const NUMBERS_GAP = 5; // between the plot and the numbers of its axis, pixels
  const ROOM = { above: 0.8, numbers: 4, weeks: 1.2, below: 1.6, middle: 0.4 }; // in sizes of small text

  function facts(inspected) {
    return (
      "<dl class='rs-facts'>" +
      inspected.facts
        .map(function (fact) {
          return "<div><dt>" + words.escape(fact[0]) + "</dt><dd>" + words.escape(fact[1]) + "</dd></div>";
        })
        .join("") +
      "</dl>"
    );
  }

  function series(line, sheet) {
    const theme = sheet.theme;
    const known = line.values.filter(words.known);
    if (!known.length) return "";
    const right = sheet.width - sheet.small * ROOM.numbers;
    const top = sheet.small * ROOM.above;
    const base = top + HEIGHT * sheet.size;
    const most = RaceStage.scales.ceiling(RaceStage.scales.largest(known), FEWEST_STEPS);
    const x = RaceStage.scales.linear(line.weeks[0], line.weeks[line.weeks.length - 1], LEFT, right);
    const y = RaceStage.scales.linear(0, most, base, top);
    const points = line.weeks.map(function (week, index) {
      return [x(week), words.known(line.values[index]) ? y(line.values[index]) : null];
    });
    const body =
      element("line", { x1: LEFT, x2: right, y1: base, y2: base, stroke: theme.line }) +
      element("line", { x1: LEFT, x2: right, y1: top, y2: top, stroke: theme.grid }) +
      label(right + NUMBERS_GAP, top + sheet.small * ROOM.middle, words.brief(most), { fill: theme.soft }) +
      label(right + NUMBERS_GAP, base, "0", { fill: theme.soft }) +
      element("path", { d: drawing.path(points), fill: "none", stroke: theme.ink, "stroke-width": LINE_WIDTH }) +
      alone(points, theme) +
      label(LEFT, base + sheet.small * ROOM.weeks, "week " + line.weeks[0], { fill: theme.soft }) +
      label(right, base + sheet.small * ROOM.weeks, "week " + line.weeks[line.weeks.length - 1], { anchor: "end", fill: theme.soft });
    const now = line.values[line.values.length - 1];
    return (
      "<figure><figcaption>" +
      words.escape(line.label) +
      ": <b>" +
      words.brief(now) +
      "</b> now</figcaption>" +
      drawing.svg(sheet, base + sheet.small * ROOM.below, body, line.label) +
      "</figure>"
    );
  }

  /* Weeks with a value whose neighbours have none: a line cannot show them. */
  function alone(points, theme) {
    return points
      .map(function (point, index) {
        const before = index > 0 ? points[index - 1][1] : null;
        const after = index + 1 < points.length ? points[index + 1][1] : null;
        if (point[1] === null || before !== null || after !== null) return "";
        return element("circle", { cx: point[0], cy: point[1], r: LONE_RADIUS, fill: theme.ink });
      })
      .join("");
  }

  function history(inspected) {
    if (!inspected.history.length) return "";
    return (
      "<h4>History</h4><ul class='rs-history'>" +
      inspected.history
        .map(function (event) {
          return "<li><span class='rs-week'>week " + event.week + "</span> " + words.escape(event.text) + "</li>";
        })
        .join("") +
      "</ul>"
    );
  }

  RaceStage.views.inspect = {
    title: "One agent: its record",
    explanation: "",

    html: function (frame, key, sheet) {
      const inspected = frame.inspected;
      if (!inspected) return "<p class='rs-hint'>" + HINT + "</p>";
      return (
        "<h4 data-key='" +
        key +
        ".inspected.title'>" +
        words.escape(inspected.title) +
        "</h4>" +
        facts(inspected) +
        inspected.series
          .map(function (line) {
            return series(line, sheet);
          })
          .join("") +
        history(inspected)
      );
    },
  };
})(RaceStage);
