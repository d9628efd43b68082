// One incident in the list: its latest step, and a hint of what came before.

import { el, wire } from "./dom.js";
import { marked } from "./evidence.js";
import { known, severityBadge } from "./severity.js";
import { courseLine } from "./timeline.js";
import { STEPS, WHYS, ago, clock, cueWord, milliseconds, percent, plural } from "./words.js";

const HOUR = 3_600_000;

/** Fill the card of an incident; `open` is called when it is chosen. */
export function fillCard(card, incident, open) {
  const alert = incident.latest;
  const title = `card-${incident.id}`;
  card.className = ["card", known(alert.severity), alert.step, alert.verdict ?? ""].join(" ").trim();
  card.setAttribute("aria-labelledby", title);
  card.replaceChildren(...[
    el("div", { class: "card-top" },
      severityBadge(alert.severity, alert.severity_score),
      actorsLine(alert.actors ?? []),
      timeOf(incident)),
    el("h3", {}, el("button", { type: "button", class: "open", id: title, onclick: () => open(incident.id) },
      wire(alert.headline || alert.id))),
    sentence(alert),
    el("div", { class: "card-cues" }, cues(alert)),
    el("div", { class: "card-foot" }, el("p", {},
      el("span", { class: `step ${alert.step}` }, stepWords(alert)),
      verdictMark(alert.verdict),
      el("span", {}, plural(alert.source_count ?? 0, "source")),
      el("span", { title: "How sure it is that it is so" }, `${percent(alert.confidence ?? 0)} sure`),
      alert.suppressed ? el("span", { title: "Signals that joined and were not worth an alert" }, `+${alert.suppressed} not told`) : null,
      lateNews(incident)),
      incident.steps.length > 1 ? courseLine(incident.steps) : null),
  ].filter(Boolean));
}

/** Who acts on whom: Cambodia → Thailand; those only mentioned are left to the detail. */
export function actorsLine(actors) {
  const of = (role) => actors.filter((actor) => actor.role === role).map((actor) => wire(actor.name));
  const sources = of("source"), targets = of("target");
  const said = sources.length && targets.length ? "acts on" : "";
  const parts = [...commas(sources)];
  if (targets.length) parts.push(el("span", { class: "arrow", role: "img", "aria-label": said || "towards" }, " → "));
  parts.push(...commas(targets));
  if (!parts.length) parts.push(...commas(of("mentioned").slice(0, 2)));
  return el("span", { class: "actors" }, parts);
}

export const commas = (nodes) => nodes.flatMap((node, rank) => (rank ? [", ", node] : [node]));

/** What happened and why it was worth telling. */
export function stepWords(alert) {
  const whys = (alert.why ?? []).map((why) => WHYS[why] ?? why).join(", ");
  return `${STEPS[alert.step] ?? alert.step}${whys ? ` · ${whys}` : ""}`;
}

export function verdictMark(verdict) {
  if (!verdict) return null;
  return el("span", { class: `verdict ${verdict}` }, verdict === "confirmed" ? "✓ confirmed" : "✕ dismissed");
}

function timeOf({ told }) {
  return el("span", { class: "when" },
    el("time", { datetime: new Date(told).toISOString(), "data-told": told, title: `Told ${clock(told)}` }, ago(told)));
}

// Told now, of news that is older: both are said.
function lateNews({ told, latest }) {
  const news = milliseconds(latest.last_seen) ?? told;
  return told - news > HOUR ? el("span", {}, `news of ${clock(news)}`) : null;
}

function sentence(alert) {
  const evidence = (alert.cues ?? [])[0]?.evidence;
  if (!evidence || evidence.text === alert.headline) return null;
  return el("p", { class: "sentence" }, marked(evidence.text, evidence.terms ?? []));
}

function cues(alert) {
  return (alert.cues ?? []).slice(0, 3).map((cue) =>
    el("span", { class: "cue" }, `${cueWord(cue.cue)} `, el("span", { class: "share" }, percent(cue.probability)),
      cue.modality === "occurred" ? null : el("span", { class: "modality" }, ` ${cue.modality}`)));
}
