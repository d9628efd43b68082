// What the shown incidents come to: when, how severe, which cues. Each bar is also a filter.

import { byId, el, refill, svg } from "./dom.js";
import { known, severityMark } from "./severity.js";
import { SEVERITIES, clock, cueWord, milliseconds, plural } from "./words.js";

const BINS = 48, WIDTH = 640, HEIGHT = 96, BASE = 78;

/** Fill the middle of the desk while no incident is open. `set` changes the filters. */
export function showOverview(shown, matrix, set) {
  const steps = shown.flatMap((incident) => incident.steps);
  const pane = byId("detail");
  pane.removeAttribute("aria-labelledby");
  pane.setAttribute("aria-label", "Overview");
  refill(pane, el("div", { class: "detail-page overview" },
    el("h2", {}, "Overview"),
    el("p", { class: "lead" }, `${plural(shown.length, "incident")}, ${plural(steps.length, "alert")}`),
    steps.length ? histogram(steps) : "",
    el("div", { class: "columns" },
      bars("By severity", SEVERITIES, (incident) => [incident.latest.severity], shown,
        (severity) => [severityMark(severity), severity], (severity) => set({ severity })),
      bars("By cue", null, (incident) => (incident.latest.cues ?? []).map((cue) => cue.cue), shown,
        (cue) => [cueWord(cue)], (cue) => set({ cue }))),
    matrix ?? ""));
}

function bars(title, names, of, shown, label, choose) {
  const counts = new Map((names ?? []).map((name) => [name, 0]));
  for (const name of shown.flatMap(of)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const rows = names ? [...counts] : [...counts].sort((a, b) => b[1] - a[1]);
  const most = Math.max(1, ...counts.values());
  return el("section", { class: "part" }, el("h3", {}, title),
    el("ul", {}, ...rows.map(([name, count]) => el("li", {},
      el("button", { type: "button", "data-key": `bar-${name}`, class: `bar ${known(name)}`, onclick: () => choose(name) },
        el("span", { class: "bar-name" }, ...label(name)),
        svg("svg", { class: "bar-line", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
          svg("rect", { width: (count / most) * 100, height: 8 })),
        el("span", { class: "bar-count" }, String(count)))))));
}

// Alerts over time, stacked by severity with the most severe at the bottom.
function histogram(steps) {
  // By when it happened, which a replay tells days later.
  const at = (step) => milliseconds(step.at) ?? step.told;
  const times = steps.map(at);
  const from = Math.min(...times);
  const span = Math.max(Math.max(...times) - from, 60_000);
  const bins = Array.from({ length: BINS }, () => new Map());
  for (const step of steps) {
    const bin = bins[Math.min(BINS - 1, Math.floor(((at(step) - from) / span) * BINS))];
    bin.set(known(step.severity), (bin.get(known(step.severity)) ?? 0) + 1);
  }
  const most = Math.max(...bins.map((bin) => [...bin.values()].reduce((a, b) => a + b, 0)));
  const chart = svg("svg", { class: "histogram", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img",
    "aria-label": `Alerts from ${clock(from)} to ${clock(from + span)}, at most ${most} in one of ${BINS} bars` });
  const width = WIDTH / BINS;
  bins.forEach((bin, rank) => {
    let top = BASE;
    for (const severity of SEVERITIES) {
      const height = ((bin.get(severity) ?? 0) / most) * (BASE - 4);
      if (!height) continue;
      top -= height;
      chart.append(svg("rect", { class: severity, x: rank * width + 1, y: top, width: width - 2, height }));
    }
  });
  chart.append(svg("line", { x1: 0, x2: WIDTH, y1: BASE + 0.5, y2: BASE + 0.5, class: "grid" }),
    svg("text", { x: 0, y: HEIGHT - 4 }, clock(from)),
    svg("text", { x: WIDTH, y: HEIGHT - 4, "text-anchor": "end" }, clock(from + span)));
  return el("div", { class: "part" }, el("h3", {}, "Alerts over time"), chart);
}
