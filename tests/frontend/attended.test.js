/** In video nobody new sees a person who has not been seen here: no path leads into a search before a tap. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { advance } from "../../frontend/session/session.js";
import { chooseView, statusKeys } from "../../frontend/view/wording.js";
import { Player } from "./support/player.js";

const PAIRED = { room: "r1", mode: "video", polite: true, common: [], resume: "t" };

function playVideo() {
  const player = new Player();
  player.happen("prepared", { mode: "video", interests: ["chess"] });
  player.happen("opened");
  player.happen("started", player.session.preparing);
  player.hear("waiting", { mode: "video", resume: "t" });
  return player;
}

/** The same person after the page was loaded again in a call, as far as the new connection. */
function reload(mode = "video") {
  const before = playVideo();
  before.session = { ...before.session, wish: { ...before.session.wish, mode } };
  before.hear("paired", { ...PAIRED, mode });
  const player = new Player();
  player.happen("restored", { session: before.session });
  player.happen("opened");
  player.takeSent();
  return player;
}

const joins = (player) => player.takeSent().filter(({ action }) => action === "join");

test("video is prepared first: connected, but nobody is looked for before the person is ready", () => {
  const player = new Player();
  player.happen("prepared", { mode: "video", interests: ["chess"] });
  player.happen("opened");
  assert.deepEqual(player.takeSent(), []);
  assert.equal(chooseView(player.session, false), "green");
  assert.deepEqual(statusKeys(player.session, false), ["status_preparing"]);

  player.happen("started", player.session.preparing);
  assert.deepEqual(player.takeSent(), [{ action: "join", mode: "video", interests: ["chess"] }]);
  assert.equal(chooseView(player.session, false), "chat");
});

test("stop leaves the green room", () => {
  const player = new Player();
  player.happen("prepared", { mode: "video", interests: [] });
  player.happen("stopped");
  assert.equal(chooseView(player.session, false), "landing");
});

/** The server's possible answers to a page that comes back, and the events that may come later. */
const ANSWERS = {
  "the session is over": (player) => player.hear("error", { code: "resume_failed", action: "resume" }),
  "the stranger has gone, and a search is on": (player) => player.hear("waiting", { mode: "video", resume: "t2" }),
  "another stranger is there": (player) => player.hear("paired", { ...PAIRED, room: "r2" }),
  "the stranger leaves": (player) => { player.hear("paired", PAIRED); player.takeSent(); player.hear("peer_left", { room: "r1", reason: "left" }); },
  "the room is stale": (player) => { player.hear("paired", PAIRED); player.takeSent(); player.hear("error", { code: "stale_room", action: "ack", room: "r1" }); },
};

for (const [name, answer] of Object.entries(ANSWERS)) {
  test(`a page that was loaded again looks for nobody before a tap: ${name}`, () => {
    const player = reload();
    answer(player);
    assert.deepEqual(joins(player), []);
    assert.equal(player.session.wish, null);
    assert.deepEqual(statusKeys(player.session, false), ["status_away"]);
    player.wait(60_000);
    assert.deepEqual(joins(player), []);
  });

  test(`after a tap, and in text, the search goes on: ${name}`, () => {
    for (const player of [reload(), reload("text")]) {
      if (player.session.wish.mode === "video") player.happen("attended");
      if (name !== "the session is over") answer(player); // Which itself says that nobody knows whether the person is there.
      if (name !== "the session is over") assert.notEqual(player.session.wish, null);
    }
  });
}

test("the same stranger goes on without a tap", () => {
  const player = reload();
  player.hear("paired", PAIRED);
  assert.equal(player.session.room.over, null);
  assert.equal(player.session.phase, "chatting");
});

test("a laptop that is opened again after too long looks for nobody, in a call and in a search", () => {
  for (const inCall of [true, false]) {
    const player = playVideo();
    if (inCall) player.hear("paired", PAIRED);
    player.happen("closed");
    player.happen("opened");
    player.takeSent();
    player.hear("error", { code: "resume_failed", action: "resume" });
    assert.deepEqual(joins(player), []);
    assert.equal(player.session.wish, null);
  }
});

test("a page that is left ends its search, and keeps its room", () => {
  const searching = playVideo();
  searching.takeSent();
  searching.happen("unattended");
  assert.deepEqual(searching.takeSent(), [{ action: "leave" }]);
  assert.equal(searching.session.wish, null);

  const preparing = new Player();
  preparing.happen("prepared", { mode: "video", interests: [] });
  preparing.happen("unattended");
  assert.equal(chooseView(preparing.session, false), "landing", "the green room is no place to come back to");

  const talking = playVideo();
  talking.hear("paired", PAIRED);
  talking.happen("unattended");
  assert.equal(talking.session.phase, "chatting");
});

test("nothing is changed in what was there before", () => {
  const player = reload();
  const before = JSON.stringify(player.session);
  advance(player.session, { type: "unattended", at: 0 });
  assert.equal(JSON.stringify(player.session), before);
});
