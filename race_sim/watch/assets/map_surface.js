/* A surface fitted between the points tried, as shades with smooth edges, hatched where its side is not known. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const element = drawing.element;
  const BASE = 36; // of the numbers in the rows of a surface
  const MOST = BASE * BASE - 1;

  /* Shares of the way up the bands, 0 to 1: a list of rows, the lowest level of y first. */
  function shares(rows) {
    return rows.map(function (row) {
      const found = [];
      for (let i = 0; i < row.length; i += 2) found.push(parseInt(row.substr(i, 2), BASE) / MOST);
      return found;
    });
  }

  /* The part of a square in which a field is at least `level`: where it crosses a side, straight between the corners. */
  function clipped(corners, level) {
    let text = "";
    corners.forEach(function (corner, index) {
      const next = corners[(index + 1) % corners.length];
      const inside = corner[2] >= level;
      if (inside) text += (text ? "L" : "M") + drawing.place(corner[0]) + " " + drawing.place(corner[1]);
      if (inside !== (next[2] >= level)) {
        const share = (level - corner[2]) / (next[2] - corner[2]);
        text += (text ? "L" : "M") + drawing.place(corner[0] + share * (next[0] - corner[0])) + " " + drawing.place(corner[1] + share * (next[1] - corner[1]));
      }
    });
    return text && text + "Z";
  }

  /* The "d" of all places in which a field over the levels of a map is at least `level`. */
  function region(field, x, y, level) {
    let text = "";
    for (let row = 0; row + 1 < y.length; row += 1) {
      let from = 0; // first of the squares that lie inside, side by side: one piece
      for (let column = 0; column <= x.length - 1; column += 1) {
        const ends = column < x.length - 1 ? [field[row][column], field[row][column + 1], field[row + 1][column + 1], field[row + 1][column]] : [-1];
        if (Math.min.apply(null, ends) >= level) continue;
        if (column > from) text += "M" + x[from] + " " + y[row] + "H" + x[column] + "V" + y[row + 1] + "H" + x[from] + "Z";
        from = column + 1;
        if (ends.length === 1 || Math.max.apply(null, ends) < level) continue;
        text += clipped([
          [x[column], y[row], ends[0]], [x[column + 1], y[row], ends[1]], [x[column + 1], y[row + 1], ends[2]], [x[column], y[row + 1], ends[3]],
        ], level);
      }
    }
    return text;
  }

  /* place: of the panel (`mapLayout`); hatch: the pattern that marks what is not known. */
  RaceStage.mapSurface = function (map, place, index, hatch) {
    const fitted = map.panels[index].surface;
    const at = function (axis, scale) {
      return axis.levels.map(function (level) {
        return drawing.place(scale(level));
      });
    };
    const x = at(map.x, place.x);
    const y = at(map.y, place.y);
    const field = shares(fitted.rows);
    const shades = fitted.bands.map(function (colour, band) {
      const d = region(field, x, y, band / fitted.bands.length);
      return d ? element("path", { d: d, fill: colour }) : "";
    });
    const unknown = fitted.unknown.map(function (row) {
      return row.split("").map(Number);
    });
    return shades.join("") + element("path", { d: region(unknown, x, y, 0.5), fill: "url(#" + hatch + ")" });
  };
})(RaceStage);
