// @ts-check
/** Offers name what everybody has and what a call needs, and nothing else. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chooseCodecs, chooseExtensions, offerLittle } from '../../../frontend/call/offering.js';

const codec = (/** @type {string} */ mimeType, sdpFmtpLine = '') => ({ mimeType, clockRate: 90_000, ...(sdpFmtpLine && { sdpFmtpLine }) });
const SHARED = 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f';
const VIDEO = [
  codec('video/AV1'), codec('video/VP8'), codec('video/rtx'), codec('video/VP9', 'profile-id=0'), codec('video/H264', SHARED),
  codec('video/H264', SHARED.replace('mode=1', 'mode=0')), codec('video/H264', SHARED.replace('42e01f', '64001f')), codec('video/red'), codec('video/ulpfec'),
];
const extension = (/** @type {string} */ uri) => ({ uri, direction: /** @type {const} */ ('sendrecv') });
const FEEDBACK = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';

test('the codecs that everybody has stay, in the order of the browser', () => {
  const names = chooseCodecs(VIDEO).map(({ mimeType, sdpFmtpLine }) => (sdpFmtpLine ? `${mimeType} ${sdpFmtpLine}` : mimeType));
  assert.deepEqual(names, ['video/VP8', 'video/rtx', `video/H264 ${SHARED}`, 'video/red', 'video/ulpfec']);
  assert.deepEqual(chooseCodecs([codec('audio/opus'), codec('audio/PCMU')]).map(({ mimeType }) => mimeType), ['audio/opus']);
});

test('where the codec that everybody has is missing nothing is chosen', () => {
  assert.deepEqual(chooseCodecs(VIDEO.filter(({ mimeType }) => mimeType !== 'video/VP8')), []);
  assert.deepEqual(chooseCodecs([]), []);
});

test('the extensions that a call needs stay, and the others are stopped', () => {
  const uris = ['urn:ietf:params:rtp-hdrext:sdes:mid', 'urn:ietf:params:rtp-hdrext:toffset', FEEDBACK, 'urn:3gpp:video-orientation',
    'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id'];
  const directions = chooseExtensions(uris.map(extension)).map(({ direction }) => direction);
  assert.deepEqual(directions, ['sendrecv', 'stopped', 'sendrecv', 'sendrecv', 'stopped']);
});

/** A browser's transceiver for the picture, and what was chosen for it. @param {{ extensible: boolean, codecs: any[] }} browser */
function chosenIn({ extensible, codecs }) {
  Object.assign(globalThis, { RTCRtpReceiver: { getCapabilities: () => ({ codecs }) } });
  const chosen = { codecs: /** @type {any[] | null} */ (null), extensions: /** @type {any[] | null} */ (null) };
  const choice = {
    getHeaderExtensionsToNegotiate: () => [extension(FEEDBACK)],
    setHeaderExtensionsToNegotiate: (/** @type {any[]} */ extensions) => { chosen.extensions = extensions; },
  };
  const setCodecPreferences = (/** @type {any[]} */ list) => { chosen.codecs = list; };
  offerLittle(/** @type {any} */ ({ receiver: { track: { kind: 'video' } }, setCodecPreferences, ...(extensible && choice) }));
  return chosen;
}

test('a browser that lets us choose both offers few of both', () => {
  const { codecs, extensions } = chosenIn({ extensible: true, codecs: VIDEO });
  assert.deepEqual([codecs?.length, extensions?.length], [5, 1]);
});

test('one that does not, or has other codecs, offers what it likes', () => {
  assert.deepEqual(chosenIn({ extensible: false, codecs: VIDEO }), { codecs: null, extensions: null });
  assert.equal(chosenIn({ extensible: true, codecs: [codec('video/AV1')] }).codecs, null);
});
