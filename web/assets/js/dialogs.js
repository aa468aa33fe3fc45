// Opens a question in front of the page, as a real dialog: the page behind rests, Escape closes,
// and the focus comes back to where it was. Without this file the question opens in its place.
export function openDialogs(root) {
  root.addEventListener("click", (event) => {
    const summary = event.target.closest?.("[data-dialog] > summary");
    if (summary) open(event, summary.parentElement);
    const box = event.target.closest?.("dialog[open]");
    if (box && (event.target.closest("[data-close]") || event.target === box)) box.close();
  });
}

function open(event, details) {
  const box = details.querySelector("dialog");
  if (!box?.showModal) return;
  event.preventDefault();
  details.open = true;
  for (const button of box.querySelectorAll("[data-close]")) button.hidden = false;
  box.showModal();
  box.addEventListener("close", () => (details.open = false), { once: true });
}
