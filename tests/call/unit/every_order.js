// @ts-check
/**
 * Every order of what a person does, what devices answer and which stranger comes, through the page's own modules: what
 * the strangers' connections carry is what the person's last words cover, and nothing else. Prints how many orders it played.
 * With a number behind its name it plays both devices together, up to that depth, and nothing else.
 *
 * It is a program of its own: Node's test runner follows every promise, which takes three times as long as the orders.
 */

import { KINDS } from '../../../frontend/call/intent.js';
import { World, turn } from './world.js';

/** @import { Kind } from '../../../frontend/call/intent.js' */

const DEPTH = 5;
// Of fifteen acts: one deeper takes twelve times as long.
const BOTH_DEPTH = 3;

/** @typedef {{ does: (world: World) => void, applies?: (world: World) => boolean }} Act `applies`: it changes anything */

/** @param {Kind} kind @returns {Record<string, Act>} */
const ofKind = (kind) => ({
  [`${kind} on`]: { does: (world) => world.say(kind, true) },
  [`${kind} off`]: { does: (world) => world.say(kind, false) },
  [`${kind} chosen`]: { does: (world) => world.choose(kind) },
  [`${kind} ends`]: { does: (world) => world.track(kind)?.end(), applies: (world) => world.track(kind) !== null },
});
/** @type {Record<string, Act>} */
const SHARED = {
  granted: { does: (world) => world.grant(), applies: (world) => world.pending.length > 0 },
  denied: { does: (world) => world.deny(), applies: (world) => world.pending.length > 0 },
  reload: { does: (world) => world.load() },
  skip: { does: (world) => world.skip(), applies: (world) => world.talking },
  pair: { does: (world) => world.pair() },
};
/** @type {Record<string, Act>} */
const WORDS = { 'text only, or video again': { does: (world) => world.text() }, 'gone, or back': { does: (world) => world.move() } };

/**
 * Play every order up to a depth. An event that finds nothing to do (an answer that nobody awaits) leaves the world as it
 * is, so what follows it is among the shorter orders, and is not played twice.
 * @param {Record<string, Act>} acts @param {number} depth
 */
async function playEveryOrder(acts, depth) {
  let played = 0;
  const queue = /** @type {string[][]} */ ([[]]);
  for (let names = queue.pop(); names !== undefined; names = queue.pop()) {
    const world = new World();
    await turn();
    for (const name of names) {
      acts[name]?.does(world);
      world.check(String(names), false); // At once, and not only when the answers have come.
      await turn();
      world.check(String(names));
    }
    if (names.length < depth) {
      for (const [name, { applies }] of Object.entries(acts)) if (!applies || applies(world)) queue.push([...names, name]);
    }
    await world.settle(String(names));
    played += 1;
  }
  return played;
}

const BOTH = { ...ofKind('camera'), ...ofKind('microphone'), ...SHARED, ...WORDS };

/** @param {string | undefined} depth of both together */
async function playAll(depth) {
  if (depth !== undefined) return { both: await playEveryOrder(BOTH, Number(depth)) };
  const orders = { camera: 0, microphone: 0, both: await playEveryOrder(BOTH, BOTH_DEPTH) };
  for (const kind of KINDS) orders[kind] = await playEveryOrder({ ...ofKind(kind), ...SHARED }, DEPTH);
  return orders;
}

console.log(JSON.stringify(await playAll(process.argv[2])));
