/** The green room begins the search by itself only where nobody was asked, and only for a person who is still there. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openDocument, part } from "./support/document.js";

openDocument();
const { GreenRoom } = await import("../../frontend/view/green_room.js");

const READ_MS = 3_000;

/** A person with devices, whose browser answers after a while. */
function visit(t, { permission = "granted", answersAfter = 10, problem = null } = {}) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const begun = [];
  const room = new GreenRoom({ ready: () => begun.push("ready"), changed: () => {} });
  const media = {
    permission: async () => permission, enter: async () => { now += answersAfter; }, problems: { camera: problem, microphone: null },
  };
  return { begun, media, open: (isOpen = () => true) => room.open(media, isOpen) };
}

/** Let all that was promised happen. */
async function settle() {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
}

for (const [name, options, starts] of /** @type {const} */ ([
  ["devices that were allowed before", {}, true],
  ["devices that are allowed once and for all by the browser", { permission: "prompt" }, true],
  ["a question that a person read and answered", { permission: "prompt", answersAfter: 2_000 }, false],
  ["a question that nobody could tell of", { permission: "unknown", answersAfter: 2_000 }, false],
])) {
  test(`${starts ? "the search begins by itself" : "the person begins the search"} after ${name}`, async (t) => {
    const { begun, open } = visit(t, options);
    await open();
    assert.deepEqual(begun, starts ? ["ready"] : []);
  });
}

test("a person who left the green room before the devices answered is not taken into a search", async (t) => {
  const { begun, open } = visit(t);
  await open(() => false);
  assert.deepEqual(begun, []);
});

test("a person who touched anything meanwhile begins by hand", async (t) => {
  for (const name of ["pointerdown", "keydown"]) {
    const { begun, media, open } = visit(t);
    media.enter = async () => { part("call").dispatchEvent(new Event(name)); };
    await open();
    assert.deepEqual(begun, [], name);
    t.mock.reset();
  }
});

test("a problem can be read before the search begins, and a person who does something about it begins by hand", async (t) => {
  const { begun, open } = visit(t, { problem: "camera_missing" });
  void open();
  await settle();
  t.mock.timers.tick(READ_MS - 1);
  await settle();
  assert.deepEqual(begun, []);
  t.mock.timers.tick(1);
  await settle();
  assert.deepEqual(begun, ["ready"]);

  void open();
  await settle();
  part("call").dispatchEvent(new Event("pointerdown"));
  t.mock.timers.tick(READ_MS);
  await settle();
  assert.deepEqual(begun, ["ready"]);
});
