/* Drones of one week: what came, what flew, what is left; and crews. */
(function (RaceStage) {
  "use strict";

  const words = RaceStage.words;
  const ROWS = [
    ["before", "in stock when the week began", ""],
    ["delivered", "delivered", "+"],
    ["flown", "flown", "\u2212"],
    ["scrapped", "scrapped", "\u2212"],
    ["stock", "in stock now", "="],
  ];
  const EXITS = {
    bartered: ["bartered", "bartered for interceptors", "\u2212"],
    destroyed: ["destroyed", "destroyed in depots", "\u2212"],
  };

  /* Lines of the table: those that always stand, and other exits once drones have left by them. */
  function rows(flows) {
    const exits = flows.exits.map(function (name) {
      return EXITS[name];
    });
    return ROWS.slice(0, -1).concat(exits, ROWS.slice(-1));
  }

  function cell(value, key) {
    return '<td data-key="' + key + '">' + words.number(value) + "</td>";
  }

  function row(line, flows, kinds, key) {
    const name = line[0];
    return (
      "<tr class='rs-" +
      name +
      "'><th scope='row'><span class='rs-sign'>" +
      line[2] +
      "</span>" +
      line[1] +
      "</th>" +
      kinds.map(function (kind) {
        return cell(flows.by_kind[kind][name], key + "." + kind + "." + name);
      }).join("") +
      cell(flows[name], key + "." + name) +
      "</tr>"
    );
  }

  function crews(flows, key) {
    if (!flows.crews || !words.known(flows.used)) return "";
    const share = Math.min(1, flows.used);
    return (
      "<p class='rs-crews'>Crews: <span data-key='" +
      key +
      ".crews'>" +
      words.number(flows.crews) +
      "</span>, each can fly one drone a week; <b data-key='" +
      key +
      ".used'>" +
      words.percent(flows.used) +
      "</b> of them flew." +
      "<span class='rs-meter' aria-hidden='true'><span style='width:" +
      (100 * share).toFixed(1) +
      "%'></span></span></p>"
    );
  }

  RaceStage.views.flows = {
    title: "Where do the drones go?",
    explanation: "Drones this week: stock before, plus delivered, minus flown and scrapped, is stock now. Each drone flies once.",

    html: function (frame, key) {
      const flows = frame.flows;
      return (
        "<table class='rs-table'><thead><tr>" +
        ["drones"]
          .concat(frame.kinds.map(words.kind), words.all(frame))
          .map(function (text) {
            return "<th scope='col'>" + text + "</th>";
          })
          .join("") +
        "</tr></thead><tbody>" +
        rows(flows).map(function (line) {
          return row(line, flows, frame.kinds, key + ".flows");
        }).join("") +
        "</tbody></table>" +
        crews(flows, key + ".flows") +
        (flows.note ? "<div class='rs-money'><b>Money</b> " + words.escape(flows.note) + "</div>" : "")
      );
    },
  };
})(RaceStage);
