// @ts-check
/** The smallest page that can hold a call: a socket, two pictures, and everything in reach of the tests. */

import { Calls } from '../../../frontend/call/calls.js';
import { LocalMedia } from '../../../frontend/call/media.js';
import { checkCall } from '../../../frontend/call/check.js';
import * as view from '../../../frontend/call/view.js';

const options = new URLSearchParams(location.search);
const person = options.get('person') ?? 'somebody';
const remoteVideo = /** @type {HTMLVideoElement} */ (document.querySelector('[aria-label="Stranger\'s video"]'));
const localVideo = /** @type {HTMLVideoElement} */ (document.querySelector('[aria-label="Your video"]'));
const status = /** @type {HTMLElement} */ (document.querySelector('[role=status]'));

/** @type {WebSocket | null} */
let socket = null;
/** @type {string | null} */
let room = null;
const media = new LocalMedia();
const calls = new Calls({
  media, remoteVideo, localVideo,
  send: (to, data) => say({ action: 'signal', room: to, data }),
  onState: (state) => {
    harness.state = state;
    harness.states.push(state);
    status.textContent = state?.phase ?? 'no call';
  },
  agreed: () => harness.agreed,
  blurUntilReveal: () => options.has('blur'),
  requestRelays: () => say({ action: 'join', mode: 'video' }),
});
const harness = {
  media, calls, view, checkCall, agreed: !options.has('hold'), person,
  /** @type {any} */ state: null,
  /** @type {any[]} */ states: [],
  /** @type {any[]} */ events: [],
  join, skip: () => say({ action: 'skip', room }), cut: () => socket?.close(), get room() { return room; },
  get socketOpen() { return socket?.readyState === WebSocket.OPEN; },
};
Object.assign(window, { harness });

async function join() {
  view.unlockSound(remoteVideo);
  const wanted = options.get('media') ?? 'camera microphone';
  await media.open({ camera: wanted.includes('camera'), microphone: wanted.includes('microphone') });
  connect();
}

function connect() {
  socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws?person=${encodeURIComponent(person)}`);
  socket.addEventListener('open', () => say({ action: 'join', mode: 'video' }));
  socket.addEventListener('message', ({ data }) => heard(JSON.parse(data)));
  socket.addEventListener('close', () => setTimeout(connect, 100));
}

/** @param {any} event */
function heard(event) {
  harness.events.push(event.type);
  if (event.type === 'paired') {
    room = event.room;
    calls.paired(event, { resumed: event.again });
  }
  if (event.type === 'signal') calls.signalled(event);
  if (event.type === 'peer_back') calls.peerBack(event);
  if (event.type === 'waiting' || event.type === 'peer_left') calls.end();
}

/** @param {any} frame */
function say(frame) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}
