/** Timers by their names, and a bar that is drawn again and again: each is taken out where it is not wanted any more. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Timers } from "../../frontend/timers.js";
import { SoundMeter } from "../../frontend/view/sound_meter.js";

test("a timer that is started again is moved, and one that is cancelled never fires", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const fired = [];
  const timers = new Timers((name) => fired.push(name));
  timers.start("join", 1_000);
  t.mock.timers.tick(900);
  timers.start("join", 1_000);
  timers.start("pong", 1_000);
  timers.cancel("pong");
  t.mock.timers.tick(900);
  assert.deepEqual([fired, timers.has("join"), timers.has("pong")], [[], true, false]);

  t.mock.timers.tick(10_000);
  assert.deepEqual([fired, timers.has("join")], [["join"], false]);
});

test("the bar of a microphone that was put away stays at nothing", (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  let open = 0;
  class FakeContext {
    constructor() {
      open += 1;
    }

    createMediaStreamSource() {
      return { connect: () => {} };
    }

    close() {
      open -= 1;
    }
  }
  class Loud {
    fftSize = 8;

    getFloatTimeDomainData(samples) {
      samples.fill(1);
    }
  }
  Object.assign(globalThis, { window: { AudioContext: FakeContext }, AudioContext: FakeContext, AnalyserNode: Loud, MediaStream: class {} });
  const bar = { value: 0 };
  const meter = new SoundMeter(bar);
  meter.listen({});
  for (const _ of ["it begins", "it is drawn"]) t.mock.timers.tick(1_000);
  assert.equal(bar.value, 1);

  meter.listen(null);
  t.mock.timers.tick(1_000);
  assert.deepEqual([bar.value, open], [0, 0]);

  meter.listen({});
  meter.listen(null);
  t.mock.timers.tick(1_000);
  assert.deepEqual([bar.value, open], [0, 0], "who is ready at once needs none");
});
