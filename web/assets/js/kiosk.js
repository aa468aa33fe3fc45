// A tablet that is fixed to a machine fills its screen when somebody presses; browsers allow it
// only then. Without this file the tablet's own "add to the home screen" does the same.
export function fillScreen(root) {
  for (const button of root.querySelectorAll("[data-fullscreen]")) {
    const show = () => (button.hidden = !root.fullscreenEnabled || Boolean(root.fullscreenElement));
    button.addEventListener("click", () => root.documentElement.requestFullscreen());
    root.addEventListener("fullscreenchange", show);
    show();
  }
}
