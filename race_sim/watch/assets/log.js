/* The log: dated events. Its buttons are kept from draw to draw, so that neither focus nor a click is lost. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const element = drawing.element;

  const MARKS = {
    fielding: "countermeasure",
    acting: "countermeasure",
    generation: "primes",
    workshops: "workshops",
    lever: "lever",
    "burn-in": "lever",
    front: "front",
    line: "joint_lines",
    entry: "firm",
    stopped: "firm",
    abroad: "firm",
    strike: "strike",
    barter: "money",
    veto: "money",
  };

  function mark(kind, theme) {
    const name = MARKS[kind];
    let body = element("circle", { cx: 8, cy: 8, r: 2.5, fill: theme.soft });
    if (name === "countermeasure") body = drawing.moduleMark(1, 8, 8, 6, { fill: theme.countermeasure });
    if (theme.edges[name]) body = drawing.kindMark(name, 8, 8, 5, { fill: theme[name], stroke: theme.edges[name] });
    if (name === "lever") body = element("rect", { x: 2, y: 2, width: 12, height: 12, rx: 3, fill: theme.ink });
    if (name === "front") body = element("path", { d: "M8 1L13 7H10V15H6V7H3Z", fill: theme.ink });
    if (name === "firm") body = element("path", { d: "M2 14V7L8 2L14 7V14Z", fill: "none", stroke: theme.ink, "stroke-width": 1.8 });
    if (name === "strike") body = element("path", { d: "M9 1L3 9H7L6 15L13 6H9Z", fill: theme.ink });
    if (name === "money") body = element("circle", { cx: 8, cy: 8, r: 5.5, fill: "none", stroke: theme.ink, "stroke-width": 2.5 });
    return element("svg", { width: 16, height: 16, "aria-hidden": "true" }, body);
  }

  function keyOf(entry) {
    return [entry.week, entry.kind, entry.select, entry.text].join("|");
  }

  function item(entry, theme) {
    const line = document.createElement("li");
    const inside = document.createElement("button");
    inside.type = "button";
    if (entry.select) {
      inside.setAttribute("data-select", entry.select);
    } else {
      inside.setAttribute("data-week", entry.week);
      inside.title = "go to week " + entry.week;
    }
    inside.className = "rs-entry rs-kind-" + entry.kind;
    inside.innerHTML = mark(entry.kind, theme) + "<span class='rs-week'></span><span class='rs-text'></span>";
    inside.querySelector(".rs-week").textContent = "week " + entry.week;
    inside.querySelector(".rs-text").textContent = entry.text;
    line.appendChild(inside);
    return line;
  }

  RaceStage.views.log = {
    title: "What happened?",
    explanation: "Newest first. Click an event to see the record of who did it or, where that is nobody, the week it happened.",

    /* Brings a list in line with the entries, newest first; keeps the items that stay. */
    update: function (list, entries, theme, selected) {
      if (list.raceTheme !== theme) {
        list.textContent = "";
        list.raceItems = new Map();
        list.raceTheme = theme;
      }
      const kept = new Map();
      entries.forEach(function (entry) {
        kept.set(keyOf(entry), list.raceItems.get(keyOf(entry)) || item(entry, theme));
      });
      list.raceItems.forEach(function (line, key) {
        if (!kept.has(key)) list.removeChild(line);
      });
      let next = list.firstChild;
      kept.forEach(function (line) {
        if (line === next) next = next.nextSibling;
        else list.insertBefore(line, next);
      });
      entries.forEach(function (entry) {
        kept.get(keyOf(entry)).firstChild.classList.toggle("rs-chosen", Boolean(selected) && entry.select === selected);
      });
      list.raceItems = kept;
    },
  };
})(RaceStage);
