// A clock that is right: `data-clock` names the zone, and the page the language.
export function runClocks(root) {
  const clocks = [...root.querySelectorAll("[data-clock]")].map((clock) => ({
    clock,
    form: new Intl.DateTimeFormat(root.documentElement.lang, {
      hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: clock.dataset.clock,
    }),
  }));
  if (clocks.length === 0) return;
  const tick = () => {
    for (const { clock, form } of clocks) clock.textContent = form.format(new Date());
    setTimeout(tick, 1000 - (Date.now() % 1000));
  };
  tick();
}
