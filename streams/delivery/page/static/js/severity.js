// Severity in three ways at once: a word, a colour, and a meter that needs no colour.

import { el, svg } from "./dom.js";
import { SEVERITIES } from "./words.js";

/** A meter of five bars; as many are full as the severity has steps. */
export function severityMark(severity) {
  const full = SEVERITIES.length - Math.max(0, SEVERITIES.indexOf(severity));
  const bars = SEVERITIES.map((_, rank) =>
    svg("rect", {
      x: rank * 4, y: 8 - rank * 2, width: 3, height: 4 + rank * 2, rx: 0.5,
      class: rank < full ? "full" : "rest",
    }));
  return svg("svg", { class: `meter ${known(severity)}`, viewBox: "0 0 19 12", "aria-hidden": "true" }, ...bars);
}

/** Meter, word and score. */
export function severityBadge(severity, score) {
  return el("span", { class: `badge ${known(severity)}` }, severityMark(severity),
    el("span", { class: "word" }, severity), el("span", { class: "score" }, score.toFixed(1)));
}

/** The severity when it is one of ours, since it becomes the name of a style. */
export const known = (severity) => (SEVERITIES.includes(severity) ? severity : "info");
