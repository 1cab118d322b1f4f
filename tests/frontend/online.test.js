/** How many people are here is asked once a minute, where somebody reads it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openDocument, part } from "./support/document.js";
import { playSearching } from "./support/player.js";

openDocument();
const { Online } = await import("../../frontend/view/online.js");

const MINUTE_MS = 60_000;

/** The start, on which the site's file is asked for. */
function visit(t) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  openDocument();
  let asked = 0;
  globalThis.fetch = async () => {
    asked += 1;
    throw new TypeError("no network");
  };
  const online = new Online();
  return { online, asked: () => asked, wait: (minutes) => t.mock.timers.tick(minutes * MINUTE_MS) };
}

test("the start asks at once and once a minute", (t) => {
  const { asked, wait } = visit(t);
  assert.equal(asked(), 1);
  wait(3);
  assert.equal(asked(), 4);
});

test("a tab that nobody looks at asks nothing, and neither does a conversation", (t) => {
  const { asked, wait } = visit(t);
  document.hidden = true;
  wait(3);
  document.hidden = false;
  part("online").hidden = true;
  wait(3);
  assert.equal(asked(), 1);
});

test("a long search asks at once, and then once a minute", (t) => {
  const { online, asked, wait } = visit(t);
  part("online").hidden = true;
  const { session } = playSearching();
  online.update(session);
  assert.equal(asked(), 1);
  online.update({ ...session, search: { ...session.search, joins: 6 } });
  wait(2);
  assert.equal(asked(), 4);
});
