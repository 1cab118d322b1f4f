// @ts-check
/**
 * The problems of a person's camera and microphone: codes, for each of which the page has a sentence, with the ways on.
 * `retry` asks again, `audio` goes on without the camera, `watch` without sending anything, `text` without video.
 */

/** @typedef {'retry' | 'audio' | 'watch' | 'text'} Way */

/** @type {Readonly<Record<string, readonly Way[]>>} */
export const PROBLEMS = Object.freeze({
  insecure_origin: ['text'],
  unsupported: ['text'],
  camera_missing: ['audio', 'watch', 'text', 'retry'],
  microphone_missing: ['watch', 'text', 'retry'],
  camera_refused: ['audio', 'watch', 'text', 'retry'],
  microphone_refused: ['watch', 'text', 'retry'],
  devices_refused: ['watch', 'text', 'retry'],
  system_refused: ['watch', 'text', 'retry'],
  camera_in_use: ['audio', 'retry', 'watch', 'text'],
  microphone_in_use: ['retry', 'watch', 'text'],
  camera_failed: ['retry', 'audio', 'watch', 'text'],
  microphone_failed: ['retry', 'watch', 'text'],
  camera_unplugged: ['retry', 'audio', 'text'],
  microphone_unplugged: ['retry', 'text'],
  camera_interrupted: ['audio', 'text'],
  microphone_interrupted: ['text'],
});

/** @typedef {'camera' | 'microphone' | 'devices'} Device `devices`: both were refused in one answer */

/** Why a whole page can have no video, or null. @param {typeof globalThis} scope */
export function problemOfPage(scope) {
  if (!scope.isSecureContext) return 'insecure_origin';
  const supported = 'RTCPeerConnection' in scope && scope.navigator?.mediaDevices?.getUserMedia;
  return supported ? null : 'unsupported';
}

/** The code of an error of getUserMedia. @param {unknown} error @param {Device} device @returns {string} */
export function problemOf(error, device) {
  const { name = '', message = '' } = error instanceof Error ? error : {};
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      // Chromium and Safari say so when the operating system refused the browser; asking again cannot help there.
      return /by system|operating system/i.test(message) ? 'system_refused' : `${device}_refused`;
    case 'NotFoundError':
    case 'OverconstrainedError':
      return `${device}_missing`;
    case 'NotReadableError':
    case 'AbortError':
      return `${device}_in_use`;
    case 'TypeError':
    case 'NotSupportedError':
      return 'unsupported';
    default:
      return `${device}_failed`;
  }
}
