// Reads a text of the page aloud: a button names the element (data-aloud="id"). One voice at a
// time; a second press stops it. Buttons are shown only where the browser can speak.
export function readAloud(root) {
  const voice = window.speechSynthesis;
  if (!voice || !window.SpeechSynthesisUtterance) return;
  let reading = null; // { id }: an object, so that an old utterance never ends a new reading

  const mark = (id, isOn) => {
    for (const button of root.querySelectorAll("[data-aloud]")) {
      if (button.dataset.aloud === id) button.setAttribute("aria-pressed", String(isOn));
    }
  };
  const stop = () => {
    const last = reading;
    reading = null;
    voice.cancel();
    if (last) mark(last.id, false);
  };
  const start = (id) => {
    const element = root.getElementById(id);
    const parts = element ? sentences(element.innerText) : [];
    if (parts.length === 0) return;
    const mine = { id };
    const end = () => reading === mine && stop();
    reading = mine;
    mark(id, true);
    const said = parts.map((text) => new SpeechSynthesisUtterance(text));
    said[said.length - 1].onend = end;
    for (const utterance of said) {
      utterance.lang = element.closest("[lang]").lang;
      utterance.onerror = end;
      voice.speak(utterance);
    }
  };

  root.documentElement.classList.add("can-speak");
  root.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-aloud]");
    if (!button) return;
    const isSame = button.dataset.aloud === reading?.id;
    stop();
    if (!isSame) start(button.dataset.aloud);
  });
  // A voice would go on over the next page.
  window.addEventListener("pagehide", stop);
}

// One utterance for each sentence: some voices fall silent in the middle of a long one.
function sentences(text) {
  const parts = text.match(/.+?(?:[.!?…](?=\s|$)|$)/gm) ?? [];
  return parts.map((part) => part.trim()).filter((part) => /[\p{L}\p{N}]/u.test(part));
}
