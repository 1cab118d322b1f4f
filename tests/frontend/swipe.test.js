/** A swipe is a long movement across, begun where neither the system nor a control has a use for it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openDocument, part, told } from "./support/document.js";

openDocument();
Object.assign(window, { innerWidth: 390 });
const { followSwipes } = await import("../../frontend/view/swipe.js");

/** Move a finger over the conversation; true if that was a swipe. */
function move({ from = [200, 300], by, target = part("lines"), fingers = 1, end = "touchend" }) {
  const area = document.createElement("div");
  let swiped = 0;
  followSwipes(area, () => { swiped += 1; });
  const at = ([x, y]) => ({ clientX: x, clientY: y });
  const to = [from[0] + by[0], from[1] + by[1]];
  area.dispatchEvent(told("touchstart", target, { touches: Array(fingers).fill(at(from)) }));
  area.dispatchEvent(told("touchmove", target, { touches: [at(to)] }));
  area.dispatchEvent(told(end, target, { changedTouches: [at(to)] }));
  area.dispatchEvent(told("touchend", target, { changedTouches: [at(to)] }));
  return swiped;
}

test("a movement across, to either side, is a swipe, and is one", () => {
  assert.deepEqual([[96, 0], [-96, 0], [160, 80]].map((by) => move({ by })), [1, 1, 1]);
});

test("a movement that is short, or rather along, is none", () => {
  assert.deepEqual([[95, 0], [160, 81], [0, 200], [-120, 110]].map((by) => move({ by })), [0, 0, 0, 0]);
});

test("the screen's edge is the system's way back", () => {
  assert.deepEqual([24, 366, 25, 365].map((x) => move({ from: [x, 300], by: [x < 195 ? 160 : -160, 0] })), [0, 0, 1, 1]);
});

test("two fingers, a movement that the system took over and one that begins on a control are none", () => {
  const control = document.createElement("button");
  control.within.add("button, summary, input, textarea, select");
  assert.deepEqual([{ fingers: 2 }, { end: "touchcancel" }, { target: control }].map((how) => move({ by: [160, 0], ...how })), [0, 0, 0]);
});

test("words that are being selected are not swiped away", (t) => {
  t.mock.method(globalThis, "getSelection", () => ({ isCollapsed: false }));
  assert.equal(move({ by: [160, 0] }), 0);
});
