// One stream of events, kept open: it remembers the number of the last event and goes on from it.
// The browser's own reconnection is not used: it keeps no rhythm, and trusts a dead socket.
import { addressAfter, isDead, pauseBefore } from "./live-rules.js";

const KINDS = ["hello", "ping", "reload", "machine", "message"];

export class Link {
  #source = null;
  #timer = null;
  #failures = 0;
  #heard_ms = 0;
  #lastId = "";
  #isWanted = false;
  #isLinked = false;

  // `on.news(kind, text)` hears, `on.lost()` learns that nothing is heard any more.
  constructor(address, on, browser = ownBrowser()) {
    this.address = address;
    this.on = on;
    this.browser = browser;
  }

  get isLinked() {
    return this.#isLinked;
  }

  open() {
    this.#isWanted = true;
    if (!this.#source && this.#timer === null) this.#connect();
  }

  // A hidden page gives its connection back: browsers allow six for all tabs together.
  close() {
    this.#isWanted = false;
    this.#failures = 0;
    this.#leave();
  }

  // Called every few seconds, and when a phone wakes up.
  look() {
    if (this.#source && isDead(this.#heard_ms, this.browser.now())) this.#fail();
  }

  // The network is back: no need to sit out a pause.
  retry() {
    if (!this.#isWanted || this.#source) return;
    this.#leave();
    this.#connect();
  }

  #connect() {
    const source = new this.browser.EventSource(addressAfter(this.address, this.#lastId));
    this.#source = source;
    this.#heard_ms = this.browser.now();
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => source === this.#source && this.#hear(kind, event));
    }
    source.onerror = () => source === this.#source && this.#fail();
  }

  #hear(kind, event) {
    this.#heard_ms = this.browser.now();
    this.#lastId = event.lastEventId || this.#lastId;
    this.#isLinked = true;
    this.#failures = 0;
    if (kind !== "ping") this.on.news(kind, event.data);
  }

  #fail() {
    this.#leave();
    this.#failures += 1;
    this.on.lost();
    this.#timer = this.browser.setTimeout(() => {
      this.#timer = null;
      this.#connect();
    }, pauseBefore(this.#failures, this.browser.random()));
  }

  #leave() {
    this.#isLinked = false;
    this.#source?.close();
    this.#source = null;
    if (this.#timer !== null) this.browser.clearTimeout(this.#timer);
    this.#timer = null;
  }
}

function ownBrowser() {
  return {
    EventSource: window.EventSource,
    now: () => Date.now(),
    random: () => Math.random(),
    setTimeout: (act, pause_ms) => setTimeout(act, pause_ms),
    clearTimeout: (id) => clearTimeout(id),
  };
}
