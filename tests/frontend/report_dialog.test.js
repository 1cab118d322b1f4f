/** The dialog of a report: what it offers and what goes along is what was ticked in it, this time. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openDocument, part } from "./support/document.js";

openDocument();
globalThis.fetch = async () => ({ json: async () => ({ evidence: true }) });
globalThis.FormData = class {
  get() {
    return "hate";
  }
};
/** A picture of as many bytes as a test says. */ let pictureBytes = 3;
const { ReportDialog } = await import("../../frontend/view/report.js");

/** @param {object} [values] */
const line = (values) => ({ id: 1, kind: "line", own: false, text: "hello", stamp: "s", delivery: "delivered", ...values });
const talk = (entries = [], room = {}) => ({ room: { id: "r1", mode: "video", over: null, ...room }, entries });

/** Let everything happen that was promised, also the answer of a site that two may share. */
const settle = () => new Promise((resolve) => { setTimeout(resolve, 5); });

function start() {
  const document = openDocument();
  const createElement = document.createElement;
  document.createElement = (name) => Object.assign(createElement(name), {
    getContext: () => null, toDataURL: () => `data:image/jpeg;base64,${Buffer.alloc(pictureBytes).toString("base64")}`,
  });
  const reports = [];
  const video = Object.assign(part("remote-video"), { videoWidth: 640, videoHeight: 480, hidden: false });
  const dialog = new ReportDialog((report) => reports.push(report));
  const still = part("report-still");
  const box = still.querySelector("input");
  const tickStill = () => {
    box.checked = true;
    box.dispatchEvent(new Event("change"));
  };
  part("report-form").reset = () => { box.checked = false; };
  return { dialog, reports, video, still, tickStill, send: () => part("report-form").dispatchEvent(new Event("submit")) };
}

/** The lines that the dialog offers. */
const offered = () => part("report-line-list").children.map((item) => item.querySelector("bdi").textContent);

test("a picture that was ticked in an earlier opening does not go along in a later one", async () => {
  const { dialog, reports, tickStill, send } = start();
  await dialog.open(talk());
  await settle();
  tickStill();
  await dialog.open(talk());
  await settle();
  send();
  assert.deepEqual(reports.map((report) => report.still), [null], "and it is one report");
});

test("a picture is of a stranger who can be seen, in the conversation that is reported", async () => {
  for (const [change, where] of [
    [(video) => { video.within.add(".unrevealed"); }, {}], [(video) => { video.hidden = true; }, {}],
    [() => {}, { over: "left" }], [() => {}, { mode: "text" }], [(video) => { video.videoWidth = 0; }, {}],
  ]) {
    const { dialog, reports, video, still, tickStill, send } = start();
    change(video);
    await dialog.open(talk([], where));
    await settle();
    assert.equal(still.hidden, true);
    tickStill();
    send();
    assert.equal(reports.at(-1).still, null);
  }
});

test("a picture that is larger than a report may be does not go along", async () => {
  const { dialog, reports, tickStill, send } = start();
  pictureBytes = 8 * 1024 + 1;
  await dialog.open(talk());
  await settle();
  tickStill();
  send();
  pictureBytes = 3;
  assert.equal(reports.at(-1).still, null);
});

test("the offered lines are those that came with a proof and those that left", async () => {
  const { dialog } = start();
  await dialog.open(talk([
    line({ id: 1, text: "proved" }), line({ id: 2, text: "not proved", stamp: null }),
    line({ id: 3, text: "left", own: true, stamp: null }), line({ id: 4, text: "never left", own: true, stamp: null, delivery: "failed" }),
    { id: 5, kind: "note", name: "paired", values: {} },
  ]));
  await settle();
  assert.deepEqual(offered(), ["proved", "left"]);
});

test("a line that would not fit a frame beside what is ticked cannot be ticked", async () => {
  const { dialog, tickStill } = start();
  pictureBytes = 8 * 1024;
  await dialog.open(talk([10_000, 14_000, 16_000].map((length, index) => line({ id: index + 1, text: "x".repeat(length) }))));
  await settle();
  const boxes = part("report-line-list").children.map((item) => item.querySelector("input"));
  const closed = () => boxes.map(({ disabled }) => disabled);
  assert.deepEqual(closed(), [false, false, false]);
  tickStill();
  pictureBytes = 3;
  assert.deepEqual(closed(), [false, false, true]);
  boxes[0].checked = true;
  part("report-line-list").dispatchEvent(new Event("change"));
  assert.deepEqual(closed(), [false, true, true]);
});

test("a report stays about the conversation in which it was opened", async () => {
  const { dialog, reports, send } = start();
  const first = talk([line()]);
  await dialog.open(first);
  await settle();
  dialog.update(talk([line({ id: 2 })], { id: "r2" }));
  send();
  assert.equal(reports.at(-1).about.room.id, "r1");
});
