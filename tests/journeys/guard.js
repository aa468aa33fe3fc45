// Runs in every page before its own scripts: tells guard.py (by guardSays) what is wrong with it.
// It looks when the page has arrived, and again each time the page has changed.
(foreign) => {
  const say = (text) => window.guardSays(text);
  const name = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const kinds = [...element.classList].map((kind) => `.${kind}`).join("");
    return `<${element.tagName.toLowerCase()}${id}${kinds}>`;
  };
  const patterns = Object.fromEntries(
    Object.entries(foreign).map(([language, text]) => [
      language,
      text ? new RegExp(`^(?:${text})$`, "u") : /^(?!)/,
    ]),
  );
  const NAMED = ["aria-label", "title", "placeholder", "alt"];

  const checkWords = (text, element) => {
    const plain = text.replace(/\s+/g, " ").trim();
    const language = element.closest("[lang]")?.lang;
    if (plain && patterns[language]?.test(plain)) {
      say(`“${plain}” in ${name(element)} is not in the language ${language}`);
    }
  };
  const lookAtWords = () => {
    document.title.split(" · ").forEach((part) => checkWords(part, document.documentElement));
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (!parent.closest("script, style")) checkWords(walker.currentNode.data, parent);
    }
    for (const element of document.querySelectorAll(NAMED.map((one) => `[${one}]`).join())) {
      for (const one of NAMED) checkWords(element.getAttribute(one) ?? "", element);
    }
  };
  const lookAtWidth = () => {
    const room = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= room) return;
    const wide = [...document.body.querySelectorAll("*")].filter(
      (element) => element.getBoundingClientRect().right > room + 0.5,
    );
    const named = wide.slice(-3).map(name).join(" ");
    say(`scrolls sideways at ${room} px: ${named}`);
  };
  const look = () => {
    if (!document.body || document.documentElement.lang === "") return;
    lookAtWords();
    lookAtWidth();
  };

  document.addEventListener("securitypolicyviolation", (event) =>
    say(`policy ${event.violatedDirective} refuses ${event.blockedURI} ${event.sample}`),
  );
  let timer = 0;
  const lookSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, 100);
  };
  document.addEventListener("DOMContentLoaded", () => {
    look();
    new MutationObserver(lookSoon).observe(document.body, {
      subtree: true, childList: true, characterData: true, attributes: true,
    });
  });
  window.addEventListener("load", () => document.fonts.ready.then(look));
  window.addEventListener("resize", lookSoon);
  window.guardLook = look;
}
