/** The signals that call a person back: those that the person asked for, and only while they look elsewhere. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openDocument } from "./support/document.js";

openDocument();
const { Alerts } = await import("../../frontend/alerts.js");
const { recall, remember } = await import("../../frontend/preferences.js");

/** A browser that allows everything, and notes what the page did. */
function visit({ away = true, permission = "granted", ...wanted } = {}) {
  const document = openDocument();
  document.hasFocus = () => !away;
  const done = { shown: [], taken: 0, contexts: 0, shaken: 0 };
  class Notification {
    static permission = permission;

    constructor(_, { body }) {
      done.shown.push(body);
    }

    close() {
      done.taken += 1;
    }
  }
  class AudioContext {
    state = "running";
    currentTime = 0;
    destination = {};

    constructor() {
      done.contexts += 1;
    }
  }
  class Node {
    gain = { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} };

    connect(next) {
      return next;
    }

    start() {}

    stop() {}
  }
  Object.assign(window, { Notification, AudioContext });
  Object.assign(globalThis, { Notification, AudioContext, OscillatorNode: Node, GainNode: Node });
  Object.defineProperty(globalThis, "navigator", { value: { vibrate: () => { done.shaken += 1; } }, configurable: true });
  for (const [name, value] of Object.entries(wanted)) remember(name, value);
  return { alerts: new Alerts(), done };
}

const ALL = { sound: true, notifications: true, vibration: true };

test("nothing makes a noise, shows or shakes that was not asked for", () => {
  for (const wanted of [{}, { ...ALL, sound: false }, { ...ALL, notifications: false }, { ...ALL, vibration: false }, ALL]) {
    const { alerts, done } = visit(wanted);
    window.dispatchEvent(new Event("pointerdown"));
    alerts.matched();
    alerts.linesArrived(1);
    const { sound = false, notifications = false, vibration = false } = wanted;
    assert.deepEqual([done.contexts > 0, done.shown.length > 0, done.shaken > 0], [sound, notifications, vibration], JSON.stringify(wanted));
  }
});

test("what a browser refused is remembered as refused, and there is the sound", async () => {
  for (const [permission, isOn] of [["granted", true], ["denied", false]]) {
    const { alerts } = visit({ permission });
    Notification.requestPermission = async () => permission;
    assert.equal(await alerts.switchOn(), permission);
    assert.deepEqual([recall("sound"), recall("notifications")], [true, isOn]);
  }
});

test("a browser that took its permission back is not asked to show anything", () => {
  const { alerts, done } = visit({ ...ALL, permission: "denied" });
  alerts.matched();
  assert.deepEqual([done.shown, alerts.isShown], [[], false]);
});

test("a person who looks at the page is shown nothing, and hears no tone of a line", () => {
  const { alerts, done } = visit({ ...ALL, away: false });
  alerts.matched();
  alerts.linesArrived(1);
  assert.deepEqual(done.shown, []);
  assert.equal(done.shaken, 1, "a meeting is felt");
});

test("one notification stands in the place of the other, and goes when the page is seen or left", () => {
  for (const [target, name] of [[() => window, "focus"], [() => document, "visibilitychange"], [() => window, "pagehide"]]) {
    const { alerts, done } = visit(ALL);
    alerts.matched();
    alerts.linesArrived(1);
    assert.deepEqual([done.shown.length, done.taken], [2, 1]);
    target().dispatchEvent(new Event(name));
    assert.equal(done.taken, 2, name);
  }
});
