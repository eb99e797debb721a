/* A stored sweep's map as SVG text: cells or points tried, the boundary with its band, the key of colours. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const element = drawing.element;
  const label = drawing.label;
  const INK = "#222222"; // on the cells, which are the same in both themes
  const PAPER = "#ffffff";
  const KEY_WIDTH = RaceStage.mapLayout.KEY_WIDTH;
  const POINT = RaceStage.mapLayout.POINT;
  const ticks = RaceStage.mapLayout.ticks;

  /* The mark of a point tried: a triangle up or down for its side, a circle where there is no evidence, a diamond for the reference. */
  function pointMark(finding, x, y, radius, look) {
    const shapes = {
      above: [[0, -1.15], [1.1, 0.85], [-1.1, 0.85]],
      below: [[0, 1.15], [1.1, -0.85], [-1.1, -0.85]],
      reference: [[0, -1.3], [1.1, 0], [0, 1.3], [-1.1, 0]],
    };
    if (!shapes[finding]) return element("circle", Object.assign({ cx: x, cy: y, r: radius }, look));
    const points = shapes[finding].map(function (corner) {
      return drawing.place(x + corner[0] * radius) + "," + drawing.place(y + corner[1] * radius);
    });
    return element("polygon", Object.assign({ points: points.join(" ") }, look));
  }

  function cells(map, plan, index, sheet) {
    return map.panels[index].cells.map(function (cell) {
      const at = RaceStage.mapLayout.box(map, plan, index, cell);
      const blank = { fill: "none", stroke: sheet.theme.line, "stroke-dasharray": "2 3" };
      const look = cell.fill ? { fill: cell.fill, stroke: PAPER, "stroke-width": 0.6 } : blank;
      const lines = cell.mark.split("\n");
      const middle = at.y + at.height / 2 + sheet.small * (0.35 - (lines.length - 1) * 0.5);
      return element("rect", Object.assign({}, at, look)) + lines.map(function (line, number) {
        return label(at.x + at.width / 2, middle + number * sheet.small, line, {
          anchor: "middle", weight: "bold", size: sheet.small, fill: cell.light ? PAPER : INK, halo: cell.light ? INK : PAPER,
        });
      }).join("");
    }).join("");
  }

  function points(map, plan, index) {
    const place = plan.panels[index];
    return map.panels[index].cells.map(function (cell) {
      const look = { fill: cell.fill || PAPER, stroke: INK, "stroke-width": 1.2 };
      return pointMark(cell.finding, drawing.place(place.x(cell.x)), drawing.place(place.y(cell.y)), POINT, look);
    }).join("");
  }

  /* The boundary where it is among the levels tried, its band, and triangles at the edge where it lies beyond. */
  function boundary(map, plan, index) {
    const line = map.panels[index].line;
    const place = plan.panels[index];
    if (!line) return "";
    const at = function (limit) {
      if (limit === null) return null;
      if (limit === "below") return place.bottom;
      return limit === "above" ? place.top : Math.max(place.top, Math.min(place.bottom, place.y(limit)));
    };
    const trace = function (name, where) {
      return where.map(function (step) {
        return [place.x(step.x), typeof step.y === "number" || name !== "y" ? at(step[name]) : null];
      });
    };
    const banded = line.filter(function (step) {
      return step.low !== null;
    });
    const low = trace("low", banded);
    const high = trace("high", banded);
    let body = "";
    if (low.length > 1) {
      body += element("path", { d: drawing.path(low.concat(high.slice().reverse())) + "Z", fill: PAPER, "fill-opacity": 0.45 });
    }
    [low, high].forEach(function (edge) {
      body += element("path", { d: drawing.path(edge), fill: "none", stroke: INK, "stroke-width": 1.2, "stroke-dasharray": "4 2" });
    });
    const middle = drawing.path(trace("y", line));
    body += element("path", { d: middle, fill: "none", stroke: PAPER, "stroke-width": 5, "stroke-linejoin": "round" });
    body += element("path", { d: middle, fill: "none", stroke: INK, "stroke-width": 2.6, "stroke-linejoin": "round" });
    line.forEach(function (step) {
      const x = place.x(step.x);
      const look = { fill: INK, stroke: PAPER };
      if (step.y === "above") body += pointMark("above", x, place.top, 6, look);
      else if (step.y === "below") body += pointMark("below", x, place.bottom, 6, look);
      else if (step.y !== null && !plan.fitted) body += element("circle", { cx: x, cy: at(step.y), r: 3.4, fill: INK, stroke: PAPER });
    });
    return body;
  }

  function axes(map, plan, index, sheet) {
    const place = plan.panels[index];
    const soft = sheet.theme.soft;
    const title = plan.titles[index];
    let body = title.map(function (line, number) {
      const y = place.top - sheet.small * (0.6 + drawing.LINE * (title.length - 1 - number));
      return label(place.left, y, line, { weight: "bold", fill: sheet.theme.ink });
    }).join("");
    let free = -Infinity;
    ticks(map.x).forEach(function (tick) {
      const x = place.x(tick.level);
      const half = drawing.textWidth(tick.text, sheet.small) / 2;
      body += element("line", { x1: x, x2: x, y1: place.bottom, y2: place.bottom + 4, stroke: sheet.theme.line });
      if (x - half < free) return;
      free = x + half + 4;
      body += label(x, place.bottom + sheet.small * 1.4, tick.text, { anchor: "middle", fill: soft });
    });
    free = Infinity;
    ticks(map.y).forEach(function (tick) {
      const y = place.y(tick.level);
      body += element("line", { x1: place.left - 4, x2: place.left, y1: y, y2: y, stroke: sheet.theme.line });
      if (y > free) return;
      free = y - sheet.small;
      body += label(place.left - 7, y + sheet.small * 0.35, tick.text, { anchor: "end", fill: soft });
    });
    body += label((place.left + place.right) / 2, place.bottom + sheet.small * 2.8, map.x.label, { anchor: "middle" });
    const middle = (place.top + place.bottom) / 2;
    const side = place.left - sheet.small * 3.6;
    const turn = "rotate(-90 " + drawing.place(side) + " " + drawing.place(middle) + ")";
    return body + label(side, middle, map.y.label, { anchor: "middle", transform: turn });
  }

  /* Levels that are combinations: rows by name; above the columns, each factor's level over those that share it. */
  function categories(map, plan, sheet) {
    const place = plan.panels[0];
    const step = (place.right - place.left) / map.x.levels.length;
    let body = "";
    map.y.levels.forEach(function (level, index) {
      const parts = map.y.parts[index];
      const y = place.y(level) + sheet.small * 0.35;
      body += label(place.left - 7, y, parts.slice(1).join(", "), { anchor: "end", fill: sheet.theme.soft });
      if (index && parts[0] === map.y.parts[index - 1][0]) return;
      const top = RaceStage.mapLayout.corners(place, plan, 0, index).y;
      const rows = map.y.parts.filter(function (other) {
        return other[0] === parts[0];
      });
      const middle = top + (rows.length * (place.bottom - place.top)) / map.y.levels.length / 2;
      const turn = "rotate(-90 " + drawing.place(sheet.small * 1.2) + " " + drawing.place(middle) + ")";
      body += label(sheet.small * 1.2, middle, parts[0], { anchor: "middle", weight: "bold", transform: turn });
      if (index) body += element("line", { x1: 0, x2: place.right, y1: top, y2: top, stroke: sheet.theme.ink, "stroke-width": 1.6 });
    });
    const last = map.x.parts[0].length - 1;
    for (let depth = 0; depth <= last; depth += 1) {
      const base = place.top - sheet.small * (10.8 + 1.5 * (last - depth - 1)); // above the names set upright
      let first = 0;
      for (let column = 1; column <= map.x.parts.length; column += 1) {
        const share = function (one) {
          return map.x.parts[one].slice(0, depth + 1).join("|");
        };
        if (column === map.x.parts.length || share(column) !== share(first)) {
          const middle = place.left + step * (first + column) / 2;
          const text = map.x.parts[first][depth];
          if (depth === last) {
            const turn = "rotate(-90 " + drawing.place(middle + sheet.small * 0.35) + " " + drawing.place(place.top - 6) + ")";
            body += label(middle + sheet.small * 0.35, place.top - 6, text, { transform: turn, fill: sheet.theme.soft });
          } else {
            body += label(middle, base, text, { anchor: "middle", weight: depth === 0 ? "bold" : null });
            const x = place.left + step * column;
            if (column < map.x.parts.length) {
              const look = { stroke: sheet.theme.ink, "stroke-width": depth === 0 ? 1.6 : 0.7 };
              body += element("line", Object.assign({ x1: x, x2: x, y1: base - sheet.small, y2: place.bottom }, look));
            }
          }
          first = column;
        }
      }
    }
    return body;
  }

  /* The bar of colours, with the value's label beside it. */
  function key(map, plan, sheet) {
    const top = plan.top + KEY_WIDTH;
    const height = Math.min(plan.bottom - plan.top - sheet.small * 4, 420);
    const x = plan.key;
    const part = height / map.key.stops.length;
    let body = "";
    map.key.stops.forEach(function (colour, index) {
      body += element("rect", { x: x, y: top + height - part * (index + 1), width: KEY_WIDTH, height: part + 0.5, fill: colour });
    });
    if (map.key.open) {
      const end = function (y, tip, colour) {
        return element("polygon", { points: [x + "," + y, x + KEY_WIDTH + "," + y, x + KEY_WIDTH / 2 + "," + tip].map(String).join(" "), fill: colour });
      };
      body += end(top, top - KEY_WIDTH * 0.8, map.key.stops[map.key.stops.length - 1]);
      body += end(top + height, top + height + KEY_WIDTH * 0.8, map.key.stops[0]);
    }
    map.key.ticks.forEach(function (tick) {
      const y = top + height * (1 - tick[0]);
      body += element("line", { x1: x + KEY_WIDTH, x2: x + KEY_WIDTH + 4, y1: y, y2: y, stroke: sheet.theme.ink });
      body += label(x + KEY_WIDTH + 7, y + sheet.small * 0.35, tick[1], { fill: sheet.theme.soft });
    });
    const middle = top + height / 2;
    const lines = drawing.wrap(map.value.label, height + 4 * KEY_WIDTH, sheet.small);
    lines.forEach(function (line, index) {
      const side = sheet.width - sheet.small * (0.6 + (lines.length - 1 - index) * drawing.LINE);
      const turn = "rotate(-90 " + drawing.place(side) + " " + drawing.place(middle) + ")";
      body += label(side, middle, line, { anchor: "middle", transform: turn });
    });
    return body;
  }

  function legend(map, plan, sheet, hatch) {
    const look = { fill: sheet.theme.ink };
    const names = { "+": "above", "\u2212": "below", "?": "no evidence", "=": "reference" };
    const items = map.marks.map(function (mark) {
      return {
        text: mark[1],
        room: drawing.textWidth(mark[0], sheet.small) + 6,
        mark: function (x, y) {
          if (plan.fitted) return pointMark(names[mark[0]], x, y, POINT, { fill: "none", stroke: sheet.theme.ink, "stroke-width": 1.4 });
          return label(x, y + sheet.small * 0.35, mark[0], { anchor: "middle", weight: "bold", fill: look.fill });
        },
      };
    });
    const lines = map.panels.filter(function (panel) {
      return panel.line;
    });
    if (lines.length) {
      items.push(drawing.lineKey("boundary: where the value is " + map.value.threshold, { stroke: sheet.theme.ink, "stroke-width": 2.6 }));
      items.push(drawing.lineKey("its 95% band", { stroke: sheet.theme.ink, "stroke-width": 1.2, "stroke-dasharray": "4 2" }));
    }
    if (lines.some(function (panel) {
      return panel.line.some(function (step) {
        return step.y === "above" || step.y === "below";
      });
    })) {
      items.push({
        text: "at an edge: the boundary lies beyond the levels tried",
        mark: function (x, y) {
          return pointMark("above", x, y, 6, { fill: sheet.theme.ink });
        },
      });
    }
    if (plan.fitted) {
      items.push({
        text: "side not known at 95%",
        mark: function (x, y) {
          return element("rect", { x: x - 8, y: y - 7, width: 16, height: 14, fill: PAPER, stroke: sheet.theme.line }) +
            element("rect", { x: x - 8, y: y - 7, width: 16, height: 14, fill: "url(#" + hatch + ")" });
        },
      });
    }
    return drawing.legend(items, sheet, 4, plan.bottom, sheet.width - 8);
  }

  /* The whole map as {svg, plan}: the text, and where everything is. */
  function draw(map, sheet) {
    const plan = RaceStage.mapLayout.layout(map, sheet);
    const hatch = sheet.prefix + "-unknown";
    const stripe = element("line", { x1: 0, y1: 0, x2: 0, y2: 6, stroke: INK, "stroke-width": 1.2 });
    let body = element("defs", {}, element("pattern", {
      id: hatch, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
    }, stripe));
    const keys = legend(map, plan, sheet, hatch);
    const height = plan.bottom + keys.height;
    map.panels.forEach(function (panel, index) {
      body += plan.fitted ? RaceStage.mapSurface(map, plan.panels[index], index, hatch) : cells(map, plan, index, sheet);
      body += plan.categories ? categories(map, plan, sheet) : axes(map, plan, index, sheet);
      body += boundary(map, plan, index);
      if (plan.fitted) body += points(map, plan, index);
    });
    body += key(map, plan, sheet) + keys.body;
    const summary = map.title + ". " + map.value.label + ", " + map.panels.length + " panels.";
    return { svg: drawing.svg(sheet, height, body + element("g", { "data-cursor": "" }, ""), summary), plan: plan };
  }

  RaceStage.mapDrawing = { draw: draw };
})(RaceStage);
