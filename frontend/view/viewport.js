// @ts-check
/** The height that is left above a phone's keyboard, where the browser does not resize the page for it (Safari). */

export function followKeyboard() {
  const viewport = window.visualViewport;
  if (viewport === null) return;
  const follow = () => {
    // Zoomed in, a person sees less of the same page: that is no keyboard.
    const height = Math.round(viewport.height * viewport.scale);
    const covered = window.innerHeight - height > 1;
    document.documentElement.style.setProperty("--viewport-height", covered ? `${height}px` : "100dvh");
    if (covered) window.scrollTo(0, 0);
  };
  viewport.addEventListener("resize", follow);
}
