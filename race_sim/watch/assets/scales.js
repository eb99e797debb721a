/* From numbers to places in a drawing. */
(function (RaceStage) {
  "use strict";

  const STEPS = [1, 2, 5, 10];

  /* The least of 1, 2, 5 times a power of ten that is not below the value. */
  function niceStep(value) {
    if (!(value > 0)) return 1;
    const power = Math.pow(10, Math.floor(Math.log10(value)));
    for (let i = 0; i < STEPS.length; i += 1) {
      if (STEPS[i] * power >= value * 0.999999) return STEPS[i] * power;
    }
    return 10 * power;
  }

  /* Round places between two numbers, at most so many steps apart. */
  function ticks(low, high, most) {
    const step = niceStep((high - low) / most);
    const places = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i += 1) {
      places.push(Number((i * step).toPrecision(12)));
    }
    return places;
  }

  /* The end of an axis that starts at zero and must hold the value. */
  function ceiling(value, steps) {
    const step = niceStep(value / (steps || 5));
    return Math.max(step, Math.ceil(value / step - 1e-9) * step);
  }

  function linear(low, high, from, to) {
    const slope = (to - from) / (high - low || 1);
    const scale = function (value) {
      return from + (value - low) * slope;
    };
    scale.invert = function (place) {
      return low + (place - from) / (slope || 1);
    };
    scale.low = low;
    scale.high = high;
    return scale;
  }

  function largest(values, least) {
    let most = least || 0;
    for (let i = 0; i < values.length; i += 1) {
      if (values[i] > most) most = values[i]; // false where there is no value
    }
    return most;
  }

  function streamHeight(stream) {
    let most = 0;
    for (let i = 0; i < stream.weeks.length; i += 1) {
      let sum = stream.others[i] || 0;
      for (let k = 0; k < stream.families.length; k += 1) sum += stream.families[k].sorties[i] || 0;
      if (sum > most) most = sum;
    }
    return most;
  }

  function each(frames, measure) {
    return largest(frames.map(measure));
  }

  function sum(cells, place) {
    return cells.reduce(function (total, cell) {
      return total + cell[place];
    }, 0);
  }

  RaceStage.scales = {
    linear: linear,
    ticks: ticks,
    niceStep: niceStep,
    ceiling: ceiling,
    largest: largest,
    sum: sum,

    /* Ends of axes that hold all the races drawn, so that panels side by side compare. */
    common: function (frames) {
      return {
        weeks: each(frames, function (frame) {
          return Math.max(frame.weeks, frame.week + 1);
        }),
        extent: each(frames, function (frame) {
          return frame.space.extent;
        }),
        sorties: ceiling(
          each(frames, function (frame) {
            return streamHeight(frame.stream);
          })
        ),
        rate: ceiling(
          each(frames, function (frame) {
            const control = frame.ahead.control || {};
            return frame.kinds.reduce(function (most, kind) {
              return largest(control[kind] || [], largest(frame.ahead[kind], most));
            }, 0.1);
          })
        ),
        stock: ceiling(
          each(frames, function (frame) {
            return frame.kinds.reduce(function (most, kind) {
              return frame.arsenal[kind].reduce(function (high, cell) {
                return Math.max(high, cell[0]);
              }, most);
            }, 1);
          })
        ),
        interval: ceiling(
          each(frames, function (frame) {
            return frame.verdict.rows.reduce(function (most, row) {
              return Math.max(most, row.high || row.rate || 0);
            }, 0.1);
          })
        ),
      };
    },
  };
})(RaceStage);
