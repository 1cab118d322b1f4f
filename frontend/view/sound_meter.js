// @ts-check
/** How loud the microphone is, as a bar. */

const REFRESH_MS = 80;
/** A person whose devices need no answer leaves the green room sooner, before anybody could look at the meter. */
const BEGIN_AFTER_MS = 200;
/** Quieter than this is silence, louder than the other is shouting: decibels below the loudest that there is. */
const QUIETEST_DB = -55;
const LOUDEST_DB = -10;

export class SoundMeter {
  /** @type {MediaStreamTrack | null} */ #track = null;
  /** @type {AudioContext | null} */ #context = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /** @param {HTMLMeterElement} bar */
  constructor(bar) {
    this.bar = bar;
  }

  /** Show the sound of a track; null: none any more. @param {MediaStreamTrack | null} track */
  listen(track) {
    if (track === this.#track) return;
    this.#track = track;
    clearInterval(this.#timer);
    this.bar.value = 0;
    this.#context?.close();
    this.#context = null;
    if (track !== null && "AudioContext" in window) this.#timer = setTimeout(() => this.#begin(track), BEGIN_AFTER_MS);
  }

  /** @param {MediaStreamTrack} track */
  #begin(track) {
    this.#context = new AudioContext();
    const analyser = new AnalyserNode(this.#context, { fftSize: 1024 });
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      this.bar.value = levelOf(samples);
    }, REFRESH_MS);
  }
}

/** How loud samples are, from 0 to 1. @param {Float32Array} samples from -1 to 1 */
function levelOf(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / samples.length || Number.MIN_VALUE);
  return Math.min(1, Math.max(0, (decibels - QUIETEST_DB) / (LOUDEST_DB - QUIETEST_DB)));
}
