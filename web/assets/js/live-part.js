// One part of a page: asks for its HTML and lays the new over the old. The HTML is always made by
// the hub, and what somebody is filling in is left alone.
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";

const PATIENCE_MS = 10_000;
const AGAIN_MS = 30_000;
const tags = new WeakMap();

// Tells whether the part is true now.
export async function refresh(part) {
  const tag = tags.get(part);
  let answer;
  let html;
  try {
    answer = await fetch(part.dataset.live, {
      redirect: "manual",
      headers: tag ? { "If-None-Match": tag } : {},
      signal: AbortSignal.timeout?.(PATIENCE_MS),
    });
    html = answer.ok ? await answer.text() : "";
  } catch {
    return false;
  }
  // Signed out, moved on to another page, or gone: the hub knows what to show instead.
  if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) {
    reloadOnce("gone");
    return false;
  }
  if (answer.status === 304) return true;
  if (!answer.ok) return false;
  Idiomorph.morph(part, html, {
    morphStyle: "innerHTML",
    ignoreActiveValue: true,
    callbacks: { beforeNodeMorphed: mayChange },
  });
  tags.set(part, answer.headers.get("ETag"));
  return true;
}

// Loads the page again, but never in a circle.
export function reloadOnce(reason) {
  const key = `reload:${reason}:${window.location.pathname}`;
  const last_ms = Number(sessionStorage.getItem(key));
  if (Math.abs(Date.now() - last_ms) < AGAIN_MS) return;
  sessionStorage.setItem(key, Date.now());
  window.location.reload();
}

// Somebody writes, or has chosen something: loading the page again would take it from them.
export function isFillingIn(root) {
  return [...root.querySelectorAll("input, textarea")].some((field) =>
    field.type === "checkbox" || field.type === "radio"
      ? field.checked !== field.defaultChecked
      : field.type !== "hidden" && field.value !== field.defaultValue,
  );
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
