// What a live page decides, without a browser: when to ask, about what, and when to give up.
// Tested by tests/web/js/live-rules.test.mjs.

export const LOOK_MS = 5_000;
export const DEAD_MS = 45_000; // three pings of the hub, see web/live.py
export const SLOW_MS = 60_000; // times are written in minutes
export const UNLINKED_MS = 15_000;
export const CALM_MS = 3_000;

const QUIET_MS = 150;
const SPREAD_MS = 300;
const MOVING_MS = 2_000;
const GATHER_MS = 200;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

// The pause before the next try, after so many failed ones. A whole workshop lost the hub at the
// same moment: chance keeps its pages from coming back at the same moment.
export function pauseBefore(failures, random) {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1), LONGEST_PAUSE_MS);
  return Math.round(longest * (0.5 + random / 2));
}

// A socket that died with a sleeping phone tells nobody. Wall clock: it goes on during sleep.
export function isDead(heard_ms, now_ms) {
  return now_ms - heard_ms > DEAD_MS || now_ms < heard_ms - DEAD_MS;
}

// The page's own address says from where on it knows nothing; what was heard since says it better.
export function addressAfter(address, lastId) {
  return lastId ? `${address.split("?")[0]}?after=${lastId}` : address;
}

// What an event is about. A machine that only moved on is `progress:laser`; when its state or its
// work changed it is `machine:laser` as well; the same news twice are no news.
export function topicsOf(kind, text, before) {
  const news = JSON.parse(text);
  if (kind !== "machine") return [news.subject];
  if (text === before) return [];
  const topics = [`progress:${news.machine}`];
  const known = before ? JSON.parse(before) : null;
  if (known?.state !== news.state || known?.job !== news.job) topics.push(`machine:${news.machine}`);
  return topics;
}

// `wanted` is a part's data-live-on: `machine:laser` is that machine, `job` is every job. A part
// that says nothing wants to hear of everything.
export function concerns(wanted, topics) {
  if (!wanted?.trim()) return topics.length > 0;
  const names = wanted.trim().split(/\s+/);
  return topics.some((topic) => names.includes(topic) || names.includes(topic.split(":")[0]));
}

// How long an event may wait: progress is not urgent, and chance spreads a workshop's questions.
export function patience(topics, random) {
  const isProgress = topics.length > 0 && topics.every((topic) => topic.startsWith("progress:"));
  return (isProgress ? MOVING_MS : QUIET_MS) + Math.round(random * SPREAD_MS);
}

// "No link for 2 min.": nothing in the first minute, whole minutes, then whole hours.
export function sinceText(lost_ms, minutes, hours) {
  if (lost_ms < MINUTE_MS) return "";
  if (lost_ms < HOUR_MS) return minutes.replace("#", Math.floor(lost_ms / MINUTE_MS));
  return hours.replace("#", Math.floor(lost_ms / HOUR_MS));
}

// What is to be asked again, and when. The earliest wish counts; what is due at nearly the same
// moment is taken together.
export class Agenda {
  #due = new Map();

  ask(key, at_ms) {
    this.#due.set(key, Math.min(at_ms, this.#due.get(key) ?? Infinity));
  }

  get next_ms() {
    return Math.min(Infinity, ...this.#due.values());
  }

  take(now_ms) {
    if (this.next_ms > now_ms) return [];
    const keys = [...this.#due].filter(([, due_ms]) => due_ms <= now_ms + GATHER_MS);
    for (const [key] of keys) this.#due.delete(key);
    return keys.map(([key]) => key);
  }
}
