// Narrows the list of names while somebody types theirs; accents do not matter.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function filterNames(root) {
  for (const input of root.querySelectorAll("[data-filter]")) {
    const list = root.getElementById(input.dataset.filter);
    input.addEventListener("input", () => {
      const sought = plain(input.value.trim());
      for (const entry of list.children) {
        entry.hidden = !plain(entry.textContent).includes(sought);
      }
    });
  }
}
