// On a phone a long form shows one question at a time, with "next" and "back". On a desk, and
// without this file, all questions stand below each other.
const NARROW = "(max-width: 33.99rem)";

export function stepThroughForms(root) {
  for (const form of root.querySelectorAll("[data-steps]")) stepThrough(form);
}

function stepThrough(form) {
  const nav = form.querySelector("[data-steps-nav]");
  const narrow = window.matchMedia(NARROW);
  const [count, back, next] = ["count", "back", "next"].map((name) =>
    nav.querySelector(`[data-steps-${name}]`),
  );
  const words = count.textContent;
  // A question that does not apply (the material of a print) is left out by the style sheet.
  const applies = (part) => part.dataset.only === undefined || !isLeftOut(form, part.dataset.only);
  const all = [...form.querySelectorAll("[data-step]")];
  const parts = () => all.filter(applies);
  let at = Math.max(0, all.findIndex((part) => part.querySelector("[aria-invalid=true]")));

  const show = (isMoved) => {
    const now = parts();
    at = Math.min(at, now.length - 1);
    form.classList.toggle("is-stepping", narrow.matches);
    nav.hidden = !narrow.matches;
    for (const part of all) part.toggleAttribute("data-away", part !== now[at]);
    form.toggleAttribute("data-last", at === now.length - 1);
    count.textContent = words.replace("%n", at + 1).replace("%t", now.length);
    back.hidden = at === 0;
    next.hidden = at === now.length - 1;
    if (isMoved) {
      now[at].scrollIntoView({ block: "start" });
      now[at].querySelector("input, textarea, select")?.focus({ preventScroll: true });
    }
  };
  const isAnswered = (part) =>
    [...part.querySelectorAll("input, textarea, select")].every((field) => field.reportValidity());

  next.addEventListener("click", () => {
    if (!isAnswered(parts()[at])) return;
    at += 1;
    show(true);
  });
  back.addEventListener("click", () => {
    at -= 1;
    show(true);
  });
  narrow.addEventListener("change", () => show(false));
  form.addEventListener("change", () => show(false));
  show(false);
}

function isLeftOut(form, kind) {
  const chosen = form.querySelector("[data-kind]:checked");
  return chosen !== null && chosen.dataset.kind !== kind;
}
