/* Money: the flow of the run's budgets, then accounts of the treasuries and of each kind of maker. */
(function (RaceStage) {
  "use strict";

  const words = RaceStage.words;
  const TREASURIES = RaceStage.moneyFlow.TREASURIES;
  const PURPOSES = RaceStage.moneyFlow.PURPOSES;

  const BINDS = [
    ["orders", "orders"],
    ["finance", "finance"],
    ["inputs", "lack of parts"],
    ["capacity", "full plant"],
  ];

  function cell(key, value) {
    if (value === null) return "<td></td>";
    return "<td data-key='" + key + "' data-tip='EUR " + words.number(value) + "'>" + words.money(value) + "</td>";
  }

  function plainCell(key, text) {
    return "<td data-key='" + key + "'>" + text + "</td>";
  }

  function table(heads, rows) {
    const head = heads.map(function (text) {
      return "<th scope='col'>" + text + "</th>";
    });
    return "<table class='rs-table rs-accounts'><thead><tr>" + head.join("") + "</tr></thead><tbody>" + rows.join("") + "</tbody></table>";
  }

  function line(name, cells) {
    return "<tr><th scope='row'>" + name + "</th>" + cells.join("") + "</tr>";
  }

  const RECEIVED_AND_SPENT = [
    ["income", "from taxpayers"],
    ["aid", "aid"],
    ["paid", "paid to makers"],
    ["commission", "to intermediaries"],
    ["imports", "other arms abroad"],
    ["plants", "plants abroad"],
  ];
  const STANDS = [
    ["cash", "in hand now"],
    ["committed", "of that owed for drones delivered"],
    ["withheld", "joint money held up by a veto"],
  ];

  /* What each treasury received and spent, this week and so far; lines that have been 0 all along are left out. */
  function treasuries(money, key) {
    const rows = RECEIVED_AND_SPENT.filter(function (one) {
      return TREASURIES.some(function (name) {
        return money.run.treasuries[name][one[0]] !== 0;
      });
    }).map(function (one) {
      const cells = TREASURIES.map(function (name) {
        return ["week", "run"]
          .map(function (span) {
            const used = money.run.treasuries[name][one[0]] !== 0;
            const value = used ? money[span].treasuries[name][one[0]] : null;
            return cell([key, span, name, one[0]].join("."), value);
          })
          .join("");
      });
      return line(one[1], cells);
    });
    STANDS.forEach(function (one) {
      const values = TREASURIES.map(function (name) {
        return money.treasuries[name][one[0]];
      });
      if (one[0] === "withheld" && !values[0] && !values[1]) return;
      const cells = TREASURIES.map(function (name, place) {
        return "<td></td>" + cell([key, name, one[0]].join("."), values[place]);
      });
      rows.push(line(one[1], cells));
    });
    return table(["treasuries, EUR", "home, this week", "home, so far", "partners, this week", "partners, so far"], rows);
  }

  function ofKinds(frame, each) {
    return frame.kinds.concat("total").map(each);
  }

  /* Plant, orders and what binds, of each kind of maker this week. */
  function makers(frame, key) {
    const money = frame.flows.money;
    const count = function (name, text, read) {
      return line(
        text,
        ofKinds(frame, function (kind) {
          return plainCell([key, kind, name].join("."), words.number(read(kind)));
        })
      );
    };
    const euros = function (name, text, read) {
      return line(
        text,
        ofKinds(frame, function (kind) {
          return cell([key, kind, name].join("."), read(kind));
        })
      );
    };
    const drones = function (name) {
      return function (kind) {
        return money.week.drones[kind][name];
      };
    };
    const level = function (name) {
      return function (kind) {
        return money.makers[kind][name];
      };
    };
    const rows = [
      count("makers", "makers that build", level("makers")),
      count("ordered", "drones ordered", drones("ordered")),
      count("built", "drones built", drones("built")),
    ];
    if (money.run.drones.total.exported) rows.push(count("exported", "drones sold abroad", drones("exported")));
    rows.push(count("capacity", "plant, drones a week", level("capacity")));
    rows.push(
      line(
        "plant in use",
        ofKinds(frame, function (kind) {
          return plainCell([key, kind, "utilisation"].join("."), words.percent(money.makers[kind].utilisation));
        })
      )
    );
    BINDS.forEach(function (bind) {
      rows.push(
        count("bound." + bind[0], "makers limited by " + bind[1], function (kind) {
          return money.bound[kind][bind[0]];
        })
      );
    });
    rows.push(
      euros("stock", "arsenal, EUR at cost", function (kind) {
        return money.stock[kind];
      })
    );
    if (money.run.lost.drones) {
      rows.push(
        euros("lost", "destroyed so far, EUR at cost", function (kind) {
          return money.run.lost[kind];
        })
      );
    }
    rows.push(euros("cash", "cash, EUR", level("cash")), euros("debt", "debt, EUR", level("debt")));
    return table(["makers this week"].concat(frame.kinds.map(words.kind), words.all(frame)), rows);
  }

  /* What makers received and spent so far, by purpose. */
  function accounts(frame, key) {
    const run = frame.flows.money.run;
    const rows = PURPOSES.filter(function (purpose) {
      return run.makers.total[purpose[0]] !== 0;
    }).map(function (purpose) {
      return line(
        purpose[1],
        ofKinds(frame, function (kind) {
          return cell([key, "run", kind, purpose[0]].join("."), run.makers[kind][purpose[0]]);
        })
      );
    });
    return (
      "<details><summary>What makers received and spent so far</summary>" +
      table(["EUR so far"].concat(frame.kinds.map(words.kind), words.all(frame)), rows) +
      "</details>"
    );
  }

  RaceStage.views.money = {
    title: "Where does the money go?",
    explanation:
      "Over the run so far, from who pays (left) through who is paid to what makers spent it on (right); k, m and bn are thousands, " +
      "millions and billions of euros.",

    available: function (frame) {
      return frame.accounts;
    },

    lead: function (frame, key) {
      const money = frame.flows.money;
      const goodwill = words.percent(money.goodwill);
      const parts = ["Donors' goodwill: <b data-key='" + key + ".money.goodwill'>" + goodwill + "</b> of aid is given."];
      if (money.interceptors > 0) parts.push("Interceptors in hand: " + words.brief(money.interceptors) + ".");
      const struck = money.run.strikes;
      if (struck.strikes) {
        const stopped = struck.strikes_stopped ? ", " + words.number(struck.strikes_stopped) + " of them stopped" : "";
        parts.push(words.count(struck.strikes, "strike", "strikes") + " on plants and depots so far" + stopped + ".");
      }
      return parts.join(" ");
    },

    draw: RaceStage.moneyFlow.draw,

    below: function (frame, key) {
      const own = key + ".money";
      return treasuries(frame.flows.money, own) + makers(frame, own) + accounts(frame, own);
    },
  };
})(RaceStage);
