/* Building blocks of the drawings: SVG as text, colours as attributes, so that a drawing also stands alone in a file. */
(function (RaceStage) {
  "use strict";

  const escape = RaceStage.words.escape;
  const ARCH = 0.94; // half the width of an arch with the area of a circle of radius 1
  const LETTER = 0.6; // mean width of a letter in font sizes
  const BOLD_LETTER = 0.68;
  const SQUARE = 1.772; // side of the square with the area of a circle of radius 1
  const LINE = 1.35; // line height in font sizes
  const EDGE = 0.9; // width of the darker outline on either side of a line, pixels

  function place(value) {
    return Math.round(value * 10) / 10;
  }

  /* ' name="value"' for every attribute that has a value. */
  function attributes(values) {
    let text = "";
    Object.keys(values).forEach(function (name) {
      const value = values[name];
      if (value === undefined || value === null || value === false) return;
      text += " " + name + '="' + (typeof value === "number" ? Math.round(value * 1000) / 1000 : escape(value)) + '"';
    });
    return text;
  }

  function element(name, values, content) {
    return "<" + name + attributes(values) + (content === undefined ? "/>" : ">" + content + "</" + name + ">");
  }

  function svg(sheet, height, body, label, more) {
    const values = {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: "0 0 " + place(sheet.width) + " " + place(height),
      width: place(sheet.width),
      height: place(height),
      role: "img",
      "aria-label": label,
      "font-family": RaceStage.theme.FONT,
      "font-size": sheet.small,
      fill: sheet.theme.ink,
    };
    return element("svg", Object.assign(values, more || {}), body);
  }

  /* Text at a place; options: anchor, size, weight, fill, halo (a colour behind the letters), and any attribute. */
  function label(x, y, text, options) {
    const chosen = options || {};
    const values = {
      x: place(x),
      y: place(y),
      "text-anchor": chosen.anchor,
      "font-size": chosen.size,
      "font-weight": chosen.weight,
      fill: chosen.fill,
      transform: chosen.transform,
      "pointer-events": "none",
    };
    if (chosen.halo) {
      Object.assign(values, { stroke: chosen.halo, "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" });
    }
    return element("text", values, escape(text));
  }

  /* The "d" of a line through the points [x, y]; a point without y (no value) breaks the line. */
  function path(points) {
    let text = "";
    let open = false;
    for (let i = 0; i < points.length; i += 1) {
      const y = points[i][1];
      if (y === null || y === undefined || y !== y) {
        open = false;
      } else {
        text += (open ? "L" : "M") + place(points[i][0]) + " " + place(y);
        open = true;
      }
    }
    return text;
  }

  /* The mark of a kind of maker: a circle for workshops, a square of the same area for primes, an arch for joint lines. */
  function kindMark(kind, x, y, radius, values) {
    if (kind === "primes") {
      const side = radius * SQUARE;
      const corner = { x: place(x - side / 2), y: place(y - side / 2), width: place(side), height: place(side) };
      return element("rect", Object.assign(corner, values));
    }
    if (kind === "joint_lines") {
      const half = radius * ARCH;
      const low = place(y + half);
      const d = "M" + place(x - half) + " " + low + "V" + place(y) + "A" + place(half) + " " + place(half) + " 0 0 1 " + place(x + half) + " " + place(y) + "V" + low + "Z";
      return element("path", Object.assign({ d: d }, values));
    }
    return element("circle", Object.assign({ cx: place(x), cy: place(y), r: place(radius) }, values));
  }

  const DASHES = { workshops: null, primes: "7 4", joint_lines: "9 3 2 3" };

  /* How lines of a kind of maker are dashed. */
  function kindDash(kind) {
    return DASHES[kind];
  }

  /* Outlines of radius 1, one for each module; none looks like the circle or the square of a maker. */
  const MODULE_SHAPES = [
    [
      [0, -1],
      [0.95, 0.75],
      [-0.95, 0.75],
    ],
    [
      [0, -1.1],
      [0.85, 0],
      [0, 1.1],
      [-0.85, 0],
    ],
    [
      [-0.35, -1],
      [0.35, -1],
      [0.35, -0.35],
      [1, -0.35],
      [1, 0.35],
      [0.35, 0.35],
      [0.35, 1],
      [-0.35, 1],
      [-0.35, 0.35],
      [-1, 0.35],
      [-1, -0.35],
      [-0.35, -0.35],
    ],
    [
      [0, -1.1],
      [0.27, -0.36],
      [1.05, -0.34],
      [0.43, 0.14],
      [0.65, 0.9],
      [0, 0.45],
      [-0.65, 0.9],
      [-0.43, 0.14],
      [-1.05, -0.34],
      [-0.27, -0.36],
    ],
    [
      [0, 1],
      [0.95, -0.75],
      [-0.95, -0.75],
    ],
    [
      [-0.9, -1],
      [0.9, -1],
      [-0.9, 1],
      [0.9, 1],
    ],
    [
      [-0.5, -0.95],
      [0.5, -0.95],
      [1, 0],
      [0.5, 0.95],
      [-0.5, 0.95],
      [-1, 0],
    ],
    [
      [-1, -0.9],
      [1, 0.9],
      [1, -0.9],
      [-1, 0.9],
    ],
  ];
  const MODULE_DASHES = [null, "7 3", "2 3", "10 3 2 3", "4 2", "1 2", "12 4", "6 2 1 2"];

  function moduleMark(module, x, y, radius, values) {
    const points = MODULE_SHAPES[module % MODULE_SHAPES.length].map(function (corner) {
      return place(x + radius * corner[0]) + "," + place(y + radius * corner[1]);
    });
    return element("polygon", Object.assign({ points: points.join(" ") }, values));
  }

  /* Slanted lines in one colour, to fill what is countered. */
  function hatch(id, colour, paper) {
    const stripe = element("line", { x1: 0, y1: 0, x2: 0, y2: 6, stroke: colour, "stroke-width": 3.2 });
    const ground = element("rect", { width: 6, height: 6, fill: paper });
    const values = { id: id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
    return element("pattern", values, ground + stripe);
  }

  function textWidth(text, size, bold) {
    return text.length * (bold ? BOLD_LETTER : LETTER) * size;
  }

  /* Words broken into lines that fit a width. */
  function wrap(text, width, size) {
    const lines = [""];
    text.split(" ").forEach(function (word) {
      const longer = lines[lines.length - 1] ? lines[lines.length - 1] + " " + word : word;
      if (textWidth(longer, size) <= width || !lines[lines.length - 1]) lines[lines.length - 1] = longer;
      else lines.push(word);
    });
    return lines;
  }

  /* Keys side by side, broken into rows (`column`: one a row). Each item: {text, mark(x, y) -> svg, room: width of the mark}. */
  function legend(items, sheet, left, top, width, column) {
    const row = sheet.small * 1.6;
    let x = left;
    let y = top + row * 0.6;
    let body = "";
    items.forEach(function (item) {
      const room = item.room || sheet.small * 1.3;
      const whole = room + 4 + textWidth(item.text, sheet.small) + sheet.small * 1.1;
      if (x > left && (column || x + whole - sheet.small > left + width)) {
        x = left;
        y += row;
      }
      body += item.mark(x + room / 2, y);
      wrap(item.text, width - room - 4, sheet.small).forEach(function (line, index) {
        if (index) y += sheet.small * LINE;
        body += label(x + room + 4, y + sheet.small * 0.35, line, { fill: sheet.theme.soft });
      });
      x += whole;
    });
    return { body: body, height: y + row * 0.5 - top };
  }

  /* How to draw a line that is seen on paper though its colour is pale: below it a wider one in a darker colour. */
  function edged(values, edge) {
    if (!edge || edge === values.stroke) return [values];
    return [Object.assign({}, values, { stroke: edge, "stroke-width": values["stroke-width"] + 2 * EDGE }), values];
  }

  /* A key that shows a line; edge: the colour of its outline, if it has one. */
  function lineKey(text, values, edge) {
    return {
      text: text,
      room: 26,
      mark: function (x, y) {
        return edged(values, edge)
          .map(function (layer) {
            return element("line", Object.assign({ x1: x - 13, x2: x + 13, y1: y, y2: y }, layer));
          })
          .join("");
      },
    };
  }

  /* Moves places apart that are nearer than a gap, keeping their order, within two ends. */
  function apart(places, gap, low, high) {
    const order = places.map(function (value, index) {
      return { value: value, index: index };
    });
    order.sort(function (a, b) {
      return a.value - b.value;
    });
    for (let i = 1; i < order.length; i += 1) order[i].value = Math.max(order[i].value, order[i - 1].value + gap);
    let limit = high;
    for (let i = order.length - 1; i >= 0; i -= 1) {
      order[i].value = Math.max(low, Math.min(order[i].value, limit));
      limit = order[i].value - gap;
    }
    const moved = [];
    order.forEach(function (item) {
      moved[item.index] = item.value;
    });
    return moved;
  }

  RaceStage.drawing = {
    LINE: LINE,
    place: place,
    element: element,
    svg: svg,
    label: label,
    path: path,
    kindMark: kindMark,
    kindDash: kindDash,
    moduleMark: moduleMark,
    moduleDash: function (module) {
      return MODULE_DASHES[module % MODULE_DASHES.length];
    },
    hatch: hatch,
    textWidth: textWidth,
    wrap: wrap,
    legend: legend,
    edged: edged,
    lineKey: lineKey,
    apart: apart,
  };
})(RaceStage);
