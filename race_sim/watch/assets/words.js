/* Numbers and names as a reader sees them, safe to put into HTML. */
(function (RaceStage) {
  "use strict";

  const UNKNOWN = "\u2013"; // shown where there is no number yet
  const RATE_DIGITS = 3;
  const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

  function known(value) {
    return typeof value === "number" && isFinite(value);
  }

  function escape(text) {
    return String(text).replace(/[&<>"']/g, function (character) {
      return ESCAPES[character];
    });
  }

  function signed(text) {
    return text.replace("-", "\u2212");
  }

  /* A number with commas and so many decimals: 12,300 or 0.5. */
  function number(value, decimals) {
    if (!known(value)) return UNKNOWN;
    const parts = value
      .toFixed(decimals || 0)
      .replace(/^-(?=[0.]+$)/, "")
      .split(".");
    parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, ",");
    return signed(parts.join("."));
  }

  const KINDS = { workshops: "workshops", primes: "primes", joint_lines: "joint lines", countermeasures: "countermeasures" };
  const ROLES = { line: "joint line" }; // agents whose words differ from their id
  const TREASURIES = { "treasury-0": "the home treasury", "treasury-1": "the partners' treasury" };
  const UNITS = [
    [1e9, " bn"],
    [1e6, " m"],
    [1e3, " k"],
  ];
  const EURO_DIGITS = 3;

  RaceStage.words = {
    UNKNOWN: UNKNOWN,
    known: known,
    escape: escape,
    number: number,

    /* Hits a sortie: always three decimals, so that two of them compare at a glance. */
    rate: function (value) {
      return number(value, RATE_DIGITS);
    },

    percent: function (share) {
      if (!known(share)) return UNKNOWN;
      if (share > 0 && share < 0.005) return "under 1%";
      return number(100 * share) + "%";
    },

    /* A number to some three digits, for axes and facts of unknown size. */
    brief: function (value) {
      if (!known(value)) return UNKNOWN;
      const size = Math.abs(value);
      if (size >= 100 || Number.isInteger(value)) return number(value);
      return signed(String(Number(value.toPrecision(3))));
    },

    count: function (value, one, many) {
      return number(value) + " " + (value === 1 ? one : many);
    },

    /* "team-3" as "team 3". */
    agent: function (id) {
      const parts = String(id).split("-");
      return TREASURIES[id] || (ROLES[parts[0]] || parts[0]) + " " + parts[1];
    },

    /* A kind of maker in words. */
    kind: function (kind) {
      return KINDS[kind];
    },

    /* All kinds of maker that a frame shows, taken together. */
    all: function (frame) {
      return frame.kinds.length > 2 ? "all" : "both";
    },

    /* Money to three digits: "12.3 m" is 12.3 million. */
    money: function (euros) {
      if (!known(euros)) return UNKNOWN;
      const unit = UNITS.find(function (one) {
        return Math.abs(euros) >= one[0];
      });
      if (!unit) return number(euros);
      const value = euros / unit[0];
      const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
      return number(value, Math.max(0, EURO_DIGITS - whole)) + unit[1];
    },
  };
})(RaceStage);
