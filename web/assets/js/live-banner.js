// Says calmly that what is shown may be old. A short loss is not worth a word.
import { CALM_MS, sinceText } from "./live-rules.js";

export class Banner {
  #lost_ms = 0;

  constructor(root) {
    this.root = root;
    this.box = root.querySelector("[data-link]");
    this.since = root.querySelector("[data-link-since]");
  }

  get isLost() {
    return this.#lost_ms > 0;
  }

  lose() {
    this.#lost_ms ||= Date.now();
    setTimeout(() => this.show(), CALM_MS);
  }

  regain() {
    this.#lost_ms = 0;
    this.show();
  }

  show() {
    const { minutes, hours } = this.since.dataset;
    const lost_ms = this.isLost ? Date.now() - this.#lost_ms : 0;
    this.box.hidden = lost_ms < CALM_MS;
    this.since.textContent = sinceText(lost_ms, minutes, hours);
    this.root.documentElement.toggleAttribute("data-stale", !this.box.hidden);
  }
}
