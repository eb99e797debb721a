/* A panel as a file of its own: SVG text, or a PNG made from it in the browser. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const words = RaceStage.words;
  const WIDTH = 760; // pixels of one race in a file
  const SIZE = 15; // font size in a file
  const MARGIN = 16; // pixels
  const DENSITY = 2; // pixels of a PNG for one of the drawing

  function text(value, frame) {
    return typeof value === "function" ? value(frame) : value;
  }

  function block(lines, x, y, size, options) {
    return lines
      .map(function (line, index) {
        return drawing.label(x, y + index * size * drawing.LINE, line, Object.assign({ size: size }, options));
      })
      .join("");
  }

  /* One drawing with its title, explanation and the race and week it shows. Returns {body, height}. */
  function titled(view, frame, caption, sheet, common, left) {
    const theme = sheet.theme;
    let y = MARGIN + SIZE;
    const title = drawing.wrap(text(view.title, frame), WIDTH, SIZE * 1.2);
    let body = block(title, left, y, SIZE * 1.2, { weight: "bold" });
    y += title.length * SIZE * 1.2 * drawing.LINE;
    const captions = drawing.wrap(caption, WIDTH, SIZE);
    body += block(captions, left, y, SIZE, { fill: theme.soft });
    y += captions.length * SIZE * drawing.LINE;
    const explanation = drawing.wrap(text(view.explanation, frame), WIDTH, sheet.small);
    body += block(explanation, left, y, sheet.small, { fill: theme.soft });
    y += explanation.length * sheet.small * drawing.LINE;
    const picture = view.draw(frame, sheet, common);
    const height = Number(/ height="([\d.]+)"/.exec(picture)[1]);
    body += picture.replace("<svg", '<svg x="' + left + '" y="' + y + '"');
    return { body: body, height: y + height + MARGIN };
  }

  function captionOf(scene, race) {
    const frame = scene.frames[race];
    const name = scene.labels && scene.labels[race] ? scene.labels[race] : frame.title;
    return name + ", seed " + frame.seed + ", week " + frame.week;
  }

  /* Self-contained SVG text of a panel, for all races side by side; "" if there is nothing to draw yet. */
  function svg(panel, scene) {
    const view = RaceStage.views[panel];
    const begun = scene.frames.every(function (frame) {
      return frame.space && (!view || !view.available || view.available(frame));
    });
    if (!view || !view.draw || !begun) return "";
    const theme = RaceStage.theme.of(scene.dark);
    const common = RaceStage.scales.common(scene.frames);
    const parts = scene.frames.map(function (frame, race) {
      const sheet = {
        width: WIDTH,
        size: SIZE,
        small: SIZE - 1,
        theme: theme,
        prefix: "file-" + panel + "-" + race,
        selected: scene.selected,
      };
      return titled(view, frame, captionOf(scene, race), sheet, common, MARGIN + race * (WIDTH + 2 * MARGIN));
    });
    const height = Math.ceil(
      Math.max.apply(
        null,
        parts.map(function (part) {
          return part.height;
        })
      )
    );
    const ground = drawing.element("rect", { width: "100%", height: "100%", fill: theme.paper });
    const whole = { width: parts.length * (WIDTH + 2 * MARGIN), size: SIZE, small: SIZE - 1, theme: theme };
    return drawing.svg(
      whole,
      height,
      ground +
        parts
          .map(function (part) {
            return part.body;
          })
          .join(""),
      text(view.title, scene.frames[0])
    );
  }

  function download(name, address) {
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    document.body.appendChild(link);
    link.click();
    document.body.removeChild(link);
  }

  function saveSvg(name, picture) {
    const address = URL.createObjectURL(new Blob([picture], { type: "image/svg+xml" }));
    download(name, address);
    setTimeout(function () {
      URL.revokeObjectURL(address);
    }, 1000);
  }

  function savePng(name, picture) {
    const image = new Image();
    image.onload = function () {
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth * DENSITY;
      canvas.height = image.naturalHeight * DENSITY;
      const pen = canvas.getContext("2d");
      pen.scale(DENSITY, DENSITY);
      pen.drawImage(image, 0, 0);
      download(name, canvas.toDataURL("image/png"));
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(picture);
  }

  /* "race_sim-baseline-week-37-space.svg" */
  function fileName(panel, scene, ending) {
    const names =
      panel === "map" || !scene
        ? []
        : scene.frames.map(function (frame) {
            return frame.name;
          });
    const week = names.length ? ["week", scene.frames[0].week] : [];
    return (
      ["race_sim"]
        .concat(names, week, [panel])
        .join("-")
        .replace(/[^\w.-]+/g, "_") +
      "." +
      ending
    );
  }

  RaceStage.files = {
    svg: svg,
    /* Gives the user the picture of a panel as a file. */
    save: function (panel, scene, picture, ending) {
      if (!picture) return;
      (ending === "png" ? savePng : saveSvg)(fileName(panel, scene, ending), picture);
    },
  };
})(RaceStage);
