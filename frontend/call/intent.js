// @ts-check
/**
 * The wishes of a person for camera and microphone, apart from the devices: the only way to a track. Pure.
 *
 * (intent, event) -> [intent, actions]. A device answers late, or never; meanwhile the person may have switched it off,
 * chosen another or gone. So each request has a number, and an answer is used only if it is the newest of its kind and
 * its kind is still wanted. The person's last word wins, in any order of the answers.
 */

/**
 * @typedef {'camera' | 'microphone'} Kind
 * @typedef {'none' | 'asked' | 'live' | 'failed'} Device `failed`: nobody asks again before the person does
 *
 * The person's words, which outlive a reload of the page.
 * @typedef {object} Words
 * @property {boolean} camera
 * @property {boolean} microphone
 * @property {boolean} textOnly no picture and no sound, in either direction
 * @property {boolean} blurred the stranger's picture is blurred on this side
 *
 * @typedef {Words & {
 *   here: boolean,
 *   chosen: Record<Kind, string | null>,
 *   facing: 'user' | 'environment',
 *   devices: Record<Kind, Device>,
 *   requests: Record<Kind, number>,
 * }} Intent `here`: the person is where devices may open; not before a tap, and not on a page that is left
 *
 * @typedef {{ type: 'entered' | 'left' }
 *   | { type: 'retried' | 'reopened', kinds: readonly Kind[] }
 *   | { type: 'switched', kind: Kind, on: boolean }
 *   | { type: 'texted', textOnly: boolean }
 *   | { type: 'blurred', blurred: boolean }
 *   | { type: 'picked', kind: Kind, device: string | null }
 *   | { type: 'flipped', facing: 'user' | 'environment' }
 *   | { type: 'answered', kind: Kind, number: number, answer: 'granted' | 'failed' | 'unasked' }
 *   | { type: 'ended', kind: Kind }} Event `unasked`: nobody was asked, because it was not wanted when its turn came
 *
 * @typedef {{ type: 'ask', kinds: Kind[], numbers: Record<Kind, number> }
 *   | { type: 'use', kind: Kind } | { type: 'discard', kind: Kind } | { type: 'close', kind: Kind }} Action
 *   `use` and `discard` are about the track of the answer; `close` about the one in use
 */

export const KINDS = /** @type {const} */ (['camera', 'microphone']);
/** @type {Words} */
export const FIRST_WORDS = { camera: true, microphone: true, textOnly: false, blurred: false };

/** @param {Words} words @param {Record<Kind, string | null>} [chosen] @returns {Intent} */
export function createIntent({ camera, microphone, textOnly, blurred }, chosen = { camera: null, microphone: null }) {
  return {
    camera, microphone, textOnly, blurred, chosen, here: false, facing: 'user',
    devices: { camera: 'none', microphone: 'none' }, requests: { camera: 0, microphone: 0 },
  };
}

/** Whether the person's last word is that a device is on. @param {Intent} intent @param {Kind} kind */
export function isWanted(intent, kind) {
  return intent.here && !intent.textOnly && intent[kind];
}

/** @param {Intent} intent @param {Event} event @returns {[Intent, Action[]]} */
export function advance(intent, event) {
  switch (event.type) {
    case 'entered': return settle({ ...(intent.here ? intent : forgive(intent, KINDS)), here: true });
    case 'left': return settle({ ...intent, here: false });
    case 'retried': return settle(forgive(intent, event.kinds));
    case 'reopened': return reopen(intent, event.kinds);
    case 'switched': return settle({ ...forgive(intent, [event.kind]), [event.kind]: event.on });
    case 'texted': return settle({ ...forgive(intent, KINDS), textOnly: event.textOnly });
    case 'blurred': return [{ ...intent, blurred: event.blurred }, []];
    case 'picked': return reopen({ ...intent, chosen: { ...intent.chosen, [event.kind]: event.device } }, [event.kind]);
    case 'flipped': return reopen({ ...intent, facing: event.facing, chosen: { ...intent.chosen, camera: null } }, ['camera']);
    case 'answered': return answered(intent, event);
    case 'ended': return intent.devices[event.kind] === 'live' ? [mark(intent, event.kind, 'failed'), []] : [intent, []];
  }
}

/** Ask for wanted devices that are not open; close devices that are not wanted. A muted microphone stays open, and silent, as long as
 * the person is here. @param {Intent} intent @returns {[Intent, Action[]]} */
function settle(intent) {
  const devices = { ...intent.devices };
  const requests = { ...intent.requests };
  /** @type {Action[]} */ const actions = [];
  for (const kind of KINDS) {
    const silent = kind === 'microphone' && intent.here && !intent.textOnly;
    if (devices[kind] !== 'live' || isWanted(intent, kind) || silent) continue;
    devices[kind] = 'none';
    actions.push({ type: 'close', kind });
  }
  const missing = KINDS.filter((kind) => isWanted(intent, kind) && devices[kind] === 'none');
  for (const kind of missing) {
    devices[kind] = 'asked';
    requests[kind] += 1;
  }
  if (missing.length > 0) actions.push({ type: 'ask', kinds: missing, numbers: requests });
  return [{ ...intent, devices, requests }, actions];
}

/** Close the open devices of these kinds, let earlier requests go stale, and ask anew.
 * @param {Intent} intent @param {readonly Kind[]} kinds @returns {[Intent, Action[]]} */
function reopen(intent, kinds) {
  const open = kinds.filter((kind) => intent.devices[kind] === 'live');
  let forgotten = intent;
  for (const kind of kinds) forgotten = forget(forgotten, kind);
  const [next, actions] = settle(forgotten);
  return [next, [...open.map((kind) => /** @type {Action} */ ({ type: 'close', kind })), ...actions]];
}

/** @param {Intent} intent @param {Extract<Event, { type: 'answered' }>} event @returns {[Intent, Action[]]} */
function answered(intent, { kind, number, answer }) {
  const isNewest = intent.requests[kind] === number && intent.devices[kind] === 'asked';
  const isUsed = isNewest && answer === 'granted' && isWanted(intent, kind);
  /** @type {Action[]} */ const actions = answer === 'granted' ? [{ type: isUsed ? 'use' : 'discard', kind }] : [];
  if (!isNewest) return [intent, actions];
  return [mark(intent, kind, isUsed ? 'live' : answer === 'failed' ? 'failed' : 'none'), actions];
}

/** Devices that failed may be asked for again. @param {Intent} intent @param {readonly Kind[]} kinds */
function forgive(intent, kinds) {
  return kinds.filter((kind) => intent.devices[kind] === 'failed').reduce(forget, intent);
}

/** All earlier requests of a kind are of no use any more. @param {Intent} intent @param {Kind} kind @returns {Intent} */
function forget(intent, kind) {
  return { ...mark(intent, kind, 'none'), requests: { ...intent.requests, [kind]: intent.requests[kind] + 1 } };
}

/** @param {Intent} intent @param {Kind} kind @param {Device} state @returns {Intent} */
function mark(intent, kind, state) {
  return { ...intent, devices: { ...intent.devices, [kind]: state } };
}
