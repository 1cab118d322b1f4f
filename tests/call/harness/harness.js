// @ts-check
/** The smallest page that can hold a call: a socket, two pictures, and everything in reach of the tests. */

import { Calls } from '../../../frontend/call/calls.js';
import { LocalMedia } from '../../../frontend/call/media.js';
import { checkRelay } from '../../../frontend/call/check.js';
import { unlockSound } from '../../../frontend/view/video_side.js';

const options = new URLSearchParams(location.search);
const person = options.get('person') ?? 'somebody';
const remoteVideo = /** @type {HTMLVideoElement} */ (document.querySelector('[aria-label="Stranger\'s video"]'));
const localVideo = /** @type {HTMLVideoElement} */ (document.querySelector('[aria-label="Your video"]'));
const status = /** @type {HTMLElement} */ (document.querySelector('[role=status]'));

/** @type {WebSocket | null} */
let socket = null;
/** @type {string | null} */
let room = null;
// The browser does not notice a socket whose network is gone, so the page asks.
const PING_MS = 1_000;
let unanswered = 0;
setInterval(() => {
  if (socket?.readyState !== WebSocket.OPEN) return;
  if (unanswered >= 3) return abandon();
  unanswered += 1;
  say({ action: 'ping' });
}, PING_MS);
// `remember` names what a reload of this page finds again, as the product's page does for a tab.
const remembered = options.get('remember');
const memory = {
  read: () => JSON.parse((remembered && sessionStorage.getItem(remembered)) || 'null'),
  write: (/** @type {object} */ words) => { if (remembered) sessionStorage.setItem(remembered, JSON.stringify(words)); },
};
const isReloaded = memory.read() !== null;
const media = new LocalMedia({ memory });
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
  media, calls, checkRelay, agreed: !options.has('hold'), person,
  /** @type {any} */ state: null,
  /** @type {any[]} */ states: [],
  /** @type {any[]} */ events: [],
  sockets: 0, send: (/** @type {string} */ to, /** @type {unknown} */ data) => say({ action: 'signal', room: to, data }),
  join, skip: () => say({ action: 'skip', room }), cut: () => socket?.close(), get room() { return room; },
  get socketOpen() { return socket?.readyState === WebSocket.OPEN; },
};
Object.assign(window, { harness });

async function join() {
  unlockSound(remoteVideo);
  const wanted = options.get('media') ?? 'camera microphone';
  if (!isReloaded) {
    media.setCameraOff(!wanted.includes('camera'));
    media.setMuted(!wanted.includes('microphone'));
  }
  await media.enter();
  connect();
}

function connect() {
  const own = new WebSocket(`${location.origin.replace('http', 'ws')}/ws?person=${encodeURIComponent(person)}`);
  socket = own;
  harness.sockets += 1;
  unanswered = 0;
  own.addEventListener('open', () => own === socket && say({ action: 'join', mode: 'video' }));
  own.addEventListener('message', ({ data }) => own === socket && heard(JSON.parse(data)));
  own.addEventListener('close', () => own === socket && setTimeout(connect, 100));
}

/** The closing handshake of a dead socket would be dead too. */
function abandon() {
  const dead = socket;
  connect();
  dead?.close();
}

/** @param {any} event */
function heard(event) {
  unanswered = 0;
  if (event.type === 'pong') return;
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
