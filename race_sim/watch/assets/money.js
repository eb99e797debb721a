/* Money: the flow of the run's budgets, then accounts of the treasuries and of each kind of maker. */
(function (RaceStage) {
  "use strict";

  const words = RaceStage.words;
  const TREASURIES = RaceStage.moneyFlow.TREASURIES;
  const MINUS = "\u2212 ";
  const HELD_BACK = [
    ["orders", "makers that built all that was wanted"],
    ["finance", "makers held back by cash and credit"],
    ["inputs", "makers held back by imported inputs"],
    ["capacity", "makers held back by capacity"],
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

  function line(name, cells, style) {
    return "<tr" + (style ? " class='" + style + "'" : "") + "><th scope='row'>" + name + "</th>" + cells.join("") + "</tr>";
  }

  const RECEIVED_AND_SPENT = [
    ["income", "+ from taxpayers"],
    ["aid", "+ from donors"],
    ["paid", MINUS + "to makers for drones"],
    ["commission", MINUS + "to intermediaries"],
    ["imports", MINUS + "for other arms abroad"],
    ["plants", MINUS + "for plants abroad"],
  ];
  const STANDS = [
    ["cash", "= in hand now", "rs-sum"],
    ["committed", "of that owed for drones delivered"],
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
      const cells = TREASURIES.map(function (name, place) {
        return "<td></td>" + cell([key, name, one[0]].join("."), values[place]);
      });
      rows.push(line(one[1], cells, one[2]));
    });
    return table(["treasuries, EUR", "home, this week", "home, so far", "partners, this week", "partners, so far"], rows);
  }

  /* Whether a veto keeps joint money from a treasury now. */
  function isHeldUp(money) {
    return TREASURIES.some(function (name) {
      return money.treasuries[name].withheld > 0;
    });
  }

  /* Joint money that a veto keeps from the treasuries; nothing while none does. */
  function heldUp(money, key) {
    if (!isHeldUp(money)) return "";
    const parts = TREASURIES.filter(function (name) {
      return money.treasuries[name].withheld > 0;
    }).map(function (name) {
      const amount = money.treasuries[name].withheld;
      return (
        RaceStage.moneyFlow.name(name) +
        ", EUR <b data-key='" +
        [key, name, "withheld"].join(".") +
        "' data-tip='EUR " +
        words.number(amount) +
        "'>" +
        words.money(amount) +
        "</b>"
      );
    });
    return "<p class='rs-beneath'>A veto holds up joint money now, which has not been received: " + parts.join("; ") + ".</p>";
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
    rows.push(
      count("delivered", "drones delivered to the arsenal", function (kind) {
        return frame.flows.by_kind[kind] ? frame.flows.by_kind[kind].delivered : frame.flows.delivered;
      }),
      count("at_makers", "drones at makers, not delivered yet", level("at_makers")),
      count("capacity", "capacity, drones a week", level("capacity")),
      line(
        "utilisation: built over capacity",
        ofKinds(frame, function (kind) {
          return plainCell([key, kind, "utilisation"].join("."), words.percent(money.makers[kind].utilisation));
        })
      )
    );
    HELD_BACK.forEach(function (one) {
      rows.push(
        count("bound." + one[0], one[1], function (kind) {
          return money.bound[kind][one[0]];
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

  const RECEIPTS = [
    ["sales", "+ from treasuries for drones"],
    ["export_sales", "+ from customers abroad"],
    ["royalties_earned", "+ from joint lines, royalties"],
    ["paid_in", "+ from owners of newcomers"],
    ["net", "+ from banks, loans less repayments"],
    ["between", "+ between primes and joint lines"],
  ];
  const SPENDING = [
    ["materials", MINUS + "for parts and wages"],
    ["overhead", MINUS + "for overhead of plant"],
    ["research", MINUS + "for research"],
    ["plant", MINUS + "for more plant and repairs"],
    ["interest", MINUS + "to banks, interest"],
    ["royalties", MINUS + "to workshops, royalties"],
    ["paid_out", MINUS + "to owners and creditors"],
  ];

  /* How cash of makers came from what it was at the start to what it is now; debt given up moves no cash. */
  function accounts(frame, key) {
    const money = frame.flows.money;
    const run = money.run;
    const kinds = frame.kinds.concat("total");
    const sums = {
      net: function (kind) {
        return RaceStage.moneyFlow.lent(run, kind);
      },
      between: function (kind) {
        return run.makers[kind].taken_over - run.makers[kind].handed_on;
      },
    };
    const row = function (name, text, read, style) {
      const cells = kinds.map(function (kind) {
        return cell([key, "run", kind, name].join("."), read(kind));
      });
      return line(text, cells, style);
    };
    const rowsOf = function (purposes) {
      return purposes
        .map(function (purpose) {
          const name = purpose[0];
          const read =
            sums[name] ||
            function (kind) {
              return run.makers[kind][name];
            };
          return [name, purpose[1], read];
        })
        .filter(function (one) {
          return kinds.some(function (kind) {
            return one[2](kind) !== 0;
          });
        });
    };
    const rows = [
      row("start", "cash at the start", function (kind) {
        return money.start[kind];
      }),
    ];
    [RECEIPTS, SPENDING].forEach(function (purposes) {
      rowsOf(purposes).forEach(function (one, place) {
        rows.push(row(one[0], one[1], one[2], purposes === SPENDING && place === 0 ? "rs-sum" : ""));
      });
    });
    rows.push(
      row("cash", "= cash now", function (kind) {
        return money.makers[kind].cash;
      }, "rs-sum")
    );
    const lost = run.makers.total.written_off;
    return (
      "<details><summary>What makers received and spent so far</summary>" +
      table(["EUR so far"].concat(frame.kinds.map(words.kind), words.all(frame)), rows) +
      (lost ? "<p class='rs-beneath'>" + givenUp(frame, key) + "</p>" : "") +
      "</details>"
    );
  }

  /* Debt that banks gave up, which is no payment. */
  function givenUp(frame, key) {
    const parts = frame.kinds.map(function (kind) {
      const amount = frame.flows.money.run.makers[kind].written_off;
      return words.kind(kind) + " <span data-key='" + [key, "run", kind, "written_off"].join(".") + "'>" + words.money(amount) + "</span>";
    });
    return "Debt that banks gave up so far, for which no cash moves, EUR: " + parts.join(", ") + ".";
  }

  RaceStage.views.money = {
    title: "Where does the money go?",
    explanation:
      "Over the run so far, from who pays (left) through who is paid to what makers spent it on (right). Loans are drawn less " +
      "repayments: what banks lent a kind of maker and have back is not drawn. k, m and bn are thousands, millions and billions of euros.",

    available: function (frame) {
      return frame.accounts;
    },

    lead: function (frame, key) {
      const money = frame.flows.money;
      const goodwill = words.percent(money.goodwill);
      const veto = isHeldUp(money) ? "; a veto holds up joint money" : "";
      const parts = ["Donors' goodwill: <b data-key='" + key + ".money.goodwill'>" + goodwill + "</b>" + veto + "."];
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
      return treasuries(frame.flows.money, own) + heldUp(frame.flows.money, own) + makers(frame, own) + accounts(frame, own);
    },
  };
})(RaceStage);
