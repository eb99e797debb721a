/* Where everything of a stored sweep's map is: axes, panels, cells, and which cell is at a place. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const element = drawing.element;
  const PAPER = "#ffffff";
  const MOST_TICKS = 10; // levels along an axis that are all named
  const MOST_ACROSS = 3; // panels side by side
  const SQUARE = 2; // so many rows of so many panels, where that is all of them
  const HEIGHT = 0.82; // of a panel, in its widths
  const BOLD = 1.15; // how much wider bold letters are
  const ROW = 2.7; // height of a row of categories, in font sizes
  const KEY_WIDTH = 14; // pixels
  const POINT = 5; // radius of a point tried, in pixels

  function along(axis, level) {
    return axis.scale === "log" ? Math.log2(level) : level;
  }

  /* Edges of the cells of an axis, halfway between its levels; of a surface the ends are its outer levels. */
  function edges(axis, fitted) {
    const places = axis.levels.map(function (level) {
      return along(axis, level);
    });
    const middles = places.slice(1).map(function (place, index) {
      return (place + places[index]) / 2;
    });
    const last = places.length - 1;
    if (fitted) return [places[0]].concat(middles, [places[last]]);
    const first = middles.length ? middles[0] - places[0] : 0.5;
    const final = middles.length ? places[last] - middles[last - 1] : 0.5;
    return [places[0] - first].concat(middles, [places[last] + final]);
  }

  function scaleOf(axis, bounds, from, to) {
    const scale = RaceStage.scales.linear(bounds[0], bounds[bounds.length - 1], from, to);
    return function (level) {
      return scale(along(axis, level));
    };
  }

  /* Levels that are named along an axis, and their words. */
  function ticks(axis) {
    if (axis.levels.length <= MOST_TICKS) {
      return axis.levels.map(function (level, index) {
        return { level: level, text: axis.words[index] };
      });
    }
    const low = along(axis, axis.levels[0]);
    const high = along(axis, axis.levels[axis.levels.length - 1]);
    if (axis.scale !== "log") {
      return RaceStage.scales.ticks(low, high, MOST_TICKS / 2).map(function (level) {
        return { level: level, text: String(level) };
      });
    }
    const found = [];
    for (let power = Math.ceil(low - 1e-9); power <= high + 1e-9; power += 1) {
      const level = Math.pow(2, power);
      found.push({ level: level, text: String(level) });
    }
    return found;
  }

  /* Where everything of a map is, in pixels. */
  function layout(map, sheet) {
    const categories = map.x.scale === "categories";
    const count = map.panels.length;
    const across = count === SQUARE * SQUARE ? SQUARE : Math.min(count, MOST_ACROSS);
    const room = {
      left: sheet.small * (categories ? 21.5 : 4.6),
      top: sheet.small * (categories ? 13.5 : 2),
      bottom: sheet.small * (categories ? 1 : 3.6),
      gap: sheet.small,
      key: KEY_WIDTH + sheet.small * 8,
    };
    const width = (sheet.width - room.key) / across - room.left - room.gap;
    const titles = map.panels.map(function (panel) {
      return drawing.wrap(panel.title, width / BOLD, sheet.small);
    });
    if (!categories) {
      room.top += (Math.max.apply(null, titles.map(function (lines) {
        return lines.length;
      })) - 1) * sheet.small * drawing.LINE;
    }
    const height = categories ? map.y.levels.length * sheet.small * ROW : Math.max(180, Math.min(width * HEIGHT, 440));
    const fitted = Boolean(map.panels[0].surface);
    const bounds = { x: edges(map.x, fitted), y: edges(map.y, fitted) };
    const panels = map.panels.map(function (panel, index) {
      const left = room.left + (index % across) * (width + room.left + room.gap);
      const top = room.top + Math.floor(index / across) * (height + room.top + room.bottom);
      return {
        left: left, top: top, right: left + width, bottom: top + height,
        x: scaleOf(map.x, bounds.x, left, left + width),
        y: categories ? scaleOf(map.y, bounds.y, top, top + height) : scaleOf(map.y, bounds.y, top + height, top),
      };
    });
    const rows = Math.ceil(count / across);
    return {
      panels: panels, titles: titles, bounds: bounds, fitted: fitted, categories: categories,
      bottom: rows * (height + room.top + room.bottom), key: sheet.width - room.key + sheet.small * 0.5, top: room.top,
    };
  }

  /* The corners of a cell: {x, y, width, height}. */
  function box(map, plan, panel, cell) {
    const place = plan.panels[panel];
    const column = map.x.levels.indexOf(cell.x);
    const row = map.y.levels.indexOf(cell.y);
    return corners(place, plan, column, row);
  }

  function corners(place, plan, column, row) {
    const x = RaceStage.scales.linear(plan.bounds.x[0], plan.bounds.x[plan.bounds.x.length - 1], place.left, place.right);
    const ends = plan.categories ? [place.top, place.bottom] : [place.bottom, place.top];
    const y = RaceStage.scales.linear(plan.bounds.y[0], plan.bounds.y[plan.bounds.y.length - 1], ends[0], ends[1]);
    const sides = [x(plan.bounds.x[column]), x(plan.bounds.x[column + 1]), y(plan.bounds.y[row]), y(plan.bounds.y[row + 1])];
    return {
      x: sides[0], width: sides[1] - sides[0],
      y: Math.min(sides[2], sides[3]), height: Math.abs(sides[3] - sides[2]),
    };
  }

  /* What marks a cell: an outline that shows on every colour. */
  function outline(map, plan, panel, cell, colour) {
    const place = plan.panels[panel];
    const rings = [[PAPER, 5], [colour, 2.6]];
    return rings.map(function (ring) {
      const look = { fill: "none", stroke: ring[0], "stroke-width": ring[1], "pointer-events": "none" };
      if (plan.fitted) return element("circle", Object.assign({ cx: place.x(cell.x), cy: place.y(cell.y), r: POINT + 4 }, look));
      return element("rect", Object.assign(box(map, plan, panel, cell), look));
    }).join("");
  }

  /* The cell at a place in the drawing: {panel, cell}, or null. */
  function hit(map, plan, x, y) {
    for (let panel = 0; panel < plan.panels.length; panel += 1) {
      const place = plan.panels[panel];
      const reach = plan.fitted ? 2 * POINT : 0;
      if (x >= place.left - reach && x <= place.right + reach && y >= place.top - reach && y <= place.bottom + reach) {
        const found = nearest(map, plan, panel, x, y);
        if (found) return { panel: panel, cell: found };
      }
    }
    return null;
  }

  function nearest(map, plan, panel, x, y) {
    const place = plan.panels[panel];
    let best = null;
    let least = 4 * POINT;
    map.panels[panel].cells.forEach(function (cell) {
      if (!plan.fitted) {
        const at = box(map, plan, panel, cell);
        if (x >= at.x && x < at.x + at.width && y >= at.y && y < at.y + at.height) best = cell;
        return;
      }
      const distance = Math.hypot(place.x(cell.x) - x, place.y(cell.y) - y);
      if (distance < least) {
        least = distance;
        best = cell;
      }
    });
    return best;
  }

  RaceStage.mapLayout = {
    KEY_WIDTH: KEY_WIDTH, POINT: POINT, ticks: ticks, layout: layout, box: box, corners: corners, hit: hit, outline: outline,
  };
})(RaceStage);
