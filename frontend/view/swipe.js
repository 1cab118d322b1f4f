// @ts-check
/** A swipe across the conversation, to either side: on a phone the next stranger is a movement of the thumb away. */

/** So far is meant. */
const FAR_PX = 96;

/** A movement that is this much more across than along is no scrolling. */
const ACROSS = 2;

/** A swipe that begins so near to the screen's edge is the system's way back. */
const EDGE_PX = 24;

/** Call `swiped` after each swipe over `area`, which follows the finger. @param {HTMLElement} area @param {() => void} swiped */
export function followSwipes(area, swiped) {
  /** @type {{ x: number, y: number } | null} */ let from = null;
  const move = (/** @type {number} */ x) => area.style.setProperty("--swipe", `${Math.round(x)}px`);
  const end = () => {
    from = null;
    area.style.removeProperty("--swipe");
  };
  area.addEventListener("touchstart", ({ touches, target }) => {
    const [{ clientX: x, clientY: y }] = touches;
    const free = touches.length === 1 && x > EDGE_PX && x < window.innerWidth - EDGE_PX;
    from = free && getSelection()?.isCollapsed !== false && !isControl(target) ? { x, y } : null;
  }, { passive: true });
  area.addEventListener("touchmove", ({ touches: [{ clientX, clientY }] }) => {
    if (from === null) return;
    const across = clientX - from.x;
    if (Math.abs(across) < Math.abs(clientY - from.y) * ACROSS) return move(0);
    move(across);
  }, { passive: true });
  area.addEventListener("touchend", ({ changedTouches: [{ clientX, clientY }] }) => {
    if (from === null) return;
    const [across, along] = [Math.abs(clientX - from.x), Math.abs(clientY - from.y)];
    end();
    if (across >= FAR_PX && across >= along * ACROSS) swiped();
  }, { passive: true });
  area.addEventListener("touchcancel", end, { passive: true });
}

/** @param {EventTarget | null} target */
function isControl(target) {
  return target instanceof Element && target.closest("button, summary, input, textarea, select") !== null;
}
