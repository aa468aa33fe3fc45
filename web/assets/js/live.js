// Keeps parts of a page true. Such a part says where its HTML comes from (data-live="/address")
// and what it shows (data-live-on="machine:laser job"; nothing said: everything). The hub's stream
// of events says when to ask for it again.
import { Banner } from "./live-banner.js";
import { Link } from "./live-link.js";
import { isFillingIn, refresh, reloadOnce } from "./live-part.js";
import {
  Agenda, LOOK_MS, SLOW_MS, UNLINKED_MS, concerns, patience, topicsOf,
} from "./live-rules.js";

const EVERYTHING = null;

export function keepLive(root) {
  if (!root.querySelector("[data-live]")) return;
  const page = new LivePage(root);
  const attend = () => page.attend();
  root.addEventListener("visibilitychange", attend);
  window.addEventListener("pageshow", attend);
  window.addEventListener("pagehide", () => page.link?.close());
  window.addEventListener("online", () => page.link?.retry());
  setInterval(attend, LOOK_MS);
  attend();
}

class LivePage {
  #agenda = new Agenda();
  #machines = new Map();
  #looks = Promise.resolve();
  #looked_ms = Date.now();
  #timer = 0;
  #isOld = false;

  constructor(root) {
    this.root = root;
    this.banner = new Banner(root);
    const meta = root.querySelector("meta[name=live]");
    this.build = meta?.dataset.build;
    this.link = meta && new Link(meta.content, {
      news: (kind, text) => this.#hear(kind, text),
      lost: () => this.#lose(),
    });
  }

  get parts() {
    return [...this.root.querySelectorAll("[data-live]")];
  }

  get isShown() {
    return this.root.visibilityState === "visible";
  }

  // Whenever the page appears or disappears, and every few seconds: a phone's sleep stops all else.
  attend() {
    if (!this.isShown) {
      this.link?.close();
      return;
    }
    this.link?.open();
    this.link?.look();
    this.banner.show();
    const longest_ms = this.banner.isLost ? UNLINKED_MS : SLOW_MS;
    if (Math.abs(Date.now() - this.#looked_ms) >= longest_ms) {
      this.#looked_ms = Date.now();
      this.#ask(EVERYTHING);
    }
    this.#plan();
    if (this.#isOld && !isFillingIn(this.root)) reloadOnce("build");
  }

  // A stream cannot say why it ended; the parts can: signed out, or nobody there.
  #lose() {
    this.banner.lose();
    this.#ask(EVERYTHING);
  }

  #hear(kind, text) {
    if (kind === "hello") {
      this.#isOld = JSON.parse(text).build !== this.build;
      if (this.banner.isLost) this.#ask(EVERYTHING);
      if (this.#isOld) this.attend();
    } else if (kind === "reload") {
      this.#ask(EVERYTHING);
    } else {
      const machine = kind === "machine" ? JSON.parse(text).machine : "";
      this.#ask(topicsOf(kind, text, this.#machines.get(machine)));
      if (machine) this.#machines.set(machine, text);
    }
  }

  #ask(topics) {
    const at_ms = Date.now() + patience(topics ?? [], Math.random());
    for (const part of this.parts) {
      if (topics === EVERYTHING || concerns(part.dataset.liveOn, topics)) {
        this.#agenda.ask(part, at_ms);
      }
    }
    this.#plan();
  }

  #plan() {
    clearTimeout(this.#timer);
    if (!this.isShown || this.#agenda.next_ms === Infinity) return;
    this.#timer = setTimeout(() => {
      const due = this.#agenda.take(Date.now());
      // Looks follow each other: an old answer never covers a new one.
      if (due.length) this.#looks = this.#looks.then(() => this.#look(due));
      this.#plan();
    }, Math.max(0, this.#agenda.next_ms - Date.now()));
  }

  async #look(due) {
    const here = due.filter((part) => part.isConnected);
    const isWhole = here.length === this.parts.length;
    const areTrue = (await Promise.all(here.map(refresh))).every(Boolean);
    if (!areTrue) {
      this.banner.lose();
    } else if (isWhole) {
      this.#looked_ms = Date.now();
      if (!this.link || this.link.isLinked) this.banner.regain();
    }
  }
}
