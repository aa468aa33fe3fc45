// Shows a choice of size, contrast or colours at once; it is kept only when the form is sent.
const MARKS = {
  taille: ["size", { large: "l", very_large: "xl" }],
  contraste: ["contrast", { strong: "more" }],
  couleurs: ["theme", { light: "light", dark: "dark" }],
};

export function tryLooks(root) {
  root.addEventListener("change", ({ target }) => {
    const [mark, values] = (target.closest?.("[data-looks]") && MARKS[target.name]) || [];
    if (!mark) return;
    const data = root.documentElement.dataset;
    if (values[target.value]) data[mark] = values[target.value];
    else delete data[mark];
  });
}
