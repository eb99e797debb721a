/* Where the budgets of the run went, as a flow from payers through makers to what they spent it on. */
(function (RaceStage) {
  "use strict";

  const drawing = RaceStage.drawing;
  const words = RaceStage.words;
  const element = drawing.element;
  const label = drawing.label;

  const HEIGHT = 17; // of the nodes of the fullest column, in font sizes
  const NODE = 10; // width of a node, pixels
  const MIDDLE = 0.4; // place of the second column, of the width
  const GAP = 3; // least pixels between nodes
  const LABEL_LINES = 2.35; // room of a label, in sizes of small text
  const LEAST = 1; // thickness of the thinnest flow and node, pixels
  const FLOW = { opacity: 0.38, plain: 0.28 };
  const TREASURIES = ["home", "partners"];

  const PAYERS = {
    home: "home treasury",
    partners: "partners' treasury",
    customers: "customers abroad",
    owners: "owners, banks",
  };
  const TAKERS = {
    intermediaries: "intermediaries",
    imports: "other arms abroad",
    plants: "plants abroad",
    unspent: "not spent yet",
  };
  const USES = [
    ["materials", "parts and wages"],
    ["overhead", "overhead"],
    ["research", "research"],
    ["plant", "plant, repairs"],
    ["interest", "interest"],
    ["back", "owners, banks"],
    ["cash", "kept as cash"],
  ];

  /* Loans of a kind of maker less its repayments so far; below 0 where it has repaid more. */
  function lent(run, kind) {
    return run.makers[kind].borrowed - run.makers[kind].repaid;
  }

  /* Flows as [from, to, euros]: payers to takers, takers to uses. */
  function flowsOf(frame) {
    const money = frame.flows.money;
    const run = money.run;
    const found = [];
    TREASURIES.forEach(function (name) {
      const spent = run.treasuries[name];
      frame.kinds.forEach(function (kind) {
        found.push([name, kind, run.orders[name][kind]]);
      });
      found.push([name, "intermediaries", spent.commission]);
      found.push([name, "imports", spent.imports]);
      found.push([name, "plants", spent.plants]);
      found.push([name, "unspent", money.treasuries[name].cash]);
    });
    frame.kinds.forEach(function (kind) {
      const own = run.makers[kind];
      found.push(["customers", kind, own.export_sales]);
      found.push(["owners", kind, money.start[kind] + own.paid_in + Math.max(0, lent(run, kind))]);
      const ends = { back: own.paid_out + Math.max(0, -lent(run, kind)), cash: money.makers[kind].cash };
      USES.forEach(function (use) {
        found.push([kind, use[0], use[0] in ends ? ends[use[0]] : own[use[0]]]);
      });
    });
    return found.filter(function (flow) {
      return flow[2] > 0;
    });
  }

  function nameOf(node) {
    const use = USES.find(function (one) {
      return one[0] === node;
    });
    return PAYERS[node] || TAKERS[node] || (use ? use[1] : words.kind(node));
  }

  function sum(flows, side, node) {
    return flows.reduce(function (total, flow) {
      return flow[side] === node ? total + flow[2] : total;
    }, 0);
  }

  /* The nodes of each column from the top, each with its amount. */
  function columnsOf(frame, flows) {
    const names = [Object.keys(PAYERS), frame.kinds.concat(Object.keys(TAKERS)), USES.map(function (use) {
        return use[0];
      })];
    return names.map(function (column) {
      return column
        .map(function (name) {
          return { name: name, amount: Math.max(sum(flows, 0, name), sum(flows, 1, name)) };
        })
        .filter(function (node) {
          return node.amount > 0;
        });
    });
  }

  /* Gives nodes their places; returns the height of the whole. */
  function settle(columns, sheet) {
    const most = Math.max.apply(
      null,
      columns.map(function (column) {
        return column.reduce(function (total, node) {
          return total + node.amount;
        }, 0);
      })
    );
    const unit = (HEIGHT * sheet.size) / most;
    const places = [0, Math.round(sheet.width * MIDDLE), sheet.width - NODE];
    const room = LABEL_LINES * sheet.small;
    let height = 0;
    columns.forEach(function (column, index) {
      let y = 2;
      column.forEach(function (node) {
        node.height = Math.max(LEAST, node.amount * unit);
        const place = Math.max(node.height, room);
        node.x = places[index];
        node.y = y + (place - node.height) / 2;
        node.used = [0, 0];
        y += place + GAP;
      });
      height = Math.max(height, y);
    });
    return { unit: unit, height: height };
  }

  function tipOf(flow) {
    return nameOf(flow[0]) + " to " + nameOf(flow[1]) + ": EUR " + words.number(flow[2]);
  }

  function ribbon(flow, nodes, unit, theme) {
    const from = nodes[flow[0] + ">"];
    const to = nodes[">" + flow[1]];
    const thick = Math.max(LEAST, flow[2] * unit);
    const start = from.y + from.used[1] + thick / 2;
    const end = to.y + to.used[0] + thick / 2;
    from.used[1] += thick;
    to.used[0] += thick;
    const left = from.x + NODE;
    const middle = (left + to.x) / 2;
    const kind = theme.edges[flow[0]] && flow[0] !== "total" ? flow[0] : flow[1];
    const d = "M" + [left, start].map(drawing.place).join(" ") + "C" + [middle, start, middle, end, to.x, end].map(drawing.place).join(" ");
    return element("path", {
      d: d,
      fill: "none",
      stroke: theme[kind] || theme.shade,
      "stroke-width": thick,
      "stroke-opacity": theme[kind] ? FLOW.opacity : FLOW.plain,
      "data-tip": tipOf(flow),
    });
  }

  function nodeMark(node, column, sheet) {
    const theme = sheet.theme;
    const last = column === 2;
    const x = last ? node.x - 4 : node.x + NODE + 4;
    const middle = node.y + node.height / 2;
    const shared = { anchor: last ? "end" : "start", halo: theme.paper };
    const which = TREASURIES.indexOf(node.name);
    const bar = { x: node.x, y: node.y, width: NODE, height: node.height, fill: theme[node.name] || theme.total };
    const name = nameOf(node.name);
    const marks =
      element("rect", bar) +
      (which < 0 ? "" : behind(x, middle, name, sheet)) +
      label(x, middle - sheet.small * 0.15, name, shared) +
      label(x, middle + sheet.small * 0.95, words.money(node.amount), Object.assign({ fill: theme.soft, weight: "bold" }, shared));
    const select = which < 0 ? null : "treasury-" + which;
    return element("g", { "data-select": select, "data-tip": name + ": EUR " + words.number(node.amount) }, marks);
  }

  /* What is not seen and takes the clicks on a name, whose letters take none. */
  function behind(x, middle, name, sheet) {
    return element("rect", {
      x: x,
      y: middle - (sheet.small * LABEL_LINES) / 2,
      width: drawing.textWidth(name, sheet.small),
      height: sheet.small * LABEL_LINES,
      fill: "none",
      stroke: "none",
      "pointer-events": "all",
    });
  }

  function draw(frame, sheet) {
    const flows = flowsOf(frame);
    const columns = columnsOf(frame, flows);
    const title = "Money of the run, up to week " + frame.week;
    if (!flows.length) return drawing.svg(sheet, sheet.size, "", title);
    const plan = settle(columns, sheet);
    const nodes = {};
    columns.forEach(function (column, index) {
      column.forEach(function (node) {
        if (index < 2) nodes[node.name + ">"] = node;
        if (index > 0) nodes[">" + node.name] = node;
      });
    });
    const body = flows
      .map(function (flow) {
        return ribbon(flow, nodes, plan.unit, sheet.theme);
      })
      .join("");
    const marks = columns
      .map(function (column, index) {
        return column
          .map(function (node) {
            return nodeMark(node, index, sheet);
          })
          .join("");
      })
      .join("");
    return drawing.svg(sheet, plan.height, body + marks, title);
  }

  RaceStage.moneyFlow = { TREASURIES: TREASURIES, name: nameOf, lent: lent, draw: draw };
})(RaceStage);
