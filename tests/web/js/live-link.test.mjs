// The stream of a live page: lost, dead, hidden, and taken up where it was.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Link } from "../../../web/assets/js/live-link.js";

// What a browser gives: a stream that the test speaks through, and a clock that the test moves.
class Browser {
  constructor() {
    this.streams = [];
    this.timers = new Map();
    this.time = 1_000_000;
    this.count = 0;
    const browser = this;
    this.EventSource = class {
      constructor(address) {
        Object.assign(this, { address, heard: {}, isOpen: true });
        browser.streams.push(this);
      }
      addEventListener(kind, act) {
        this.heard[kind] = act;
      }
      close() {
        this.isOpen = false;
      }
      say(kind, lastEventId = "", data = "{}") {
        this.heard[kind]({ lastEventId, data });
      }
    };
  }
  now = () => this.time;
  random = () => 1;
  setTimeout = (act, pause_ms) => {
    this.timers.set(++this.count, { act, at: this.time + pause_ms });
    return this.count;
  };
  clearTimeout = (id) => this.timers.delete(id);

  pass(ms) {
    this.time += ms;
    for (const [id, { act, at }] of [...this.timers]) {
      if (at > this.time) continue;
      this.timers.delete(id);
      act();
    }
  }
  get last() {
    return this.streams.at(-1);
  }
  get openStreams() {
    return this.streams.filter((stream) => stream.isOpen).length;
  }
}

function openLink() {
  const browser = new Browser();
  const told = [];
  const link = new Link(
    "/live?after=7&seen=ab",
    { news: (kind) => told.push(kind), lost: () => told.push("lost") },
    browser,
  );
  link.open();
  return { browser, told, link };
}

test("it begins where the page was made, and comes back after the last event", () => {
  const { browser, told } = openLink();
  assert.equal(browser.last.address, "/live?after=7&seen=ab");
  browser.last.say("hello", "7");
  browser.last.say("message", "9");
  browser.last.say("ping", "12");
  browser.last.onerror();
  browser.pass(1000);
  assert.equal(browser.last.address, "/live?after=12");
  assert.deepEqual(told, ["hello", "message", "lost"]);
});

test("each failure makes the pause longer, and the first word makes it short again", () => {
  const { browser } = openLink();
  for (const pause_ms of [1000, 2000, 4000]) {
    browser.last.onerror();
    const before = browser.streams.length;
    browser.pass(pause_ms - 1);
    assert.equal(browser.streams.length, before);
    browser.pass(1);
    assert.equal(browser.streams.length, before + 1);
  }
  browser.last.say("hello", "7");
  browser.last.onerror();
  browser.pass(1000);
  assert.equal(browser.openStreams, 1);
});

test("45 silent seconds are a dead socket; pings keep it alive", () => {
  const { browser, told, link } = openLink();
  for (let count = 0; count < 10; count += 1) {
    browser.pass(15_000);
    browser.last.say("ping", "7");
    link.look();
  }
  assert.deepEqual(told, []);
  browser.pass(46_000);
  link.look();
  assert.deepEqual(told, ["lost"]);
  assert.equal(browser.openStreams, 0);
  browser.pass(1000);
  assert.equal(browser.openStreams, 1);
});

test("a hidden page holds no connection, and takes it up again after the last event", () => {
  const { browser, told, link } = openLink();
  browser.last.say("message", "20");
  link.close();
  assert.equal(browser.openStreams, 0);
  browser.pass(100_000);
  assert.equal(browser.openStreams, 0);
  link.open();
  link.open();
  assert.equal(browser.openStreams, 1);
  assert.equal(browser.last.address, "/live?after=20");
  assert.deepEqual(told, ["message"]);
});

test("hidden in the middle of a pause, it stays closed", () => {
  const { browser, link } = openLink();
  browser.last.onerror();
  link.close();
  browser.pass(60_000);
  assert.equal(browser.openStreams, 0);
  link.open();
  assert.equal(browser.openStreams, 1);
});

test("when the network is back nobody waits, and nothing is opened twice", () => {
  const { browser, link } = openLink();
  browser.last.onerror();
  link.retry();
  link.retry();
  browser.pass(60_000);
  assert.equal(browser.openStreams, 1);
  assert.equal(browser.streams.length, 2);
});

test("it is linked from the first word to the loss", () => {
  const { browser, link } = openLink();
  assert.equal(link.isLinked, false);
  browser.last.say("hello", "7");
  assert.equal(link.isLinked, true);
  browser.last.onerror();
  assert.equal(link.isLinked, false);
});

test("a stream that was left behind says nothing any more", () => {
  const { browser, told, link } = openLink();
  const old = browser.last;
  link.close();
  link.open();
  old.say("message", "99");
  old.onerror();
  assert.deepEqual(told, []);
  assert.equal(browser.openStreams, 1);
});
