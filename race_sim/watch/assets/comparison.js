/* Two races on the same random numbers: which is ahead of which, in words and numbers. */
(function (RaceStage) {
  "use strict";

  const words = RaceStage.words;

  const COUNTED = ["hits", "sorties"]; // units of whole numbers

  function show(value, unit) {
    return COUNTED.indexOf(unit) >= 0 ? words.number(value) : words.rate(value);
  }

  function tableOf(comparison, labels) {
    const head = ["", "A", "B", "B / A"].map(function (text, index) {
      const race = labels[index - 1] && index <= labels.length ? ' data-tip="' + words.escape(labels[index - 1]) + '"' : "";
      return "<th scope='col'" + race + ">" + text + "</th>";
    });
    const rows = comparison.rows.map(function (row, index) {
      const key = "comparison." + index + ".";
      const cells = ["a", "b", "ratio"].map(function (name) {
        return (
          "<td data-key='" +
          key +
          name +
          "'>" +
          (name === "ratio" ? words.number(row.ratio, 2) : show(row[name], row.unit)) +
          "</td>"
        );
      });
      const unit = row.unit && row.unit !== "1" ? ' data-tip="in ' + words.escape(row.unit) + '"' : "";
      return "<tr" + unit + "><th scope='row'>" + words.escape(row.measure) + "</th>" + cells.join("") + "</tr>";
    });
    return (
      "<table class='rs-table rs-numbers'><thead><tr>" +
      head.join("") +
      "</tr></thead><tbody>" +
      rows.join("") +
      "</tbody></table>"
    );
  }

  RaceStage.views.comparison = {
    html: function (comparison, labels) {
      const table = comparison.rows.length ? tableOf(comparison, labels) : "";
      const sentences = comparison.sentences.map(function (sentence) {
        return "<li>" + words.escape(sentence).replace(/`([^`]+)`/g, "<code>$1</code>") + "</li>";
      });
      return (
        "<div><p class='rs-headline' data-key='comparison.headline'>" +
        words.escape(comparison.headline) +
        "</p><ul class='rs-why'>" +
        sentences.join("") +
        "</ul></div>" +
        table
      );
    },
  };
})(RaceStage);
