// A machine's own screen leaves by itself when nobody touches it. The hub ends the session in any
// case; this file warns first, and clears the screen for whoever comes next.
const WARN_S = 20;
const LOOK_MS = 250;
// The hub writes signs of life down a little late: the screen leaves before the session is over.
const SLACK = 1 / 12;

export function lockWhenLeft(root) {
  const kiosk = root.querySelector("meta[name=kiosk]");
  const idle_ms = Number(kiosk?.dataset.idleS) * 1000 * (1 - SLACK);
  if (!idle_ms) return;
  const question = root.querySelector("dialog[data-lock]");
  const key = question?.querySelector("[name=form_key]").value ?? "";
  const warn_ms = Math.min(WARN_S * 1000, idle_ms / 2);
  let seen_ms = Date.now();
  let told_ms = Date.now();

  const tell = () => {
    told_ms = Date.now();
    fetch("/encore-la", { method: "POST", headers: { "X-Form-Key": key } }).catch(() => {});
  };
  // The hub forgets whoever is silent: what is touched here is told there, not at every touch.
  const touch = () => {
    if (question?.open) return;
    seen_ms = Date.now();
    if (question && seen_ms - told_ms > idle_ms / 4) tell();
  };
  const stay = () => {
    question.close();
    touch();
    tell();
  };
  for (const sign of ["pointerdown", "keydown", "input", "wheel"]) {
    root.addEventListener(sign, touch, { passive: true });
  }
  question?.querySelector("[data-lock-stay]").addEventListener("click", stay);
  question?.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
  });
  setInterval(() => {
    const left_ms = seen_ms + idle_ms - Date.now();
    if (left_ms <= 0) leave(kiosk.dataset.door, question, key);
    else if (left_ms <= warn_ms && question && !question.open) question.showModal();
    if (question) question.querySelector("[data-lock-left]").textContent = Math.ceil(left_ms / 1000);
  }, LOOK_MS);
}

let isLeaving = false;

async function leave(door, question, key) {
  const isThere = !question && window.location.pathname + window.location.search === door;
  if (isLeaving || isThere) return;
  isLeaving = true;
  if (question) {
    await fetch("/sortir", { method: "POST", redirect: "manual", headers: { "X-Form-Key": key } })
      .catch(() => {});
  }
  window.location.replace(door);
}
