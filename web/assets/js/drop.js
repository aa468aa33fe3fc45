// Shows which file was chosen, and offers its name as a title. It listens on the whole page: a
// form may appear later, when the page is brought up to date.
export function nameDroppedFiles(root) {
  const over = (isOver) => (event) =>
    event.target.closest?.("[data-drop]")?.classList.toggle("drop--over", isOver);
  root.addEventListener("dragenter", over(true));
  root.addEventListener("dragleave", over(false));
  root.addEventListener("drop", over(false));
  root.addEventListener("change", (event) => {
    const drop = event.target.closest("[data-drop]");
    if (drop) showName(drop, event.target);
  });
  root.addEventListener("input", (event) => {
    if (event.target.name === "title") event.target.dataset.touched = "yes";
  });
}

function showName(drop, input) {
  const file = input.files[0];
  const name = drop.querySelector("[data-drop-name]");
  drop.classList.toggle("drop--full", Boolean(file));
  name.textContent = file ? file.name : name.dataset.dropName;
  const title = drop.closest("form").querySelector("[name=title]");
  if (file && title && !(title.value && title.dataset.touched)) {
    title.value = file.name.replace(/\.[^.]+$/, "").replace(/[_-]+/g, " ").trim();
  }
}
