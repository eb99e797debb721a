/* Shows the maps of a stored sweep: a cursor that follows the pointer or the arrow keys, and the runs behind each point. */
(function (RaceStage) {
  "use strict";

  const escape = RaceStage.words.escape;
  const LEAST_WIDTH = 640; // pixels of a map
  const AWAY = 16; // pixels from the pointer to the words about a point
  const FAR = 1e4; // pixels: points of other panels come after all of the same
  const SIDEWAYS = 2.5; // how much more a step to the side counts than one ahead
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const RING = "#222222"; // around the point whose runs are listed, in both themes

  /* Names of the runs that are listed of a group. */
  function runNames(map, group) {
    return map.seed_lists[group.seeds].map(function (seed) {
      return group.scenario + "-" + seed;
    });
  }

  function firstRun(map, one) {
    const names = one ? runNames(map, map.groups[one.cell.groups[0]]) : [];
    return names.length ? names[0] : null;
  }

  function placeWords(map, one) {
    if (map.x.scale !== "categories") return map.groups[one.cell.groups[0]].label;
    return map.y.words[one.cell.y] + "; " + map.x.words[one.cell.x];
  }

  function sideWords(map, cell) {
    const threshold = map.value.threshold;
    if (threshold === null || cell.value === null) return "";
    if (cell.finding === "reference") return "the reference itself, by which others are divided";
    if (cell.finding === "no evidence") return "no evidence of a difference: the 95% interval holds " + threshold;
    return cell.finding + " " + threshold + ": the 95% interval leaves it out";
  }

  /* What is known of a point: [label, text, key]. */
  function facts(map, one) {
    const cell = one.cell;
    const found = [[map.value.label, cell.text, "value"]];
    const side = sideWords(map, cell);
    if (side) found.push(["Side", side, "side"]);
    cell.more.forEach(function (more) {
      found.push([more[0], more[1], "more"]);
    });
    const step = (map.panels[one.panel].line || []).find(function (place) {
      return place.x === cell.x;
    });
    if (step) found.push(["Boundary, along this column", map.y.label + ": " + step.text, "boundary"]);
    found.push(["Runs", cell.runs + (cell.left_out ? ", " + cell.left_out + " left out" : ""), "runs"]);
    return found;
  }

  function factsText(map, one) {
    return placeWords(map, one) + "\n" + facts(map, one).map(function (fact) {
      return fact[0] + ": " + fact[1];
    }).join("\n") + (firstRun(map, one) ? "\nDouble-click to watch the first run" : "");
  }

  function factsHtml(map, one) {
    const rows = facts(map, one).map(function (fact) {
      return "<div><dt>" + escape(fact[0]) + '</dt><dd data-key="map.' + fact[2] + '">' + escape(fact[1]) + "</dd></div>";
    });
    return "<h4>" + escape(placeWords(map, one)) + '</h4><dl class="rs-facts">' + rows.join("") + "</dl>";
  }

  /* The runs behind a point: of each group one is chosen by its seed. */
  function runsHtml(map, one) {
    return one.cell.groups.map(function (number, place) {
      const group = map.groups[number];
      const names = runNames(map, group);
      const head = "<p><b>" + escape(map.roles[place]) + "</b>: " + escape(group.label) + ". ";
      if (!names.length) return head + "It has no run to watch.</p>";
      const options = names.map(function (name, index) {
        return '<option value="' + escape(name) + '">' + escape(map.seed_lists[group.seeds][index]) + "</option>";
      });
      const all = RaceStage.words.count(group.count, "run", "runs");
      return head + (group.count > names.length ? "The first " + names.length + " of " + all : all) + ': <label>seed <select data-seeds>' +
        options.join("") + '</select></label> <span class="rs-tools"><button type="button" data-watch>Watch this run</button></span></p>';
    }).join("");
  }

  function frameHtml(maps) {
    const options = maps.maps.map(function (map, index) {
      return '<option value="' + index + '">' + escape(map.title) + "</option>";
    });
    return maps.notes.map(function (note) {
      return '<p class="rs-caution" role="note"><b>' + escape(note) + "</b></p>";
    }).join("") +
      "<p" + (maps.maps.length > 1 ? "" : " hidden") + "><label>Map <select data-map>" + options.join("") + "</select></label></p>" +
      '<h3></h3><p class="rs-explanation"></p><div class="rs-drawing" tabindex="0" role="application"></div>' +
      '<div class="rs-tip" hidden></div><div data-chosen aria-live="polite"></div><div data-runs></div>' +
      "<details><summary>What the numbers say</summary><div></div></details>";
  }

  /* The point that an arrow key leads to: the nearest one ahead, in the same panel or, past its edge, in another. */
  function ahead(map, plan, from, step) {
    const centre = function (panel, cell) {
      return [plan.panels[panel].x(cell.x), plan.panels[panel].y(cell.y)];
    };
    const here = centre(from.panel, from.cell);
    let best = null;
    let least = Infinity;
    map.panels.forEach(function (panel, index) {
      panel.cells.forEach(function (cell) {
        const there = centre(index, cell);
        const along = (there[0] - here[0]) * step[0] + (there[1] - here[1]) * step[1];
        const aside = Math.abs((there[0] - here[0]) * step[1]) + Math.abs((there[1] - here[1]) * step[0]);
        const distance = along + SIDEWAYS * aside + (index === from.panel ? 0 : FAR);
        if (along > 0.5 && distance < least) {
          least = distance;
          best = { panel: index, cell: cell };
        }
      });
    });
    return best;
  }

  function firstPoint(map) {
    const panel = map.panels.findIndex(function (one) {
      return one.cells.length > 0;
    });
    return panel < 0 ? null : { panel: panel, cell: map.panels[panel].cells[0] };
  }

  /* The map as a file of its own, under its title. */
  function file(map, sheet) {
    const drawing = RaceStage.drawing;
    const picture = RaceStage.mapDrawing.draw(map, sheet).svg;
    const head = sheet.size * 2;
    const height = Number(/ height="([\d.]+)"/.exec(picture)[1]) + head;
    const ground = drawing.element("rect", { width: "100%", height: "100%", fill: sheet.theme.paper });
    const title = drawing.label(sheet.small * 0.5, sheet.size * 1.3, map.title, { weight: "bold", size: sheet.size * 1.1 });
    return drawing.svg(sheet, height, ground + title + picture.replace("<svg", '<svg y="' + head + '"'), map.title);
  }

  /* Draws maps (as `race_sim.watch.phase_map` gives them) into a container inside `.rs-stage`. onRun(name) is called with the
     run to watch. options: dark. Returns {dark(on): draws in this theme, svg(): the map shown, as a file}. */
  function drawMap(container, maps, onRun, options) {
    container.classList.add("rs-map");
    container.innerHTML = frameHtml(maps);
    const part = function (selector) {
      return container.querySelector(selector);
    };
    const plot = part(".rs-drawing");
    const tip = part(".rs-tip");
    let dark = Boolean(options && options.dark);
    let map = maps.maps[0];
    let plan = null;
    let cursor = null; // the point under the pointer
    let picked = null; // the point whose runs are listed

    function sheet(prefix) {
      const size = parseFloat(getComputedStyle(container).fontSize);
      return {
        width: Math.max(LEAST_WIDTH, container.clientWidth), size: size, small: Math.max(RaceStage.theme.LEAST_TEXT, size - 1),
        theme: RaceStage.theme.of(dark), prefix: prefix,
      };
    }

    function redraw() {
      const drawn = RaceStage.mapDrawing.draw(map, sheet("rs-map"));
      plan = drawn.plan;
      plot.innerHTML = drawn.svg;
      plot.setAttribute("aria-label", map.title + ". Arrow keys go from point to point, Enter watches the first run of the point.");
      mark();
    }

    function mark() {
      const ring = function (one, colour) {
        return one ? RaceStage.mapLayout.outline(map, plan, one.panel, one.cell, colour) : "";
      };
      plot.querySelector("[data-cursor]").innerHTML = ring(picked, RING) + ring(cursor, RaceStage.theme.LIGHT.focus);
    }

    function pick(one) {
      picked = one;
      part("[data-chosen]").innerHTML = one ? factsHtml(map, one) : "";
      part("[data-runs]").innerHTML = one ? runsHtml(map, one) : "";
      mark();
    }

    function watch(one) {
      const name = firstRun(map, one);
      if (name) onRun(name);
    }

    function show(number) {
      map = maps.maps[number];
      cursor = null;
      picked = null;
      tip.hidden = true;
      part("h3").textContent = map.title;
      part(".rs-explanation").textContent = map.question + " Each " + (map.panels[0].surface ? "mark is a point that was tried" : "cell is a point") +
        ": point at it to read it, click it to choose one of its runs below, double-click it to watch the first of them.";
      part("details div").innerHTML = map.words.map(function (text) {
        return "<p>" + escape(text) + "</p>";
      }).join("");
      part("details").hidden = !map.words.length;
      redraw();
      pick(null);
    }

    function underPointer(event) {
      const svg = plot.querySelector("svg");
      const frame = svg.getBoundingClientRect();
      const scale = svg.viewBox.baseVal.width / frame.width;
      return RaceStage.mapLayout.hit(map, plan, (event.clientX - frame.left) * scale, (event.clientY - frame.top) * scale);
    }

    /* Beside the pointer, and inside the nearest element that places what is in it. */
    function showTip(event) {
      tip.textContent = factsText(map, cursor);
      tip.hidden = false;
      const frame = (tip.offsetParent || container).getBoundingClientRect();
      const room = frame.width - tip.offsetWidth;
      tip.style.left = Math.max(0, Math.min(event.clientX - frame.left + AWAY, room)) + "px";
      tip.style.top = event.clientY - frame.top + AWAY + "px";
    }

    plot.addEventListener("pointermove", function (event) {
      const found = underPointer(event);
      const changed = (cursor && cursor.cell) !== (found && found.cell);
      cursor = found;
      plot.style.cursor = found ? "pointer" : "";
      if (changed) mark();
      if (found) showTip(event);
      else tip.hidden = true;
    });
    plot.addEventListener("pointerleave", function () {
      cursor = null;
      tip.hidden = true;
      mark();
    });
    plot.addEventListener("click", function (event) {
      const found = underPointer(event);
      if (!found) return;
      pick(found);
      part("[data-runs]").scrollIntoView({ block: "nearest" });
    });
    plot.addEventListener("dblclick", function () {
      watch(picked);
    });
    plot.addEventListener("keydown", function (event) {
      if (event.key === "Enter") {
        watch(picked);
      } else if (ARROWS[event.key]) {
        const found = picked ? ahead(map, plan, picked, ARROWS[event.key]) : firstPoint(map);
        if (found) pick(found);
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation(); // the same keys mean something else around the map
    });
    part("[data-runs]").addEventListener("click", function (event) {
      if (event.target.closest("[data-watch]")) onRun(event.target.closest("p").querySelector("[data-seeds]").value);
    });
    part("[data-map]").addEventListener("change", function (event) {
      show(Number(event.target.value));
    });
    show(0);
    if (typeof ResizeObserver !== "undefined") {
      let width = container.clientWidth;
      new ResizeObserver(function () {
        if (!container.clientWidth || container.clientWidth === width) return;
        width = container.clientWidth;
        redraw();
      }).observe(container);
    }
    return {
      dark: function (on) {
        dark = on;
        redraw();
      },
      svg: function () {
        return file(map, sheet("file-map"));
      },
    };
  }

  RaceStage.drawMap = drawMap;
})(RaceStage);
