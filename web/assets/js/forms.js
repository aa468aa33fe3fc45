// A second press on a slow network must not send a form twice. Stop buttons are left alone: to
// stop twice is harmless, and a stop must never find itself greyed out.
export function guardForms(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("data-again")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button?.dataset.busy) {
      button.querySelector("[data-label]").textContent = button.dataset.busy;
    }
  });
  root.addEventListener("formdata", (event) => putFilesLast(event.formData));
  // Coming back with the browser's own button finds the form usable again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
}

// A file is checked while it travels, if the answers about it travel before it.
export function putFilesLast(formData) {
  for (const [name, value] of [...formData]) {
    if (!(value instanceof File)) continue;
    formData.delete(name);
    formData.append(name, value);
  }
}
