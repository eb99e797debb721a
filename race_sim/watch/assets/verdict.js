/* Who is ahead, in words, with the numbers it rests on. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const words = RaceStage.words;
  const element = drawing.element;
  const WHISKER = { width: 84, height: 14 }; // pixels
  const INTERVAL = { width: 5, opacity: 0.7 }; // pixels
  const FIRST_REASONS = 3; // told at once

  const ROWS = [
    { label: "hits a sortie<br><small>95% interval, from the scatter between these weeks</small>", show: rate },
    { label: "if nothing opposed", field: "unopposed", format: words.rate },
    { label: "taken by countermeasures", field: "taken", format: words.percent },
    { label: "sorties", field: "sorties", format: words.number },
    { label: "hits", field: "hits", format: words.number },
    { label: "drones in stock", field: "stock", format: words.number },
    { label: "mean age, weeks", field: "stock_age", format: oneDecimal },
    { label: "of them countered", field: "countered", format: words.percent },
    { label: "new designs fielded", field: "changes", format: words.number },
  ];

  function oneDecimal(value) {
    return words.number(value, 1);
  }

  function span(key, text) {
    return '<span data-key="' + key + '">' + text + "</span>";
  }

  /* The rate with its interval, as numbers and as a mark with a whisker on an axis from 0. */
  function rate(row, key, theme, most) {
    const low = words.known(row.low);
    const interval = low ? span(key + ".low", words.rate(row.low)) + "\u2013" + span(key + ".high", words.rate(row.high)) : "";
    return "<b>" + span(key + ".rate", words.rate(row.rate)) + "</b><small>" + interval + "</small>" + whisker(row, theme, most);
  }

  function whisker(row, theme, most) {
    if (!words.known(row.rate)) return "";
    const x = RaceStage.scales.linear(0, most, 6, WHISKER.width - 6);
    const middle = WHISKER.height / 2;
    let body = element("line", { x1: x(0), x2: x(most), y1: middle, y2: middle, stroke: theme.grid, "stroke-width": 1 });
    body += element("line", { x1: x(0), x2: x(0), y1: 2, y2: WHISKER.height - 2, stroke: theme.line });
    if (words.known(row.low)) {
      body += element("line", {
        x1: x(row.low),
        x2: x(row.high),
        y1: middle,
        y2: middle,
        stroke: theme.edges[row.kind],
        "stroke-width": INTERVAL.width,
        "stroke-opacity": INTERVAL.opacity,
      });
    }
    body += drawing.kindMark(row.kind, x(row.rate), middle, 3.6, { fill: theme[row.kind], stroke: theme.edges[row.kind] });
    return element("svg", { class: "rs-whisker", width: WHISKER.width, height: WHISKER.height, "aria-hidden": "true" }, body);
  }

  function table(frame, key, theme, most) {
    const verdict = frame.verdict;
    const rows = verdict.rows;
    const head = rows.map(function (row) {
      return "<th scope='col' class='rs-" + row.kind + "'>" + mark(row.kind, theme) + (words.kind(row.kind) || words.all(frame)) + "</th>";
    });
    const lines = ROWS.map(function (line) {
      const cells = rows.map(function (row) {
        const name = key + "." + row.kind;
        return (
          "<td>" +
          (line.show ? line.show(row, name, theme, most) : span(name + "." + line.field, line.format(row[line.field]))) +
          "</td>"
        );
      });
      return "<tr><th scope='row'>" + line.label + "</th>" + cells.join("") + "</tr>";
    });
    return (
      "<table class='rs-table rs-numbers'><thead><tr><th scope='col'>" +
      lastWeeks(verdict.window) +
      "</th>" +
      head.join("") +
      "</tr></thead><tbody>" +
      lines.join("") +
      "</tbody></table>"
    );
  }

  function list(sentences) {
    if (!sentences.length) return "";
    return (
      "<ul class='rs-why'>" +
      sentences
        .map(function (sentence) {
          return "<li>" + words.escape(sentence) + "</li>";
        })
        .join("") +
      "</ul>"
    );
  }

  function weeks(window) {
    return window[0] === window[1] ? "week " + window[0] : "weeks " + window[0] + " to " + window[1];
  }

  function lastWeeks(window) {
    const count = window[1] - window[0] + 1;
    return "last " + words.count(count, "week", "weeks") + ": " + weeks(window);
  }

  function mark(kind, theme) {
    if (kind === "total") return "";
    return element(
      "svg",
      { width: 14, height: 12, "aria-hidden": "true" },
      drawing.kindMark(kind, 6, 6, 5, { fill: theme[kind], stroke: theme.edges[kind] })
    );
  }

  RaceStage.views.verdict = {
    /* The verdict, its first words large. */
    headline: function (frame) {
      const parts = frame.verdict.headline.split(": ");
      const rest = parts.slice(1).join(": ");
      return "<span>" + words.escape(parts[0]) + (rest ? ": </span><small>" + words.escape(rest) + "</small>" : "</span>");
    },

    /* The whole race so far, beside the last weeks that the verdict is about. */
    whole: function (frame, key) {
      const whole = frame.verdict.whole;
      return whole ? span(key + ".verdict.whole", words.escape(whole.text)) : "";
    },

    /* The reasons that matter most, in words. */
    html: function (frame) {
      return list(frame.verdict.why.slice(0, FIRST_REASONS));
    },

    /* "warm-up" in the weeks whose results do not count. */
    stage: function (frame) {
      return frame.week < frame.burn_in ? "warm-up, to week " + (frame.burn_in - 1) : "";
    },

    /* How far the verdict can be trusted; names of commands, between grave accents, are set apart. */
    caution: function (frame, key) {
      const text = frame.verdict.caution;
      return text ? span(key + ".verdict.caution", words.escape(text).replace(/`([^`]+)`/g, "<code>$1</code>")) : "";
    },

    front: function (frame, key) {
      return span(key + ".verdict.front", words.escape(frame.verdict.front));
    },

    /* What is told to who asks for more. */
    more: function (frame) {
      return (
        list(frame.verdict.why.slice(FIRST_REASONS)) +
        "<p>Where the intervals of two kinds of maker overlap, neither is shown to be ahead of the other.</p>"
      );
    },

    numbers: function (frame, key, theme, most) {
      return table(frame, key + ".verdict", theme, most);
    },
  };
})(RaceStage);
