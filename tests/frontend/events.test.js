import assert from "node:assert/strict";
import { test } from "node:test";
import { EVENT_FIELDS, readEvent } from "../../frontend/session/events.js";
import { SERVER_HANDLERS } from "../../frontend/session/server.js";

test("an event of the contract is read as it is", () => {
  const event = { type: "message", room: "r", seq: 1, text: "hi", ack: 3, unknown: [] };

  assert.deepEqual(readEvent(JSON.stringify(event)), event);
});

test("API Gateway's own frames are a failed frame, never chat", () => {
  const frame = { message: "Internal server error", connectionId: "c=", requestId: "r=" };

  assert.deepEqual(readEvent(JSON.stringify(frame)), { type: "frame_failed" });
});

test("a text that is no event, or one with unsound fields, is nothing", () => {
  const frames = [
    "", "no", "null", "1", "[]", "{}", '"message"', new Blob(), undefined, '{"type":1}', '{"type":"news"}',
    '{"type":"constructor"}', '{"type":"__proto__"}', '{"type":"message","room":"r","seq":"1","text":"x"}',
    '{"type":"message","room":"r","seq":1,"text":7}', '{"type":"message","room":"r","seq":1,"sealed":[]}', '{"type":"forged","room":"r"}',
    '{"type":"paired","room":"r","mode":"text"}', '{"type":"signal","room":"r","data":[]}',
    '{"type":"paired","room":"r","mode":"text","polite":true,"common":[1]}', '{"type":"typing","room":"r","on":"yes"}',
  ];

  for (const frame of frames) assert.equal(readEvent(frame), null, String(frame));
});

test("every event of the contract has its fields and its handler", () => {
  const { frame_failed: _, forged: __, ...handlers } = SERVER_HANDLERS;

  assert.deepEqual(Object.keys(handlers).sort(), Object.keys(EVENT_FIELDS).sort());
});
