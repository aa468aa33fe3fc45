// What a reader may lose of a page. Each function gives sentences; none is good.
({
  // A new width is drawn from one frame to the next; without the rest, Chromium now and then
  // keeps parts of the styles of the width before.
  settle: async (width) => {
    const root = document.documentElement;
    const frame = () => new Promise((shown) => requestAnimationFrame(shown));
    while (window.innerWidth !== width) await frame();
    root.hidden = true;
    root.getBoundingClientRect();
    root.hidden = false;
    await frame().then(frame);
  },
  // Text that somebody sees: what of it a narrow window hides, it has lost.
  texts: () => {
    const seen = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.data.replace(/\s+/g, " ").trim();
      const holder = walker.currentNode.parentElement;
      if (text && holder.checkVisibility({ visibilityProperty: true })) seen.add(text);
    }
    return [...seen];
  },
  // Boxes that cut their own words off, unless they are meant for screen readers only.
  clipped: () =>
    [...document.body.querySelectorAll("*")]
      .filter((box) => {
        const style = getComputedStyle(box);
        const cuts = (way) => way === "hidden" || way === "clip";
        const isForEyes = style.clipPath === "none" && box.textContent.trim();
        return (
          isForEyes && box.checkVisibility() && !box.closest("svg, .sr") &&
          ((cuts(style.overflowX) && box.scrollWidth > box.clientWidth + 1) ||
            (cuts(style.overflowY) && box.scrollHeight > box.clientHeight + 1))
        );
      })
      .map((box) => `cuts its words off: ${box.outerHTML.slice(0, 120)}`),
  sideways: () => {
    const room = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= room) return [];
    const wide = [...document.body.querySelectorAll("*")].filter(
      (one) => one.getBoundingClientRect().right > room + 0.5,
    );
    return [`scrolls sideways at ${room} px: ${wide.at(-1)?.outerHTML.slice(0, 120)}`];
  },
  moving: () =>
    document
      .getAnimations()
      .filter((one) => {
        const { activeDuration } = one.effect.getComputedTiming();
        return one.playState === "running" && activeDuration > 10;
      })
      .map((one) => `moves: ${one.animationName ?? one.transitionProperty}`),
  // WCAG 2.5.8 and the size of a thumb: 44 px; a link that is only words is 24 px high.
  small: (least) =>
    [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
      .filter((one) => one.type !== "hidden" && one.checkVisibility() && !one.matches(".skip"))
      .map((one) => (one.matches("label > input") ? one.closest("label") : one))
      .filter((one) => {
        const { width, height } = one.getBoundingClientRect();
        const isInText = one.matches("a") && getComputedStyle(one).display === "inline";
        const isWords = one.matches("a:not(.btn, .bar__link, .tab)") && !one.firstElementChild;
        const room = isWords ? 24 : least;
        // A picture that has not come yet cannot be pressed either.
        return !isInText && height > 0 && (width < room - 0.5 || height < room - 0.5);
      })
      .map((one) => {
        const { width, height } = one.getBoundingClientRect();
        const size = `${width.toFixed(0)} × ${height.toFixed(0)} px`;
        return `is small (${size}): ${one.outerHTML.slice(0, 120).replace(/\s+/g, " ")}`;
      }),
  // WCAG 1.4.12: what a reader may set must cost them nothing. The policy allows no <style>.
  spread: () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* {
      line-height: 1.5 !important; letter-spacing: 0.12em !important;
      word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
  },
})
