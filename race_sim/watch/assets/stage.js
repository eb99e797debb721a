/* The stage: what a page calls. RaceStage.create(root, callbacks) -> {draw(scene), map(map), svg(panel)}. */
(function (RaceStage) {
  "use strict";

  const words = RaceStage.words;
  const LEAST_SIZE = 13; // font size of drawings, pixels
  const MOST_SIZE = 20;
  const GROWTH = 0.0036; // of the font size for each pixel that the root is wider than usual
  const LEAST_ACROSS = 33; // font sizes in the width of a panel
  const USUAL_WIDTH = 960; // pixels, while the root has no width of its own
  const TWO_COLUMNS = 720; // least widths of the root, pixels
  const THREE_COLUMNS = 1380;
  const FOUR_COLUMNS = 1700;
  const GAP = 12; // pixels between panels, as in stage.css
  const PADDING = 12; // pixels inside a panel and its border, as in stage.css

  const ORDER = ["space", "inspect", "ahead", "balance", "stream", "arsenal", "flows", "money", "log"];
  const ARRANGEMENTS = {
    1: [ORDER],
    2: [
      ["space", "inspect", "stream", "flows"],
      ["ahead", "balance", "money", "arsenal", "log"],
    ],
    3: [
      ["space", "inspect"],
      ["ahead", "balance", "arsenal"],
      ["stream", "log", "money", "flows"],
    ],
  };

  function columnsFor(width, races) {
    if (races > 1) return width >= FOUR_COLUMNS ? 4 : width >= TWO_COLUMNS ? 2 : 1;
    return width >= THREE_COLUMNS ? 3 : width >= TWO_COLUMNS ? 2 : 1;
  }

  function html(name, className, content) {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (content !== undefined) node.innerHTML = content;
    return node;
  }

  /* Sets the content of a node if it is not what it was: an unchanged drawing keeps its nodes. */
  function fill(node, content) {
    if (node.raceContent === content) return;
    node.innerHTML = content;
    node.raceContent = content;
  }

  /* The same; what was opened in it stays open. */
  function fillOpen(node, content) {
    const before = node.querySelector("details");
    const open = Boolean(before && before.open);
    fill(node, content);
    const after = node.querySelector("details");
    if (after && open) after.open = true;
  }

  function setText(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }

  function textOf(value, subject) {
    return typeof value === "function" ? value(subject) : value;
  }

  function tools(panel) {
    const what = ' the panel as a file" type="button">';
    let buttons = "";
    if (panel === "map" || RaceStage.views[panel].draw) {
      buttons =
        '<button data-save="svg" aria-label="Save as SVG' +
        what +
        "SVG</button>" +
        '<button data-save="png" aria-label="Save as PNG' +
        what +
        "PNG</button>";
    }
    if (panel === "inspect") buttons = '<button data-select="" type="button" hidden>Close</button>';
    return '<span class="rs-tools">' + buttons + "</span>";
  }

  const INTRODUCTION =
    "<p>Many small <b>workshops</b> that change their designs every few weeks and a few large <b>primes</b> that take years " +
    "fly drones against <b>countermeasure teams</b>, who learn to stop what flies. Whose sorties will hit more, and for " +
    "how long? A design is a string of bits here: nothing tells how anything is built.</p>";

  /* What each panel will show, told until something has flown. */
  const AWAITED = {
    space: "Here: the designs that fly, and the countermeasures that stop them.",
    inspect: "Here: the record of a maker, a team or a family that you click.",
    ahead: "Here: hits a sortie of workshops and of primes, week by week.",
    balance: "Here: which way the front moves, week by week.",
    stream: "Here: which families of designs fly, and how long they last.",
    arsenal: "Here: the drones in stock, by age, and how many are countered.",
    flows: "Here: drones delivered, flown and left in stock.",
    money: "Here: who pays for the drones, and what becomes of the money.",
    log: "Here: what happens, newest first.",
  };

  /* An empty panel; its parts are filled at every draw. */
  function makePanel(name, race) {
    const view = RaceStage.views[name];
    const drawn = Boolean(view.draw);
    const section = html("section", "rs-panel rs-panel-" + name);
    section.setAttribute("data-panel", name);
    section.setAttribute("data-race", race);
    section.innerHTML =
      "<header><h3></h3><span class='rs-race'></span>" +
      tools(name) +
      "</header><p class='rs-explanation'></p>" +
      "<p class='rs-lead'></p>" +
      (name === "log"
        ? "<ol class='rs-log' tabindex='-1'></ol>"
        : "<div class='rs-body" + (drawn ? " rs-drawing" : "") + "'></div>");
    const part = function (selector) {
      return section.querySelector(selector);
    };
    const panel = {
      name: name,
      race: race,
      view: view,
      section: section,
      title: part("h3"),
      label: part(".rs-race"),
      explanation: part(".rs-explanation"),
      lead: part(".rs-lead"),
      tools: part(".rs-tools"),
      body: part(".rs-body"),
      log: part(".rs-log"),
    };
    if (drawn) {
      panel.body.tabIndex = 0;
      panel.body.setAttribute("role", "group");
    }
    return panel;
  }

  function makeVerdict(race) {
    const section = html("section", "rs-verdict");
    section.setAttribute("data-panel", "verdict");
    section.setAttribute("data-race", race);
    section.innerHTML =
      "<div class='rs-words'><p class='rs-when'><b class='rs-label'></b><span data-key='" +
      race +
      ".week'></span><span class='rs-warm-up' hidden></span></p>" +
      "<h2 class='rs-headline' data-key='" +
      race +
      ".verdict.headline'></h2><p class='rs-whole'></p><p class='rs-caution'></p><div class='rs-reasons'></div></div><div class='rs-evidence'></div>" +
      "<div class='rs-rest'><p class='rs-front'></p><details><summary>More reasons, and how to read them</summary><div></div></details></div>";
    return {
      section: section,
      label: section.querySelector(".rs-label"),
      when: section.querySelector("[data-key='" + race + ".week']"),
      warmUp: section.querySelector(".rs-warm-up"),
      headline: section.querySelector("h2"),
      whole: section.querySelector(".rs-whole"),
      caution: section.querySelector(".rs-caution"),
      reasons: section.querySelector(".rs-reasons"),
      front: section.querySelector(".rs-front"),
      details: section.querySelector("details"),
      more: section.querySelector("details div"),
      evidence: section.querySelector(".rs-evidence"),
    };
  }

  RaceStage.create = function (root, callbacks) {
    const given = callbacks || {};
    const state = { scene: null, map: null, dark: false, shape: "", panels: [], verdicts: [], width: 0 };

    root.classList.add("rs-stage");
    root.textContent = "";
    const mapPanel = html("section", "rs-panel rs-panel-map", "<header>" + tools("map") + "</header><div></div>");
    const comparison = html("section", "rs-comparison");
    const verdicts = html("div", "rs-verdicts");
    const panels = html("div", "rs-panels");
    comparison.setAttribute("data-panel", "comparison");
    comparison.hidden = true;
    mapPanel.setAttribute("data-panel", "map");
    mapPanel.hidden = true;
    [comparison, verdicts, panels, mapPanel].forEach(function (node) {
      root.appendChild(node);
    });

    const pointer = RaceStage.pointer(
      root,
      {
        select: given.select,
        week: given.week,
        save: function (panel, ending) {
          RaceStage.files.save(panel, state.scene, picture(panel), ending);
        },
      },
      function (panel, race, week) {
        const view = RaceStage.views[panel];
        const frame = state.scene && state.scene.frames[race];
        return view && view.readout && frame && frame.space ? view.readout(frame, week) : null;
      }
    );

    /* Self-contained SVG text of a panel; "" if there is nothing to draw. */
    function picture(panel) {
      if (panel === "map") return state.map ? state.map.svg() : "";
      return state.scene ? RaceStage.files.svg(panel, state.scene) : "";
    }

    function measure() {
      state.width = root.clientWidth || state.width || USUAL_WIDTH;
    }

    /* Makes the panels anew when their number or arrangement changes; otherwise they stay, and with them the focus. */
    function arrange(races) {
      const columns = columnsFor(state.width, races);
      const shape = races + "x" + columns;
      if (shape !== state.shape) {
        state.shape = shape;
        build(races, columns);
      }
      const each = (state.width - (columns - 1) * GAP) / columns - 2 * PADDING;
      const size = Math.max(
        LEAST_SIZE,
        Math.min(MOST_SIZE, LEAST_SIZE + GROWTH * (state.width - USUAL_WIDTH), each / LEAST_ACROSS)
      );
      root.style.setProperty("--rs-size", size.toFixed(2) + "px");
      return { width: Math.floor(each), size: size };
    }

    function build(races, columns) {
      verdicts.textContent = "";
      panels.textContent = "";
      state.panels = [];
      state.verdicts = [];
      for (let race = 0; race < races; race += 1) {
        state.verdicts.push(makeVerdict(race));
        verdicts.appendChild(state.verdicts[race].section);
      }
      const lists = races > 1 ? [ORDER] : ARRANGEMENTS[columns];
      panels.className = "rs-panels " + (races > 1 ? "rs-side-by-side" : "rs-alone");
      verdicts.style.gridTemplateColumns = "repeat(" + (columns > 1 ? races : 1) + ", minmax(0, 1fr))";
      panels.style.gridTemplateColumns = "repeat(" + columns + ", minmax(0, 1fr))";
      lists.forEach(function (names) {
        const place = races > 1 ? panels : panels.appendChild(html("div", "rs-column"));
        names.forEach(function (name) {
          for (let race = 0; race < races; race += 1) {
            const panel = makePanel(name, race);
            state.panels.push(panel);
            place.appendChild(panel.section);
          }
        });
      });
    }

    function sheetOf(name, race, theme, room) {
      return {
        width: room.width,
        size: room.size,
        small: Math.max(RaceStage.theme.LEAST_TEXT, room.size - 1),
        theme: theme,
        prefix: "rs-" + name + "-" + race,
        selected: state.scene.selected,
      };
    }

    function raceName(race) {
      const scene = state.scene;
      const letter = scene.frames.length > 1 ? "AB"[race] + ": " : "";
      return letter + ((scene.labels && scene.labels[race]) || scene.frames[race].title);
    }

    function drawVerdict(verdict, frame, race, theme, common) {
      setText(verdict.label, raceName(race));
      const begun = Boolean(frame.verdict);
      setText(
        verdict.when,
        begun
          ? "week " + frame.week + " of " + frame.weeks
          : "not begun; " + words.count(frame.weeks, "week", "weeks") + " to run"
      );
      setText(verdict.warmUp, begun ? RaceStage.views.verdict.stage(frame) : "");
      verdict.warmUp.hidden = !verdict.warmUp.textContent;
      fill(verdict.caution, begun ? RaceStage.views.verdict.caution(frame, String(race)) : "");
      fill(verdict.headline, begun ? RaceStage.views.verdict.headline(frame) : "The race has not begun: press Play.");
      fill(verdict.whole, begun ? RaceStage.views.verdict.whole(frame, String(race)) : "");
      verdict.headline.setAttribute("aria-live", state.scene.playing ? "off" : "polite");
      verdict.section.setAttribute("data-leader", begun ? frame.verdict.leader : "none");
      fill(verdict.reasons, begun ? RaceStage.views.verdict.html(frame) : INTRODUCTION);
      fill(verdict.front, begun ? RaceStage.views.verdict.front(frame, String(race)) : "");
      verdict.details.hidden = !begun;
      fill(verdict.more, begun ? RaceStage.views.verdict.more(frame) : "");
      fill(verdict.evidence, begun ? RaceStage.views.verdict.numbers(frame, String(race), theme, common.interval) : "");
    }

    function drawPanel(panel, frame, theme, room, common) {
      const view = panel.view;
      const key = String(panel.race);
      const sheet = sheetOf(panel.name, panel.race, theme, room);
      const begun = Boolean(frame.space);
      panel.section.hidden = Boolean(view.available) && !view.available(frame);
      if (panel.section.hidden) return;
      setText(panel.title, textOf(view.title, begun ? frame : null));
      setText(panel.label, state.scene.frames.length > 1 ? raceName(panel.race) : "");
      setText(panel.explanation, begun ? textOf(view.explanation, frame) : AWAITED[panel.name]);
      fill(panel.lead, begun && view.lead ? view.lead(frame, key) : "");
      panel.tools.hidden = !begun;
      if (panel.name === "log") {
        view.update(panel.log, frame.log, theme, state.scene.selected);
        return;
      }
      if (panel.name === "inspect") panel.section.querySelector("[data-select='']").hidden = !frame.inspected;
      if (!begun) fill(panel.body, "");
      else if (view.draw) {
        fillOpen(panel.body, view.draw(frame, sheet, common) + (view.below ? view.below(frame, key) : ""));
        panel.body.setAttribute("aria-label", panel.title.textContent + " Arrow keys step through it, Enter selects a mark or goes to a week.");
      } else fill(panel.body, view.html(frame, key, sheet));
    }

    function draw(scene) {
      state.scene = scene;
      measure();
      const theme = RaceStage.theme.of(scene.dark);
      RaceStage.theme.apply(root, theme);
      const begun = scene.frames.filter(function (frame) {
        return frame.space;
      });
      const common = begun.length ? RaceStage.scales.common(begun) : null;
      const room = arrange(scene.frames.length);
      root.classList.toggle("rs-compared", scene.frames.length > 1);
      comparison.hidden = !scene.comparison;
      if (scene.comparison) fill(comparison, RaceStage.views.comparison.html(scene.comparison, scene.labels));
      scene.frames.forEach(function (frame, race) {
        drawVerdict(state.verdicts[race], frame, race, theme, common);
      });
      state.panels.forEach(function (panel) {
        drawPanel(panel, scene.frames[panel.race], theme, room, common);
      });
      if (state.map && state.dark !== Boolean(scene.dark)) state.map.dark(Boolean(scene.dark));
      state.dark = Boolean(scene.dark);
      pointer.drawn();
    }

    if (typeof ResizeObserver !== "undefined") {
      new ResizeObserver(function () {
        if (root.clientWidth && root.clientWidth !== state.width && state.scene) draw(state.scene);
      }).observe(root);
    }

    return {
      draw: draw,
      map: function (maps) {
        const place = html("div");
        mapPanel.replaceChild(place, mapPanel.lastChild);
        mapPanel.hidden = !maps;
        if (!state.scene) RaceStage.theme.apply(root, RaceStage.theme.LIGHT);
        state.map = maps ? RaceStage.drawMap(place, maps, given.run, { dark: state.dark }) : null;
      },
      svg: function (panel) {
        return picture(panel);
      },
    };
  };
})(RaceStage);
