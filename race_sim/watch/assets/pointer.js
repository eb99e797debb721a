/* Mouse, touch and keys. Drawings are replaced at every draw, so everything is heard at the root, never at a drawn node. */
(function (RaceStage) {
  "use strict";

  const TIP_OFFSET = 14; // pixels from the pointer
  const DOUBLE = 2; // presses at one place, shortly after one another

  /* The week under a place of a drawing over weeks, or null outside the plot. */
  function weekAt(svg, clientX) {
    const axis = svg.getAttribute("data-axis").split(" ").map(Number);
    const box = svg.getBoundingClientRect();
    const x = ((clientX - box.left) * svg.viewBox.baseVal.width) / box.width;
    if (x < axis[0] || x > axis[1]) return null;
    return Math.round(axis[2] + ((x - axis[0]) / (axis[1] - axis[0])) * (axis[3] - axis[2]));
  }

  function placeOfWeek(svg, week) {
    const axis = svg.getAttribute("data-axis").split(" ").map(Number);
    const box = svg.getBoundingClientRect();
    const x = axis[0] + ((week - axis[2]) / (axis[3] - axis[2])) * (axis[1] - axis[0]);
    return box.left + (x * box.width) / svg.viewBox.baseVal.width;
  }

  function closest(node, selector) {
    return node && node.closest ? node.closest(selector) : null;
  }

  /* root: the element; callbacks: select, week, save(panel, ending); readout(panel, race, week) -> text or null. */
  RaceStage.pointer = function (root, callbacks, readout) {
    const tip = document.createElement("div");
    tip.className = "rs-tip";
    tip.hidden = true;
    const spoken = document.createElement("div");
    spoken.className = "rs-spoken";
    spoken.setAttribute("aria-live", "polite");
    root.appendChild(tip);
    root.appendChild(spoken);
    const state = { x: 0, y: 0, inside: false, pressed: null, body: null, place: -1, week: null };

    function show(text, clientX, clientY) {
      if (!text) {
        tip.hidden = true;
        return;
      }
      if (tip.textContent !== text) tip.textContent = text;
      tip.hidden = false;
      const box = root.getBoundingClientRect();
      const left = Math.min(clientX - box.left + TIP_OFFSET, box.width - tip.offsetWidth - 4);
      const below = clientY - box.top + TIP_OFFSET;
      const fits = clientY + TIP_OFFSET + tip.offsetHeight < window.innerHeight;
      tip.style.left = Math.max(4, left) + "px";
      tip.style.top = (fits ? below : below - tip.offsetHeight - 2 * TIP_OFFSET) + "px";
    }

    function textOf(node, clientX) {
      const own = closest(node, "[data-tip]");
      if (own) return own.getAttribute("data-tip");
      const svg = closest(node, "svg[data-axis]");
      if (!svg) return null;
      const week = weekAt(svg, clientX);
      return week === null ? null : readoutOf(svg, week, node, "double-click");
    }

    /* What a drawing tells of a week, and how (`gesture`) to go there. */
    function readoutOf(svg, week, node, gesture) {
      const panel = closest(svg, "[data-panel]");
      const text = readout(panel.getAttribute("data-panel"), Number(panel.getAttribute("data-race")), week);
      const layer = node && node.getAttribute && node.getAttribute("data-layer");
      const told = layer && text ? layer + "\n" + text : text || "week " + week;
      return callbacks.week ? told + "\n" + gesture + ": go to week " + week : told;
    }

    /* The week to go to at a double click: wherever the words at the pointer are about a week. */
    function weekOf(node, clientX) {
      const svg = closest(node, "svg[data-axis]");
      return svg && !closest(node, "[data-tip]") ? weekAt(svg, clientX) : null;
    }

    function actionOf(node) {
      if (closest(node, ".rs-map")) return null; // the map hears for itself
      const chosen = closest(node, "[data-select],[data-week],[data-save]");
      if (!chosen || !root.contains(chosen)) return null;
      if (chosen.hasAttribute("data-save")) {
        const panel = closest(chosen, "[data-panel]").getAttribute("data-panel");
        return { name: "save", value: panel, more: chosen.getAttribute("data-save") };
      }
      if (chosen.hasAttribute("data-week")) return { name: "week", value: Number(chosen.getAttribute("data-week")) };
      return { name: "select", value: chosen.getAttribute("data-select") || null };
    }

    function act(action) {
      if (action && callbacks[action.name]) callbacks[action.name](action.value, action.more);
    }

    function marksOf(body) {
      return Array.prototype.slice.call(body.querySelectorAll("[data-select]"));
    }

    function leaveKeys() {
      if (state.body)
        marksOf(state.body).forEach(function (mark) {
          mark.classList.remove("rs-current");
        });
      state.body = null;
      state.place = -1;
      state.week = null;
    }

    /* Shows what the keys point at; `aloud`: also to a screen reader. */
    function showKeys(aloud) {
      const svg = state.body.querySelector("svg[data-axis]");
      let text = null;
      if (state.week !== null && svg) {
        text = readoutOf(svg, state.week, null, "Enter");
        show(text, placeOfWeek(svg, state.week), svg.getBoundingClientRect().top + 30);
      } else if (state.place >= 0) {
        const marks = marksOf(state.body);
        const mark = marks[Math.min(state.place, marks.length - 1)];
        if (!mark) return;
        marks.forEach(function (other) {
          other.classList.toggle("rs-current", other === mark);
        });
        const box = mark.getBoundingClientRect();
        text = mark.getAttribute("data-tip") || mark.getAttribute("data-layer") || mark.getAttribute("data-select");
        show(text, box.left + box.width / 2, box.top + box.height / 2);
      }
      if (aloud && text) spoken.textContent = text;
    }

    function key(event) {
      const body = closest(event.target, ".rs-drawing");
      if (!body || event.target !== body) return;
      const svg = body.querySelector("svg[data-axis]");
      const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const upward = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (state.body !== body) leaveKeys();
      state.body = body;
      if (event.key === "Escape") {
        leaveKeys();
        show(null);
        return;
      }
      if (event.key === "Enter" || event.key === " ") {
        if (state.week !== null) act({ name: "week", value: state.week });
        else if (state.place >= 0) act(actionOf(marksOf(body)[state.place]));
        else return;
      } else if (sideways && svg) {
        const last = Number(svg.getAttribute("data-axis").split(" ")[3]);
        const from = state.week === null ? Number(svg.getAttribute("data-now") || 0) - sideways : state.week;
        state.week = Math.max(0, Math.min(last, from + sideways));
        state.place = -1;
      } else if (sideways || upward) {
        const count = marksOf(body).length;
        if (!count) return;
        state.place =
          (state.place + (sideways || upward) + count + (state.place < 0 && (sideways || upward) < 0 ? 1 : 0)) % count;
        state.week = null;
      } else {
        return;
      }
      event.preventDefault();
      showKeys(true);
    }

    root.addEventListener("pointermove", function (event) {
      Object.assign(state, { x: event.clientX, y: event.clientY, inside: true });
      leaveKeys();
      show(textOf(event.target, event.clientX), event.clientX, event.clientY);
    });
    root.addEventListener("pointerleave", function () {
      state.inside = false;
      show(null);
    });
    root.addEventListener("pointerdown", function (event) {
      state.pressed = event.button === 0 ? { node: event.target, action: actionOf(event.target) } : null;
    });
    /* If a draw between press and release replaced the node pressed, there will be no click: what it stood for counts. */
    root.addEventListener("pointerup", function () {
      if (state.pressed && !state.pressed.node.isConnected) act(state.pressed.action);
      state.pressed = null;
    });
    root.addEventListener("click", function (event) {
      act(actionOf(event.target));
    });
    /* Not "dblclick": there is none if a draw between the two presses replaced the node. */
    root.addEventListener("mousedown", function (event) {
      if (event.button !== 0 || event.detail !== DOUBLE) return;
      const week = weekOf(event.target, event.clientX);
      if (week === null) return;
      event.preventDefault(); // marks no words
      act({ name: "week", value: week });
    });
    root.addEventListener("keydown", key);
    root.addEventListener("focusout", function (event) {
      if (state.body && event.target === state.body) {
        leaveKeys();
        show(null);
      }
    });

    return {
      /* To be called after every draw: what lies under the pointer may have changed. */
      drawn: function () {
        if (state.body) showKeys(false);
        else if (state.inside && !tip.hidden)
          show(textOf(document.elementFromPoint(state.x, state.y), state.x), state.x, state.y);
      },
    };
  };
})(RaceStage);
