// @ts-check
/** Nothing that can go wrong is without its own sentence, in every language, and a way on. */

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { PROBLEMS } from '../../../frontend/call/problems.js';
import { badgeKeys, messageOf } from '../../../frontend/view/call_wording.js';

const FRONTEND = new URL('../../../frontend/', import.meta.url);
const REASONS = [
  'no_connection', 'connection_lost', 'relay_refused', 'relay_unreachable', 'relay_missing', 'declined', 'peer_failed', 'peer_declined',
];
const peer = { camera: true, microphone: true, paused: false, revealed: true };
/** @type {import('../../../frontend/call/state.js').CallState} */
const fine = {
  phase: 'connected', held: false, reason: null, step: 'video', address: 'hidden', picture: true, clear: true, revealed: true, peer, soundBlocked: false,
};
const told = { problems: { camera: null, microphone: null }, state: fine, consent: false, textOnly: false, accepted: new Set() };

test('every code and every reason has a sentence of its own in every language', async () => {
  for (const file of await readdir(new URL('strings/', FRONTEND))) {
    const strings = (await import(new URL(`strings/${file}`, FRONTEND).href)).default;
    const sentences = [...Object.keys(PROBLEMS).map((code) => strings[`problem_${code}`]), ...REASONS.map((reason) => strings[`call_${reason}`])];
    assert.ok(sentences.every(Boolean), `${file} says nothing about something`);
    assert.equal(new Set(sentences).size, sentences.length, `${file} says the same about two`);
  }
});

test('every way on is a button of the page', async () => {
  const page = await readFile(new URL('index.html', FRONTEND), 'utf8');
  for (const way of [...new Set(Object.values(PROBLEMS).flat()), 'agree', 'hear']) assert.ok(page.includes(`id="call-${way}"`), way);
});

test('a call that works says nothing over the picture', () => {
  assert.equal(messageOf(told), null);
});

test('the choice of text comes before consent, consent before problems, problems before states', () => {
  const problems = { camera: 'camera_missing', microphone: null };
  const state = { ...fine, phase: /** @type {const} */ ('failed'), reason: 'no_connection' };
  assert.deepEqual(messageOf({ ...told, problems, state, consent: true, textOnly: true })?.keys, ['call_declined']);
  assert.deepEqual(messageOf({ ...told, problems, state, consent: true })?.keys, ['consent_text']);
  assert.deepEqual(messageOf({ ...told, problems, state })?.keys, ['problem_camera_missing']);
  assert.deepEqual(messageOf({ ...told, state }), { keys: ['call_no_connection'], buttons: ['retry'] });
});

test('two problems are both said, and only the ways that help with both are offered', () => {
  const message = messageOf({ ...told, problems: { camera: 'camera_missing', microphone: 'microphone_refused' } });
  assert.deepEqual(message, { keys: ['problem_camera_missing', 'problem_microphone_refused'], buttons: ['watch', 'text', 'retry'] });
});

test('a problem that was accepted is not said again', () => {
  const problems = { camera: 'camera_missing', microphone: null };
  assert.equal(messageOf({ ...told, problems, accepted: new Set(['camera_missing']) }), null);
});

test('an absent picture is explained', () => {
  assert.deepEqual(messageOf({ ...told, state: { ...fine, peer: { ...peer, camera: false } } })?.keys, ['peer_camera_off']);
  assert.deepEqual(messageOf({ ...told, state: { ...fine, peer: { ...peer, paused: true } } })?.keys, ['peer_paused']);
  assert.deepEqual(messageOf({ ...told, state: { ...fine, step: 'audio' } })?.keys, ['call_sound_only']);
});

test('the badge says what is true and is not there without a call', () => {
  assert.equal(badgeKeys(fine)?.sign, 'address_hidden');
  assert.equal(badgeKeys({ ...fine, address: 'direct' })?.sign, 'address_direct');
  assert.equal(badgeKeys(null), null);
  assert.equal(badgeKeys({ ...fine, held: true }), null);
});
