// When a live page asks, about what, and when it gives up.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Agenda, addressAfter, concerns, isDead, patience, pauseBefore, sinceText, topicsOf,
} from "../../../web/assets/js/live-rules.js";

const news = (more) => JSON.stringify({ machine: "laser", state: "busy", job: "j1", ...more });

test("pauses double up to half a minute, and chance halves them at most", () => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 400].map((failures) => pauseBefore(failures, 1));
  assert.deepEqual(longest, [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  assert.equal(pauseBefore(1, 0), 500);
  assert.equal(pauseBefore(400, 0), 15000);
});

test("a stream is dead after 45 silent seconds, and when the clock was set back", () => {
  assert.equal(isDead(100_000, 145_000), false);
  assert.equal(isDead(100_000, 145_001), true);
  assert.equal(isDead(100_000, 99_000), false);
  assert.equal(isDead(100_000, 50_000), true);
});

test("a stream goes on after the last event, not where the page was made", () => {
  assert.equal(addressAfter("/live?after=3&seen=ab", ""), "/live?after=3&seen=ab");
  assert.equal(addressAfter("/live?after=3&seen=ab", "12"), "/live?after=12");
});

test("a line of the journal is about its subject", () => {
  assert.deepEqual(topicsOf("message", '{"verb":"job.start","subject":"job:1"}'), ["job:1"]);
});

test("a machine that moves on is progress; with another state or job it is the machine too", () => {
  assert.deepEqual(topicsOf("machine", news(), undefined), ["progress:laser", "machine:laser"]);
  assert.deepEqual(topicsOf("machine", news({ fraction: 0.2 }), news()), ["progress:laser"]);
  const both = ["progress:laser", "machine:laser"];
  assert.deepEqual(topicsOf("machine", news({ state: "paused" }), news()), both);
  assert.deepEqual(topicsOf("machine", news({ job: null }), news()), both);
});

test("the same news of a machine twice are no news, even for who wants everything", () => {
  assert.deepEqual(topicsOf("machine", news(), news()), []);
  assert.equal(concerns(undefined, []), false);
});

test("a part hears of what it names, of every thing of a kind, or of everything", () => {
  assert.equal(concerns("machine:laser job:1", ["job:1"]), true);
  assert.equal(concerns("machine:laser job:1", ["job:10"]), false);
  assert.equal(concerns("job", ["job:1"]), true);
  assert.equal(concerns("job", ["jobs:1"]), false);
  assert.equal(concerns("  machine:laser\n progress:laser ", ["progress:laser"]), true);
  assert.equal(concerns("", ["job:1"]), true);
  assert.equal(concerns(undefined, ["job:1"]), true);
});

test("progress waits two seconds, all else a moment, and chance spreads both", () => {
  assert.deepEqual([0, 1].map((chance) => patience(["progress:laser"], chance)), [2000, 2300]);
  assert.deepEqual([0, 1].map((chance) => patience(["job:1"], chance)), [150, 450]);
  assert.equal(patience(["progress:laser", "machine:laser"], 0), 150);
});

test("how long there was no link is said in whole minutes, then hours", () => {
  const say = (lost_ms) => sinceText(lost_ms, "# min", "# h");
  assert.deepEqual(
    [0, 59_999, 60_000, 179_000, 3_599_999, 3_600_000, 7_300_000].map(say),
    ["", "", "1 min", "2 min", "59 min", "1 h", "2 h"],
  );
});

test("a burst is asked about once: the earliest wish counts, near ones go together", () => {
  const agenda = new Agenda();
  agenda.ask("a", 1000);
  agenda.ask("a", 1400);
  agenda.ask("b", 1100);
  agenda.ask("c", 3000);
  assert.equal(agenda.next_ms, 1000);
  assert.deepEqual(agenda.take(999), []);
  assert.deepEqual(agenda.take(1000).sort(), ["a", "b"]);
  assert.deepEqual(agenda.take(1000), []);
  assert.equal(agenda.next_ms, 3000);
  assert.deepEqual(agenda.take(5000), ["c"]);
  assert.equal(agenda.next_ms, Infinity);
});

test("what happens while an answer is on its way is asked about again", () => {
  const agenda = new Agenda();
  agenda.ask("a", 1000);
  agenda.take(1000);
  agenda.ask("a", 1250);
  assert.deepEqual(agenda.take(1250), ["a"]);
});
