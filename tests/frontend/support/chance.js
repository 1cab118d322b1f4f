/** Chance that can be repeated: the same seed, the same history (mulberry32). */

export function chance(seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const upTo = (limit) => Math.floor(random() * limit);
  return { random, upTo, pick: (choices) => choices[upTo(choices.length)] };
}
