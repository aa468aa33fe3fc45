// Lets somebody see what they type into a hidden field; it is hidden again when the form is sent.
export function showSecrets(root) {
  for (const part of root.querySelectorAll("[data-secret]")) {
    const field = part.querySelector("input");
    const button = part.querySelector("[data-secret-show]");
    const show = (isShown) => {
      field.type = isShown ? "text" : "password";
      button.setAttribute("aria-pressed", String(isShown));
    };
    button.hidden = false;
    button.addEventListener("click", () => show(field.type === "password"));
    field.form.addEventListener("submit", () => show(false));
  }
}
