// What a screen reader hears: a summary now and then, not every line of a storm.

import { byId, plain } from "./dom.js";
import { SEVERITIES, plural } from "./words.js";

const PAUSE_MS = 5000;
let waiting = [];
let timer = 0;

/** Say that an alert has come. */
export function announce(alert) {
  waiting.push(alert);
  if (!timer) timer = setTimeout(say, waiting.length === 1 ? 400 : PAUSE_MS);
}

function say() {
  const worst = waiting.reduce((a, b) => (SEVERITIES.indexOf(b.severity) < SEVERITIES.indexOf(a.severity) ? b : a));
  byId("announcer").textContent =
    `${plural(waiting.length, "new alert")}${waiting.length > 1 ? ", the most severe" : ""}: ${worst.severity}, ${plain(worst.headline)}`;
  waiting = [];
  timer = setTimeout(() => {
    timer = 0;
    if (waiting.length) say();
  }, PAUSE_MS);
}
