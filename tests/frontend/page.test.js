/** The page without a browser: where the focus goes, what one tap does, and what is said aloud. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openDocument, part, told } from "./support/document.js";
import { Player, playPaired, playSearching } from "./support/player.js";

openDocument();
globalThis.fetch = async () => ({ json: async () => ({}), headers: new Headers() });
globalThis.setInterval = () => 0;
Object.defineProperty(globalThis, "navigator", { value: { languages: ["en", "de"], onLine: true }, configurable: true });
const { Page } = await import("../../frontend/view/page.js");
const { recall, remember } = await import("../../frontend/preferences.js");

beforeEach(() => { openDocument(); });

/** Somebody's page on a session that a player plays. */
function open(player = new Player()) {
  const happened = [];
  const page = new Page((event) => happened.push(event));
  page.update(player.session);
  const happen = (type, values) => {
    player.happen(type, values);
    page.update(player.session);
  };
  return { page, player, happened, happen, hear: (type, values) => happen("received", { event: { type, ...values } }) };
}

const focused = () => document.activeElement.id;
const aloud = () => part("announcer").children.map(({ textContent }) => textContent);
const types = (happened) => happened.map(({ type }) => type);

/** @param {string} words */
function write(words) {
  part("message").value = words;
  part("message").dispatchEvent(new Event("input"));
}

test("the focus goes where the person goes on", () => {
  const { happen, hear } = open();
  happen("prepared", { mode: "video", interests: [] });
  assert.equal(focused(), "ready");
  happen("stopped");
  assert.equal(focused(), "start-text");
  happen("started", { mode: "text", interests: [] });
  happen("opened");
  assert.equal(focused(), "message");
  hear("paired", { room: "r1", mode: "text", polite: false, resume: "t" });
  happen("stopped");
  assert.equal(focused(), "ended-text");
  happen("started", { mode: "text", interests: [] });
  hear("error", { code: "closed", mode: "text", message: "No.", action: "join" });
  assert.equal(focused(), "closed-title");
});

test("the focus leaves a button that does nothing any more", () => {
  const { hear } = open(playPaired());
  part("skip").focus();
  hear("peer_left", { room: "r1", reason: "left" });
  assert.deepEqual([part("skip").disabled, focused()], [true, "message"]);
});

test("the focus stays where a wish is changed", async () => {
  remember("interests", ["chess"]);
  open();
  await new Promise((resolve) => { setTimeout(resolve, 1); }); // The languages are named a moment later.
  const remove = (list) => part(list).children[0].querySelector("button").click();
  remove("chips");
  assert.equal(focused(), "interests");
  document.activeElement = document.body;
  part("examples").children[0].click();
  assert.equal(focused(), "interests");
  remove("languages");
  assert.equal(focused(), "add-language");
});

test("languages are named once, however much of a wish changed at once", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  open();
  let named = 0;
  part("languages").replaceChildren = () => { named += 1; };
  for (let change = 0; change < 3; change += 1) part("examples").children.at(change === 0 ? 0 : -1)?.click();
  t.mock.timers.tick(100);
  assert.equal(named, 1);
});

test("the next key goes to the message after a line, and after one that was put back", () => {
  const { page, hear } = open(playPaired());
  write("hello");
  document.activeElement = document.body;
  part("composer").dispatchEvent(new Event("submit"));
  assert.equal(focused(), "message");

  write("half a thou");
  hear("peer_left", { room: "r1", reason: "left" });
  hear("paired", { room: "r2", mode: "text", polite: false });
  document.activeElement = document.body;
  part("put-back").click();
  assert.deepEqual([focused(), page.draft], ["message", "half a thou"]);
});

test("a draft that cannot be sent stays where it is", () => {
  const { page, happened } = open(playPaired());
  for (const draft of ["x".repeat(2_001), " \u2800 "]) {
    page.draft = draft;
    part("composer").dispatchEvent(new Event("submit"));
    assert.deepEqual([page.draft, happened], [draft, []]);
  }
});

test("a person who is locked out can appeal once, where there is a case, and leads on where there is a way", () => {
  const { happen, hear } = open(playPaired());
  hear("error", { code: "banned", until: 1_900_000_000, reason: "flood", case: null, automatic: true });
  assert.deepEqual([part("appeal").hidden, part("report").hidden], [true, true]);
  happen("started", { mode: "text", interests: [] });
  hear("error", { code: "banned", until: 1_900_000_000, reason: "spam", case: "K7", automatic: true });
  assert.deepEqual([part("appeal").hidden, part("closed-home").hidden], [false, true]);
  happen("appeal_written", { text: "no" });
  assert.equal(part("appeal-send").disabled, true);
  hear("appealed", { case: "K7" });
  assert.equal(part("appeal").hidden, true);
  happen("started", { mode: "text", interests: [] });
  hear("error", { code: "closed", mode: "text", message: "No.", action: "join" });
  assert.deepEqual([part("appeal").hidden, part("closed-home").hidden], [true, false]);
});

test("Escape after the end looks again in the mode of the last conversation", () => {
  for (const [mode, type] of [["text", "started"], ["video", "prepared"]]) {
    const { happened, happen } = open(playPaired({ mode }));
    happen("stopped");
    document.dispatchEvent(told("keydown", document.body, { key: "Escape", getModifierState: () => false }));
    assert.deepEqual(happened.map((event) => [event.type, event.mode]), [[type, mode]]);
    openDocument();
  }
});

test("a stranger's typing is shown only while the connection stands", () => {
  const { happen, hear } = open(playPaired());
  hear("typing", { room: "r1", on: true });
  assert.ok(!part("typing").classes.has("silent"));
  happen("closed");
  assert.ok(part("typing").classes.has("silent"));
});

test("a signal that is switched off gives no sample of itself", () => {
  open();
  let shaken = 0;
  navigator.vibrate = () => { shaken += 1; };
  for (const checked of [true, false]) {
    part("vibration").checked = checked;
    part("vibration").dispatchEvent(new Event("change"));
  }
  delete navigator.vibrate;
  assert.equal(shaken, 1);
});

test("a browser that refuses to notify is told of, and leaves the switch off", async () => {
  open();
  window.Notification = globalThis.Notification = { permission: "default", requestPermission: async () => "denied" };
  part("notifications").checked = true;
  part("notifications").dispatchEvent(new Event("change"));
  await new Promise((resolve) => { setImmediate(resolve); });
  assert.deepEqual([part("notifications").checked, recall("notifications"), part("settings-note").textContent !== ""], [false, false, true]);
});

test("the conversation before is folded away when the next one begins", () => {
  const { hear } = open(playPaired());
  for (const room of ["r2", "r3"]) {
    hear("message", { room: room === "r2" ? "r1" : "r2", seq: 1, text: "hello" });
    part("previous").open = true;
    hear("paired", { room, mode: "text", polite: false });
    assert.deepEqual([part("previous").open, part("previous").hidden], [false, false]);
  }
});

test("the tap on video lets sound be played later", () => {
  const { happen } = open();
  let played = 0;
  part("remote-video").play = async () => { played += 1; };
  happen("prepared", { mode: "video", interests: [] });
  assert.equal(played, 1, "before the tap is over");
});

test("openers are for a text that nobody has begun", () => {
  const { hear } = open(playPaired());
  assert.equal(part("openers").hidden, false);
  hear("peer_left", { room: "r1", reason: "left" });
  hear("paired", { room: "r2", mode: "video", polite: false });
  assert.equal(part("openers").hidden, true);
});

test("a tap on Send takes the focus, and with it a phone's keyboard, from nowhere", () => {
  open(playPaired());
  const tap = new Event("pointerdown", { cancelable: true });
  part("send").dispatchEvent(tap);
  assert.ok(tap.defaultPrevented);
});

test("a person who does not want it told writes untold", () => {
  const { happened } = open(playPaired());
  remember("tellTyping", false);
  write("h");
  assert.deepEqual(types(happened), []);
  remember("tellTyping", true);
  write("he");
  assert.deepEqual(happened, [{ type: "draft_changed", empty: false }]);
});

test("the characters that are left are told from two hundred on, as the server counts them", () => {
  open(playPaired());
  for (const [line, said] of [
    ["x".repeat(1_799), ""], ["x".repeat(1_800), "200 characters left"], ["😀".repeat(1_900), "100 characters left"], ["x".repeat(2_001), "1 character too many"],
  ]) {
    write(line);
    assert.equal(part("counter").textContent, said);
    assert.equal(part("send").disabled, line.length === 2_001);
  }
});

test("a tap on a line shows its time and another hides it, but not where words are being selected", () => {
  open(playPaired());
  const line = document.createElement("li");
  const tap = () => part("lines").dispatchEvent(told("click", part("lines")));
  part("lines").within.add(".bubble");
  part("lines").parentElement = line;
  tap();
  assert.ok(line.classes.has("timed"));
  tap();
  assert.ok(!line.classes.has("timed"));
  globalThis.getSelection = () => ({ isCollapsed: false });
  tap();
  assert.ok(!line.classes.has("timed"));
});

test("a line of very many lines is a place of its own to scroll in, also by keyboard, and a long one is not", () => {
  const { hear } = open(playPaired());
  for (const [index, text] of ["x".repeat(1_000), `${"x\n".repeat(40)}x`].entries()) hear("message", { room: "r1", seq: index + 1, text });
  const [long, tall] = part("lines").children.slice(-2);
  assert.deepEqual([long, tall].map((line) => [line.classes.has("tall"), line.querySelector(".bubble").tabIndex]), [[false, undefined], [true, 0]]);
});

test("an opener has the direction of its own words", () => {
  open(playPaired({ common: ["\u0634\u0637\u0631\u0646\u062c"] }));
  const openers = part("openers").children.map((item) => item.children[0]);
  assert.deepEqual(openers.map(({ dir }) => dir), ["auto", "auto"]);
});

test("each button of a search does one thing, once", () => {
  const { happened } = open(playSearching(["chess"]));
  for (const id of ["widen", "hold", "others"]) part(id).click();
  assert.deepEqual(happened, [{ type: "widen_chosen" }, { type: "hold_chosen" }, { type: "mode_switched", mode: "text" }]);
});

test("a search that is held is not offered to be held once more", () => {
  const { happen } = open(playSearching(["chess"]));
  assert.deepEqual(["widen", "hold", "search-bar"].map((id) => part(id).hidden), [false, false, false]);
  happen("hold_chosen");
  assert.deepEqual(["widen", "hold", "search-bar"].map((id) => part(id).hidden), [false, true, true]);
});

test("a person who speaks no language of the list is believed by the next page, too", async () => {
  const named = () => part("languages").children.length;
  open();
  await new Promise((resolve) => { setTimeout(resolve, 1); });
  assert.equal(named(), 2);
  for (let left = named(); left > 0; left -= 1) {
    part("languages").children[0].querySelector("button").click();
    await new Promise((resolve) => { setTimeout(resolve, 1); });
  }
  open();
  await new Promise((resolve) => { setTimeout(resolve, 1); });
  assert.equal(named(), 0);
});

test("a question is asked aloud, and a swipe, which is taken back by its button, is not", () => {
  const { page } = open(playPaired());
  const before = aloud().length;
  page.notice("asked", { what: "swipe" });
  assert.equal(aloud().length, before);
  page.notice("asked", { what: "skip" });
  assert.deepEqual(aloud().slice(before), ["Really?"]);
});

test("the first tap of a minor asks, aloud, and the second closes the page for good; a look elsewhere takes the question back", () => {
  open();
  const tap = () => part("underage").click();
  tap();
  part("underage").textContent = "¿De verdad?"; // As a browser's translation does.
  part("underage").dispatchEvent(new Event("blur"));
  tap();
  assert.deepEqual([aloud(), part("closed").hidden], [["Really?", "Really?"], true]);
  part("underage").textContent = "¿De verdad?";
  tap();
  assert.deepEqual([part("landing").hidden, focused()], [true, "closed-title"]);
});

test("lines that fail are told once, and not when they are sent again", () => {
  const { happen, hear } = open(playPaired());
  const before = aloud().length;
  for (const text of ["one", "two"]) happen("line_written", { text });
  for (const seq of [1, 2]) hear("error", { code: "invalid_message", action: "message", room: "r1", seq });
  assert.deepEqual(aloud().slice(before), ["Not delivered.", "Not delivered."]);
  happen("line_resent");
  assert.equal(aloud().length, before + 2);
});

test("the end that a person chose is read where the focus goes, and not once more", () => {
  const { happen } = open(playPaired());
  const before = aloud().length;
  happen("stopped");
  assert.deepEqual([aloud().length, focused()], [before, "ended-text"]);
});

test("the last six sentences are kept, for whoever reads again, and no more", () => {
  const { page } = open(playPaired());
  for (let time = 0; time < 20; time += 1) page.notice("asked", { what: "skip" });
  assert.equal(aloud().length, 6);
});

test("what was said aloud before a reload is not said again", () => {
  const before = playPaired();
  before.happen("line_written", { text: "no" });
  before.hear("error", { code: "invalid_message", action: "message", room: "r1", seq: 1 });
  before.hear("peer_away", { room: "r1" });
  const { happen } = open();
  happen("restored", { session: before.session });
  assert.deepEqual(aloud(), ["Connecting…"]);
});
