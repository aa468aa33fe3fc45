// Without the hub: the service worker shows a page that says so (see sw.js), and that page leads
// back as soon as the hub answers.
const PAUSE_MS = 3_000;
const PATIENCE_MS = 5_000;

export async function keepOfflinePage(root) {
  if (!window.isSecureContext || !navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
    const worker = (await navigator.serviceWorker.ready).active;
    worker.postMessage({ language: root.documentElement.lang });
  } catch {
    // A private window may refuse; everything works without.
  }
}

export function comeBack(root) {
  if (!root.querySelector("[data-offline]")) return;
  const look = async () => {
    if (root.visibilityState === "visible" && (await isThere())) leave();
    else setTimeout(look, PAUSE_MS * (0.5 + Math.random()));
  };
  root.addEventListener("visibilitychange", () => root.visibilityState === "visible" && look());
  look();
}

async function isThere() {
  try {
    const signal = AbortSignal.timeout?.(PATIENCE_MS);
    return (await fetch("/healthz", { cache: "no-store", signal })).ok;
  } catch {
    return false;
  }
}

// The address is still that of the page that was wanted, except after a form.
function leave() {
  const { pathname, search } = window.location;
  if (pathname !== "/hors-ligne") {
    window.location.reload();
    return;
  }
  const back = new URL(new URLSearchParams(search).get("vers") ?? "/", window.location.origin);
  window.location.replace(back.origin === window.location.origin ? back.pathname : "/");
}
