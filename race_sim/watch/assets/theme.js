/* Colours and sizes. The kinds of maker keep the colours of the printed figures; nothing is told by colour alone. */
(function (RaceStage) {
  "use strict";

  const LIGHT = {
    name: "light",
    page: "#f3f5f8",
    paper: "#ffffff",
    ink: "#222222",
    soft: "#555b66",
    grid: "#e3e6ea",
    line: "#c3c9d2",
    shade: "#888888",
    workshops: "#0072b2",
    primes: "#e69f00",
    joint_lines: "#009e73",
    total: "#4d4d4d",
    countermeasure: "#a1296b",
    focus: "#7b2cbf",
    text: { workshops: "#005f95", primes: "#8a5500", joint_lines: "#006b4e", total: "#4d4d4d" },
    edges: { workshops: "#0072b2", primes: "#8a5500", joint_lines: "#00704f", total: "#4d4d4d" }, // of points and lines: 3:1 on paper and more
    families: {
      workshops: ["#0072b2", "#8cc4e6", "#3f97cd", "#b9dcf0", "#005280", "#66aedb"],
      primes: ["#e69f00", "#f6d58a", "#c98200", "#f0bd4d"],
      joint_lines: ["#009e73", "#a3dfcb", "#4fbd9a", "#007a59"],
      others: "#d4d7dc",
    },
  };

  const DARK = {
    name: "dark",
    page: "#0e1116",
    paper: "#171c23",
    ink: "#e9ecf0",
    soft: "#aab2be",
    grid: "#2a313b",
    line: "#46505d",
    shade: "#9aa3af",
    workshops: "#4aa8e0",
    primes: "#f0ae1f",
    joint_lines: "#3fc79f",
    total: "#b9bec6",
    countermeasure: "#f48fc4",
    focus: "#c9a0ff",
    text: { workshops: "#7cc4f0", primes: "#f5c04a", joint_lines: "#6fdcbb", total: "#c4c9d0" },
    edges: { workshops: "#4aa8e0", primes: "#f0ae1f", joint_lines: "#3fc79f", total: "#b9bec6" },
    families: {
      workshops: ["#2f8fc9", "#a8d4ee", "#5fb0e0", "#1b6594", "#82c3ea", "#3d7fa8"],
      primes: ["#f0ae1f", "#f8dc9a", "#c58a10", "#f4c65c"],
      joint_lines: ["#2fae89", "#a9e6d2", "#62cbaa", "#1f7a60"],
      others: "#5a636f",
    },
  };

  const VARIABLES = [
    "page",
    "paper",
    "ink",
    "soft",
    "grid",
    "line",
    "workshops",
    "primes",
    "joint_lines",
    "total",
    "countermeasure",
    "focus",
  ];

  RaceStage.theme = {
    LIGHT: LIGHT,
    DARK: DARK,
    FONT: "system-ui, 'Segoe UI', 'Liberation Sans', 'DejaVu Sans', Arial, sans-serif",
    LEAST_TEXT: 12, // pixels

    of: function (dark) {
      return dark ? DARK : LIGHT;
    },

    /* Sets the colours of the theme as variables that stage.css reads. */
    apply: function (root, theme) {
      VARIABLES.forEach(function (name) {
        root.style.setProperty("--rs-" + name, theme[name]);
      });
      Object.keys(theme.text).forEach(function (kind) {
        root.style.setProperty("--rs-text-" + kind, theme.text[kind]);
      });
      root.style.setProperty("color-scheme", theme.name);
    },

    /* The tint of a family: by its kind of maker and its number, so that it keeps it as others come and go; not the tint of its neighbour. */
    family: function (theme, kind, number, neighbour) {
      const tints = theme.families[kind];
      const tint = tints[number % tints.length];
      return tint === neighbour ? tints[(number + 1) % tints.length] : tint;
    },
  };
})(RaceStage);
