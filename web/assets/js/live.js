// Keeps parts of a page true. Such a part says where its HTML comes from (data-live="/address");
// the hub's stream of events says when to ask for it again. The HTML is always made by the hub:
// this file only lays the new over the old, and leaves what somebody is filling in alone.
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;
const QUIET_MS = 250;
const MOVING_MS = 2000;
const SLOW_MS = 15000;
const PATIENCE_MS = 10000;

export function keepLive(root) {
  const parts = () => [...root.querySelectorAll("[data-live]")];
  if (parts().length === 0) return;
  const link = root.querySelector("[data-link]");
  const stream = root.querySelector("meta[name=live]")?.content;
  let source = null;
  let wait = FIRST_WAIT_MS;
  let timer = 0;
  let due_ms = Infinity;
  let looks = Promise.resolve();

  const refreshAll = () => Promise.all(parts().map(refresh));
  // The earliest wish counts, and looks follow each other: an old answer never covers a new one.
  const refreshIn = (pause_ms) => {
    const at_ms = Date.now() + pause_ms;
    if (at_ms >= due_ms) return;
    clearTimeout(timer);
    due_ms = at_ms;
    timer = setTimeout(() => {
      due_ms = Infinity;
      looks = looks.then(refreshAll);
    }, pause_ms);
  };
  const refreshSoon = () => refreshIn(QUIET_MS);
  const listen = () => {
    if (!stream || source) return;
    source = new EventSource(stream);
    source.onopen = () => {
      wait = FIRST_WAIT_MS;
      link.hidden = true;
      refreshSoon();
    };
    source.onmessage = refreshSoon;
    source.addEventListener("reload", refreshSoon);
    source.addEventListener("machine", () => refreshIn(MOVING_MS));
    source.onerror = () => {
      source.close();
      source = null;
      link.hidden = false;
      setTimeout(listen, wait * (0.5 + Math.random()));
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    };
  };
  // A phone that wakes up has missed things, and its stream may be dead without knowing it.
  root.addEventListener("visibilitychange", () => {
    if (root.visibilityState === "visible") refreshSoon();
  });
  setInterval(() => root.visibilityState === "visible" && refreshSoon(), SLOW_MS);
  listen();
}

async function refresh(part) {
  let answer;
  try {
    answer = await fetch(part.dataset.live, {
      redirect: "manual",
      signal: AbortSignal.timeout?.(PATIENCE_MS),
    });
  } catch {
    return;
  }
  // Signed out, or moved on to another page: the hub knows where to go.
  if (answer.type === "opaqueredirect" || answer.status === 401) {
    window.location.reload();
    return;
  }
  if (!answer.ok) return;
  Idiomorph.morph(part, await answer.text(), {
    morphStyle: "innerHTML",
    ignoreActiveValue: true,
    callbacks: { beforeNodeMorphed: mayChange },
  });
}

// A form that somebody may be filling in keeps its content as long as it is about the same thing;
// a camera keeps the still that it already shows; opened details stay open.
function mayChange(old, next) {
  if (!(old instanceof Element) || !(next instanceof Element)) return true;
  if (old.dataset.keep && old.dataset.keep === next.dataset?.keep) return false;
  if (old.dataset.camera && old.dataset.camera === next.dataset?.camera) return false;
  if (old.tagName === "DETAILS" && old.open) next.setAttribute("open", "");
  return true;
}
