/* Plays a saved race: unpacks its weeks, and draws the one chosen on the stage. */
(function () {
  "use strict";

  const START = -1; // no week shown yet
  const SECOND = 1000; // milliseconds
  const VALUE = 0; // kinds of changes, as in race_sim/watch/replay_tape.py
  const ITEMS = 1;
  const SLICE = 2;
  const PLACES = 3;
  const KEYS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -13, PageDown: 13 }; // weeks; a quarter is 13
  const OWN_KEYS = "input, select, textarea, summary, a"; // elements that use the keys themselves

  /* The value after a change (`replay_tape.change`); null stands for no change. */
  function changed(before, change) {
    if (change === null || change === undefined) return before;
    if (change[0] === VALUE) return change[1];
    if (change[0] === SLICE) return change[1].concat(before.slice(change[2], change[3]), change[4]);
    const after = change[0] === PLACES ? before.slice() : Object.assign({}, before);
    Object.keys(change[1]).forEach(function (key) {
      after[key] = changed(before[key], change[1][key]);
    });
    if (change[0] === ITEMS) change[2].forEach(function (key) {
      delete after[key];
    });
    return after;
  }

  function unpack(text) {
    const bytes = Uint8Array.from(atob(text), function (character) {
      return character.charCodeAt(0);
    });
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  }

  /* A race that was recorded; lines are read when they are needed. */
  function tape(text) {
    const lines = text.split("\n");
    const head = JSON.parse(lines[0]);
    const agents = 1 + head.parts.length * head.weeks;

    function inspected(agent, week) {
      const place = head.agents.indexOf(agent);
      if (place < 0) return null;
      const kept = JSON.parse(lines[agents + place]);
      if (week < kept[0]) return null;
      return kept.slice(1, week - kept[0] + 2).reduce(changed, undefined);
    }

    return {
      weeks: head.weeks,
      frame: function (asked, agent) {
        const week = Math.min(asked, head.weeks - 1); // a race that is over stays as it was
        const frame = {};
        head.parts.forEach(function (path, place) {
          const value = JSON.parse(lines[1 + place * head.weeks + week]);
          if (path.length > 1) (frame[path[0]] = frame[path[0]] || {})[path[1]] = value;
          else frame[path[0]] = value;
        });
        frame.inspected = agent ? inspected(agent, week) : null;
        return frame;
      },
    };
  }

  function find(id) {
    return document.getElementById(id);
  }

  function textOf(id) {
    return find(id) ? find(id).textContent : "";
  }

  function wanted() {
    const found = new URLSearchParams(location.hash.slice(1));
    const week = /^\d{1,9}$/.test(found.get("week") || "") ? Number(found.get("week")) : 0;
    return { week: week, selected: found.get("select") };
  }

  function play(tapes, comparisons) {
    const labels = JSON.parse(textOf("replay-labels"));
    const weeks = Math.max.apply(null, tapes.map(function (one) {
      return one.weeks;
    }));
    const state = { week: START, selected: null, playing: false, number: 0, due: 0, told: "", dark: matchMedia("(prefers-color-scheme: dark)").matches };
    const stage = RaceStage.create(find("stage"), { select: select, week: go, run: function () {} });

    function draw() {
      const theme = RaceStage.theme.of(state.dark);
      RaceStage.theme.apply(document.documentElement, theme);
      state.number += 1;
      stage.draw({
        number: state.number,
        frames: tapes.map(function (one) {
          return one.frame(state.week, state.selected);
        }),
        labels: labels,
        comparison: comparisons.length ? JSON.parse(comparisons[Math.min(state.week, comparisons.length - 1)]) : null,
        selected: state.selected,
        dark: state.dark,
        playing: state.playing,
      });
      showControls();
    }

    function showControls() {
      find("week").textContent = "week " + state.week;
      find("scrubber").value = String(state.week);
      find("scrubber").setAttribute("aria-valuetext", "week " + state.week);
      find("back").disabled = find("first").disabled = state.week === 0;
      find("step").disabled = find("last").disabled = state.week === weeks - 1;
      showPlay();
      find("theme").textContent = state.dark ? "Light" : "Dark";
    }

    function showPlay() {
      find("play").textContent = state.playing ? "Pause" : state.week === weeks - 1 ? "Play again" : "Play";
    }

    /* The address names what is shown, so that it can be passed on. */
    function tell() {
      const selected = state.selected ? "&select=" + encodeURIComponent(state.selected) : "";
      const hash = "#week=" + state.week + selected;
      state.told = hash;
      if (location.hash !== hash) location.replace(hash);
    }

    function show(week) {
      state.week = Math.max(0, Math.min(weeks - 1, week));
      if (state.week === weeks - 1) state.playing = false;
      draw();
      if (!state.playing) tell();
    }

    function go(week) {
      state.playing = false;
      show(week);
    }

    function select(id) {
      state.selected = id;
      show(state.week);
    }

    function tick(now) {
      if (!state.playing) return;
      const pause = SECOND / Number(find("speed").value);
      if (now >= state.due) {
        state.due = Math.max(state.due, now - pause) + pause; // weeks that come too late are not made up for
        show(state.week + 1);
      }
      requestAnimationFrame(tick);
    }

    function toggle() {
      state.playing = !state.playing;
      if (state.playing && state.week === weeks - 1) state.week = START;
      if (!state.playing) show(state.week);
      else {
        state.due = 0;
        showPlay();
        requestAnimationFrame(tick);
      }
    }

    const actions = {
      play: toggle,
      first: function () { go(0); },
      back: function () { go(state.week - 1); },
      step: function () { go(state.week + 1); },
      last: function () { go(weeks - 1); },
      theme: function () {
        state.dark = !state.dark;
        draw();
      },
    };
    Object.keys(actions).forEach(function (id) {
      find(id).addEventListener("click", actions[id]);
    });
    find("scrubber").addEventListener("input", function () {
      go(Number(find("scrubber").value));
    });
    document.addEventListener("keydown", function (event) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(OWN_KEYS)) return;
      if (event.key === " " && !event.target.closest("button")) toggle();
      else if (KEYS[event.key]) go(state.week + KEYS[event.key]);
      else if (event.key === "Home") go(0);
      else if (event.key === "End") go(weeks - 1);
      else return;
      event.preventDefault();
    });
    addEventListener("hashchange", function () {
      if (location.hash === state.told) return; // the page's own doing
      const asked = wanted();
      state.selected = asked.selected;
      go(asked.week);
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function (event) {
      state.dark = event.matches;
      draw();
    });
    const asked = wanted();
    state.selected = asked.selected;
    show(asked.week);
    RaceStage.replay = {
      frame: function (race, week, agent) {
        return tapes[race].frame(week, agent);
      },
    };
  }

  function fail(words) {
    find("trouble").textContent = words;
    find("trouble").hidden = false;
  }

  if (typeof DecompressionStream === "undefined") {
    fail("This replay needs a browser of 2023 or later: this one cannot unpack its weeks.");
    return;
  }
  const packed = Array.prototype.map.call(document.querySelectorAll("[data-tape]"), function (node) {
    return unpack(node.textContent);
  });
  Promise.all(packed).then(function (texts) {
    const races = document.querySelectorAll("[data-tape=race]").length;
    play(texts.slice(0, races).map(tape), texts.length > races ? texts[races].split("\n") : []);
    find("controls").disabled = false;
  }).catch(function (error) {
    fail("This replay cannot be shown: its file is damaged.");
    throw error;
  });
})();
