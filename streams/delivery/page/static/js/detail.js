// One incident in full: its life, its evidence, who says so, and what an analyst says of it.

import { byId, el, link, safeUrl, wire } from "./dom.js";
import { actorsLine, commas, stepWords, verdictMark } from "./card.js";
import { marked } from "./evidence.js";
import { verdictForm } from "./feedback.js";
import { known, severityBadge, severityMark } from "./severity.js";
import { timelineChart } from "./timeline.js";
import { clock, cueWord, milliseconds, percent } from "./words.js";

/** Fetch every step of an incident, whole. */
export async function fetchIncident(id) {
  const answer = await fetch(`api/incidents/${encodeURIComponent(id)}`, { headers: { Accept: "application/json" } });
  return answer.ok ? (await answer.json()).steps.map(({ alert, told }) => ({ ...alert, told })) : null;
}

/** Fill the detail with an incident whose steps are whole alerts; `close` empties it. */
export function showDetail(steps, close) {
  const sorted = [...steps].sort((a, b) => a.number - b.number);
  const alert = sorted.at(-1);
  const pane = byId("detail");
  const title = el("h2", { tabindex: "-1", id: "detail-title", "data-id": alert.incident }, wire(alert.headline || alert.id));
  const top = [
    el("div", { class: "detail-top" },
      el("button", { type: "button", class: "back", "data-key": "back", onclick: close }, "← All incidents"),
      severityBadge(alert.severity, alert.severity_score), actorsLine(alert.actors ?? []),
      verdictMark(alert.verdict)),
    title,
    facts(alert),
    section("Severity over time", timelineChart(sorted, Math.min(pane.clientWidth - 32, 680))),
    section("Evidence", ...(alert.cues ?? []).map(cueBlock)),
    section("Sources", sources(alert)),
    mentioned(alert),
  ];
  const rest = [section("What was told", stepList(sorted)), technical(alert)];
  pane.setAttribute("aria-labelledby", "detail-title");
  fill(pane, alert, top.filter(Boolean), rest);
  return title;
}

// An analyst may be writing while the next step comes: the form of the same incident stays as it is.
function fill(pane, alert, before, after) {
  const page = pane.querySelector(`.detail-page`);
  const form = verdictForm(alert);
  if (form && page && form.parentNode === page) {
    for (const child of [...page.children]) if (child !== form) child.remove();
    form.before(...before);
    form.after(...after);
    return;
  }
  pane.replaceChildren(el("div", { class: "detail-page" }, ...before, form, ...after));
  pane.scrollTo({ top: 0 });
}

/** Say that an incident is not here. */
export function showMissing(close) {
  const pane = byId("detail");
  pane.removeAttribute("aria-labelledby");
  pane.replaceChildren(el("div", { class: "detail-page" },
    el("button", { type: "button", class: "back", onclick: close }, "← All incidents"),
    el("p", { class: "empty" }, "This incident is not among the latest alerts. It may be older than what the page keeps.")));
}

function section(name, ...children) {
  return el("section", { class: "part" }, el("h3", {}, name), ...children);
}

function facts(alert) {
  const first = milliseconds(alert.first_seen), last = milliseconds(alert.last_seen);
  const rows = [
    ["Confidence", el("span", { class: "confidence" }, meter(alert.confidence ?? 0), percent(alert.confidence ?? 0))],
    ["Sources", `${alert.source_count ?? 0} independent`],
    ["Items", `${alert.item_count ?? 1}${alert.suppressed ? `, ${alert.suppressed} not told` : ""}`],
    ["First seen", first === null ? "unknown" : clock(first)],
    ["Latest", last === null ? "unknown" : clock(last)],
  ];
  return el("dl", { class: "facts" }, ...rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

function meter(share) {
  return el("meter", { min: 0, max: 1, value: share, "aria-label": "Confidence" });
}

function stepList(steps) {
  let headline = "";
  const rows = steps.map((step) => {
    const changed = step.headline !== headline;
    headline = step.headline;
    return el("li", {},
      el("time", { datetime: step.at ?? "" }, clock(milliseconds(step.at) ?? step.told)),
      el("span", { class: `step-severity ${known(step.severity)}` }, severityMark(step.severity),
        `${step.severity} ${step.severity_score.toFixed(1)}`),
      el("span", { class: "step-why" }, stepWords(step), step.suppressed ? `, ${step.suppressed} more not told` : ""),
      changed ? el("span", { class: "step-headline" }, wire(headline)) : null);
  });
  return el("ol", { class: "steps", reversed: true }, ...rows.reverse());
}

function cueBlock(cue) {
  return el("div", { class: "cue-block" },
    el("p", { class: "cue-name" },
      el("strong", {}, cueWord(cue.cue)),
      el("span", { class: "modality" }, cue.modality),
      el("span", { class: "share" }, percent(cue.probability)),
      cue.plover ? el("span", { class: "plover", title: "Root and score of the PLOVER event ontology, -10 to +10" }, `${cue.plover} ${cue.severity}`) : null),
    // A card's evidence is one sentence, a whole alert's are several.
    ...[cue.evidence ?? []].flat().map((evidence) => el("blockquote", {}, marked(evidence.text, evidence.terms ?? []),
      evidence.probability === undefined ? null
        : el("span", { class: "share", title: "Probability of this sentence alone" }, percent(evidence.probability)))));
}

function sources(alert) {
  const names = commas((alert.sources ?? []).map((name) => wire(name)));
  const more = (alert.source_count ?? 0) - (alert.sources ?? []).length;
  const url = safeUrl(alert.url);
  return el("div", { class: "sources" },
    el("p", {}, names.length ? names : "No source is named.", more > 0 ? ` and ${more} more` : ""),
    url ? el("p", {}, link(alert.url, "Read the report at ", wire(url.hostname), el("span", { "aria-hidden": "true" }, " ↗"))) : null);
}

function mentioned(alert) {
  const also = (alert.actors ?? []).filter((actor) => actor.role === "mentioned");
  const places = alert.places ?? [];
  if (!also.length && !places.length) return null;
  return section("Also named", el("p", {}, commas([...also.map((actor) => wire(actor.name)), ...places.map((place) => wire(place))])));
}

function technical(alert) {
  const rows = [["Alert", alert.id], ["Incident", alert.incident], ["Key", alert.key],
    ["Model", `${alert.model?.version ?? ""} ${(alert.model?.digest ?? "").slice(0, 12)}`]];
  return el("details", { class: "technical" }, el("summary", {}, "Identifiers"),
    el("dl", {}, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, wire(value))])));
}
