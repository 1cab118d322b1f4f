// @ts-check
/** The signals that a stranger's page may send, and the facts that it is not told. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CANDIDATES_MAX, CANDIDATE_LENGTH_MAX, DESCRIPTION_LENGTH_MAX } from '../../../frontend/call/limits.js';
import { hideAddresses, isSendable, parseSignal, shorten } from '../../../frontend/call/signals.js';

const media = { version: 1, camera: true, microphone: true, revealed: true, paused: false, want: 'video' };
const description = { type: 'offer', sdp: 'v=0' };

test('what our own pages say is a signal', () => {
  const said = [
    { generation: 1, description, number: 1, media }, { generation: 1, candidates: [{ candidate: 'c' }] }, { generation: 0, ask: 'rebuild', media },
    { media }, { hold: true }, { hold: false }, { gaveUp: 'peer_failed' }, {},
  ];
  for (const data of said) assert.equal(parseSignal(data), data, JSON.stringify(data));
});

/** @param {string[]} sections */
const offerOf = (...sections) => ({ generation: 1, description: { type: 'offer', sdp: ['v=0', ...sections.map((each) => `m=${each} 9 UDP/TLS/RTP/SAVPF 96`), ''].join('\r\n') } });

test('a description with other sections than ours is none, whatever separates its lines', () => {
  assert.ok(parseSignal(offerOf('audio', 'video')));
  assert.ok(parseSignal(offerOf('audio')));
  const hostile = [
    offerOf('audio', 'video', 'video'), offerOf('audio', 'audio'), offerOf('audio', 'video', 'application'), offerOf('text'),
    offerOf(...Array(100).fill('video')),
    { generation: 1, description: { type: 'offer', sdp: `v=0\nm=video 9\nm=video 9\n` } },
    { generation: 1, description: { type: 'answer', sdp: `v=0\rm=audio 9\rm=audio 9\r` } },
    { generation: 1, description: { type: 'offer', sdp: `v=0\r\n${'a=x\r\n'.repeat(501)}` } },
    { generation: 1, description: { type: 'offer', sdp: `v=0\r\n${'a=candidate:1\r\n'.repeat(129)}` } },
  ];
  for (const data of hostile) assert.equal(parseSignal(data), null, JSON.stringify(data).slice(0, 90));
});

test('what is larger than the server takes is not sent, counted in bytes', () => {
  assert.ok(isSendable({ generation: 1, description: { type: 'answer', sdp: 'x'.repeat(20_000) } }));
  assert.equal(isSendable({ generation: 1, description: { type: 'answer', sdp: 'x'.repeat(24_576) } }), false);
  assert.equal(isSendable({ generation: 1, description: { type: 'answer', sdp: '\u{1F600}'.repeat(6_200) } }), false);
});

test('everything else is none', () => {
  const nonsense = [
    null, 1, 'offer', [], { generation: 1.5 }, { generation: -1 }, { generation: '1', description }, { description },
    { candidates: [{ candidate: 'c' }] }, { generation: 1, description: { type: 'rollback', sdp: '' } },
    { generation: 1, description: { type: 'offer', sdp: 'x'.repeat(DESCRIPTION_LENGTH_MAX + 1) } },
    { generation: 1, candidates: Array(CANDIDATES_MAX + 1).fill({ candidate: 'c' }) },
    { generation: 1, candidates: [{ candidate: 'x'.repeat(CANDIDATE_LENGTH_MAX + 1) }] }, { generation: 1, candidates: [null] },
    { generation: 1, candidates: 'c' }, { ask: 'money' }, { hold: 1 }, { gaveUp: '<b>' }, { gaveUp: 'x'.repeat(41) },
    { media: { ...media, want: 'everything' } }, { media: { ...media, camera: 1 } }, { media: { ...media, version: undefined } }, { media: 1 },
  ];
  for (const data of nonsense) assert.equal(parseSignal(data), null, JSON.stringify(data)?.slice(0, 80));
});

test('the address behind a relay is taken out, and only that', () => {
  const line = 'a=candidate:1 1 UDP 92217343 203.0.113.9 54474 typ relay raddr 192.168.178.59 rport 54474 generation 0';
  const hidden = hideAddresses(`v=0\r\n${line}\r\n${line.replace('192.168.178.59', '2001:db8::1')}\r\n`);
  assert.ok(!hidden.includes('192.168') && !hidden.includes('2001:db8') && hidden.includes('203.0.113.9 54474 typ relay raddr 0.0.0.0 rport 0'));
  assert.equal(hideAddresses('v=0\r\nc=IN IP4 0.0.0.0\r\n'), 'v=0\r\nc=IN IP4 0.0.0.0\r\n');
});

test('the old lines that name one address name none', () => {
  const hidden = hideAddresses('m=audio 9 RTP\r\nc=IN IP6 2001:db8::1\r\na=rtcp:26877 IN IP4 192.168.178.59\r\na=mid:0\r\n');
  assert.equal(hidden, 'm=audio 9 RTP\r\nc=IN IP4 0.0.0.0\r\na=rtcp:26877 IN IP4 0.0.0.0\r\na=mid:0\r\n');
});

test('a description carries routes only, and none where there are too many', () => {
  const route = 'a=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\n';
  const short = `v=0\r\n${route.repeat(10)}a=mid:0\r\n`;
  const long = `v=0\r\n${route.repeat(DESCRIPTION_LENGTH_MAX / 40)}a=end-of-candidates\r\na=mid:0\r\n`;
  assert.equal(shorten(short), short);
  const nowhere = 'a=candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype active\r\na=candidate:1 2 UDP 1 192.0.2.1 2 typ host\r\n';
  assert.equal(shorten(`${nowhere}${short}`), short);
  assert.equal(shorten(long), 'v=0\r\na=mid:0\r\n');
});
