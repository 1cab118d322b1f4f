// @ts-check
/** The actions of a person on the page's pictures; each function is one button. */

/** Play the stranger's sound and picture, or the picture alone where sound needs a tap. True if sound plays.
 * @param {HTMLVideoElement} video */
export async function playRemote(video) {
  try {
    video.muted = false;
    await video.play();
    return true;
  } catch (error) {
    // "AbortError": another stream was attached meanwhile, and the code that attached it plays it.
    if (error instanceof DOMException && error.name === 'AbortError') return true;
    if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') throw error;
    video.muted = true;
    await video.play().catch(() => {});
    return false;
  }
}

/** @param {HTMLVideoElement} video @param {number} volume from 0 to 1 */
export function setVolume(video, volume) {
  video.volume = Math.min(1, Math.max(0, volume));
}

/** Whether this browser can show a video above other windows. */
export function canFloat() {
  return document.pictureInPictureEnabled === true;
}

/** Put the stranger's picture above other windows, or back. @param {HTMLVideoElement} video */
export async function toggleFloating(video) {
  if (document.pictureInPictureElement === video) await document.exitPictureInPicture();
  else await video.requestPictureInPicture();
}

/** Whether there is a camera at the other side to flip to. @param {MediaDeviceInfo[]} cameras */
export function canFlip(cameras) {
  return cameras.length > 1 && matchMedia('(pointer: coarse)').matches;
}
