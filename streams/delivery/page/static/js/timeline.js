// The life of an incident as a line: severity over time, a mark for each step.

import { el, svg } from "./dom.js";
import { known } from "./severity.js";
import { clock, milliseconds, words } from "./words.js";

const at = (step) => milliseconds(step.at) ?? step.told;

/** A line of a few characters' size for a card. */
export function courseLine(steps) {
  const { points } = laidOut(steps, 56, 14, 2);
  const last = points.at(-1);
  return svg("svg", { class: `course ${known(steps.at(-1).severity)}`, viewBox: "0 0 60 18", role: "img",
    "aria-label": `Severity over ${steps.length} steps, now ${steps.at(-1).severity_score.toFixed(1)} of 10` },
  svg("path", { d: path(points), class: "line" }),
  svg("circle", { cx: last.x, cy: last.y, r: 2.2, class: "end" }));
}

const HEIGHT = 150, LEFT = 62, RIGHT = 14, TOP = 10, BOTTOM = 26;

/** The chart of the detail, so many pixels wide: words of severity at the side, times below, steps as marks. */
export function timelineChart(steps, width) {
  const wide = Math.max(300, width);
  const { points, from, to } = laidOut(steps, wide - LEFT - RIGHT, HEIGHT - TOP - BOTTOM, 0);
  const placed = points.map((point) => ({ ...point, x: point.x + LEFT, y: point.y + TOP }));
  const chart = svg("svg", { class: "timeline", viewBox: `0 0 ${wide} ${HEIGHT}`, role: "img",
    "aria-label": `Severity of ${steps.length} steps from ${clock(from)} to ${clock(to)}; the list below says each` });
  for (const { word, from: least } of words().severities) {
    const y = TOP + (HEIGHT - TOP - BOTTOM) * (1 - least / 10);
    chart.append(
      svg("line", { x1: LEFT, x2: wide - RIGHT, y1: y, y2: y, class: "grid" }),
      svg("text", { x: LEFT - 8, y: y - 3, class: "side" }, word));
  }
  chart.append(svg("path", { d: path(placed), class: "line" }));
  placed.forEach((point, rank) => chart.append(mark(point, steps[rank])));
  const ends = from === to ? [[LEFT, from, "start"]] : [[LEFT, from, "start"], [wide - RIGHT, to, "end"]];
  for (const [x, when, anchor] of ends) {
    chart.append(svg("text", { x, y: HEIGHT - 6, class: "below", "text-anchor": anchor }, clock(when)));
  }
  return el("div", { class: "chart" }, chart);
}

// A circle for news, a square for what is calm again: shape and not colour alone.
function mark(point, step) {
  const style = `mark ${known(step.severity)}`;
  if (step.step === "cooled" || step.step === "closed") {
    return svg("rect", { x: point.x - 4, y: point.y - 4, width: 8, height: 8, class: style });
  }
  return svg("circle", { cx: point.x, cy: point.y, r: step.step === "opened" ? 5.5 : 4.5, class: style });
}

function laidOut(steps, width, height, margin) {
  const from = at(steps[0]);
  const to = Math.max(...steps.map(at));
  const span = to - from || 1;
  const points = steps.map((step) => ({
    x: margin + (steps.length === 1 ? 0 : Math.max(0, at(step) - from) / span) * width,
    y: margin + height * (1 - Math.min(10, Math.max(0, step.severity_score)) / 10),
  }));
  return { points, from, to };
}

// Severity holds until the next step says otherwise, so the line goes in steps.
function path(points) {
  return points.map(({ x, y }, rank) => (rank ? `H${x.toFixed(1)}V${y.toFixed(1)}` : `M${x.toFixed(1)} ${y.toFixed(1)}`)).join("");
}
