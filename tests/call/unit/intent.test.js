// @ts-check
/** The machine alone, in every order of what a person does and what devices answer. Pure, and so quick. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FIRST_WORDS, KINDS, advance, createIntent, isWanted } from '../../../frontend/call/intent.js';

/** @import { Kind, Words } from '../../../frontend/call/intent.js' */

const DEPTH = 5;

/** All orders of so many names. @param {string[]} names @param {number} depth @returns {Generator<string[]>} */
function* everyOrder(names, depth) {
  for (let number = 0; number < names.length ** depth; number += 1) {
    yield Array.from({ length: depth }, (_, step) => /** @type {string} */ (names[Math.floor(number / names.length ** step) % names.length]));
  }
}

/** The machine alone, and a browser of two lists: what it is asked, and what is open. */
class Machine {
  constructor() {
    this.last = { camera: true, microphone: true };
    this.chosen = /** @type {Record<Kind, string | null>} */ ({ camera: null, microphone: null });
    this.textOnly = false;
    this.here = true;
    this.refused = false;
    /** @type {Words} */ this.words = FIRST_WORDS;
    this.load();
  }

  load() {
    /** @type {{ kinds: Kind[], numbers: Record<Kind, number>, device: Record<Kind, string | null> }[]} */ this.pending = [];
    /** @type {Record<Kind, string | null | undefined>} */ this.open = { camera: undefined, microphone: undefined };
    this.intent = createIntent(this.words, this.chosen);
    if (this.here) this.happen({ type: 'entered' });
  }

  /** @param {import('../../../frontend/call/intent.js').Event} event @param {string | null} [device] that of a grant */
  happen(event, device) {
    const [intent, actions] = advance(this.intent, event);
    this.intent = intent;
    const { camera, microphone, textOnly, blurred } = intent;
    this.words = { camera, microphone, textOnly, blurred };
    for (const action of actions) {
      if (action.type === 'close') this.open[action.kind] = undefined;
      if (action.type === 'use') this.open[action.kind] = device;
      if (action.type === 'ask') this.pending.push({ kinds: action.kinds, numbers: action.numbers, device: intent.chosen });
    }
  }

  /** @param {'granted' | 'failed'} answer */
  answer(answer) {
    const request = this.pending.shift();
    this.refused ||= request !== undefined && answer === 'failed';
    for (const kind of request?.kinds ?? []) {
      this.happen({ type: 'answered', kind, number: /** @type {any} */ (request).numbers[kind], answer }, request?.device[kind]);
    }
  }

  /** @param {Kind} kind @param {boolean} on */
  say(kind, on) {
    this.last[kind] = on;
    this.happen({ type: 'switched', kind, on });
  }

  /** @param {Kind} kind */
  choose(kind) {
    const device = this.chosen[kind] === 'other' ? 'default' : 'other';
    this.chosen = { ...this.chosen, [kind]: device };
    this.happen({ type: 'picked', kind, device });
  }

  /** @param {Kind} kind */
  end(kind) {
    if (this.open[kind] === undefined) return;
    this.open[kind] = undefined;
    this.happen({ type: 'ended', kind });
    this.happen({ type: 'retried', kinds: [kind] });
  }

  text() {
    this.textOnly = !this.textOnly;
    this.happen({ type: 'texted', textOnly: this.textOnly });
  }

  /** A stranger goes, or another comes: nothing new is asked for, of a person who is there. */
  meet() {
    if (this.here) this.happen({ type: 'entered' });
  }

  move() {
    this.here = !this.here;
    this.happen({ type: this.here ? 'entered' : 'left' });
  }

  /** @param {Kind} kind */
  wants(kind) {
    return this.here && !this.textOnly && this.last[kind];
  }

  /** @param {string[]} history */
  check(history) {
    if (this.open.camera !== undefined) assert.ok(this.wants('camera'), `${history}: the camera is off and its light on`);
    for (const kind of KINDS) {
      assert.equal(isWanted(this.intent, kind), this.wants(kind), `${history}: the person's words about the ${kind}`);
      if (this.open[kind] !== undefined) assert.ok(this.here && !this.textOnly, `${history}: the ${kind} is open where no device may be`);
      if (this.open[kind] !== undefined) assert.equal(this.open[kind], this.chosen[kind], `${history}: the last choice is used`);
    }
  }

  /** @param {string[]} history */
  settle(history) {
    while (this.pending.length > 0) this.answer('granted');
    this.check(history);
    if (this.refused) return;
    for (const kind of KINDS) assert.equal(this.open[kind] !== undefined && this.intent[kind], this.wants(kind), `${history}: the ${kind}`);
  }
}

for (const kind of KINDS) {
  test(`the machine lets a ${kind} leave only while it is wanted, in every order of eleven events up to depth ${DEPTH}`, () => {
    /** @type {Record<string, (machine: Machine) => void>} */
    const acts = {
      on: (machine) => machine.say(kind, true), off: (machine) => machine.say(kind, false), choose: (machine) => machine.choose(kind),
      ends: (machine) => machine.end(kind), reload: (machine) => machine.load(), granted: (machine) => machine.answer('granted'),
      denied: (machine) => machine.answer('failed'), skip: (machine) => machine.meet(),
      pair: (machine) => machine.meet(), text: (machine) => machine.text(), move: (machine) => machine.move(),
    };
    let count = 0;
    for (const history of everyOrder(Object.keys(acts), DEPTH)) {
      const machine = new Machine();
      for (const name of history) {
        acts[name]?.(machine);
        machine.check(history);
      }
      machine.settle(history);
      count += 1;
    }
    assert.equal(count, 11 ** DEPTH);
  });
}
