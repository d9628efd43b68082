// What things are called, and how times and numbers are written.

export const SEVERITIES = ["critical", "high", "medium", "low", "info"];

export const STEPS = { opened: "New", updated: "Updated", cooled: "Cooled", closed: "Closed" };

export const WHYS = {
  first_signal: "first signal",
  new_source: "new source",
  new_cue: "new cue",
  severity_rise: "more severe",
  de_escalation: "de-escalation",
  confirmed: "confirmed by an analyst",
  dismissed: "dismissed by an analyst",
  quiet: "no more news",
};

export const REASONS = {
  not_a_cue: "not a cue",
  history: "history",
  metaphor: "metaphor",
  opinion: "opinion",
  wrong_cue: "wrong cue",
  wrong_actors: "wrong actors",
  repeat: "a repeat",
  other: "other",
};

let about = { cues: {}, severities: [], states: {}, feedback: { offered: false, reasons: [] } };

/** Take the words that the server knows. */
export function learn(told) {
  about = told;
}

export const words = () => about;
export const cueWord = (cue) => about.cues[cue] ?? cue.replaceAll("_", " ");
export const stateName = (code) => about.states[code] ?? code;
export const percent = (share) => `${Math.round(share * 100)}%`;
export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

/** How long ago, in a few characters. */
export function ago(milliseconds, now = Date.now()) {
  const passed = now - milliseconds;
  if (passed < MINUTE) return "now";
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h`;
  if (passed < 30 * DAY) return `${Math.floor(passed / DAY)} d`;
  return day.format(milliseconds);
}

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const moment = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC",
});

/** A moment in UTC, as a newsroom writes it. */
export const clock = (milliseconds) => `${moment.format(milliseconds).replace(",", "")} UTC`;

/** Milliseconds of a time on the wire, or null. */
export function milliseconds(text) {
  const value = Date.parse(text ?? "");
  return Number.isNaN(value) ? null : value;
}
