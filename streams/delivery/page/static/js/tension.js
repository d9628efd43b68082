// Tension per pair: a list with the course of a week, and a matrix of who against whom.

import { byId, el, refill, svg, wire } from "./dom.js";
import { ago, clock, milliseconds, plural, stateName } from "./words.js";

const MOST = 40;

export class Tension {
  /** @param {(first: string, second: string) => void} choose called when a pair is chosen */
  constructor(choose) {
    this.choose = choose;
    this.pairs = new Map();
    this.window = "24h";
    this.windows = [];
  }

  /** Take what holds between pairs now. */
  take(pairs) {
    for (const pair of pairs) this.pairs.set(pair.pair.join("-"), pair);
    this.show();
  }

  /** The pairs, the tensest first. */
  ranked() {
    const value = (pair) => pair.value[this.window] ?? 0;
    return [...this.pairs.values()].filter((pair) => value(pair) >= 0.05).sort((a, b) => value(b) - value(a));
  }

  show() {
    this.showWindows();
    const ranked = this.ranked();
    const top = Math.max(1, ...ranked.flatMap((pair) => pair.course?.[this.window] ?? pair.value[this.window]));
    const rows = ranked.slice(0, MOST).map((pair) => this.row(pair, top));
    refill(byId("pairs"), ...(rows.length
      ? [el("ol", { class: "pair-list" }, ...rows), this.matrix() ?? ""]
      : [el("p", { class: "empty" }, "No tension between states in this window.")]));
  }

  showWindows() {
    const names = [...new Set([...this.pairs.values()].flatMap((pair) => Object.keys(pair.value)))];
    names.sort((a, b) => seconds(a) - seconds(b));
    if (names.join() === this.windows.join() && byId("windows").childElementCount) return;
    this.windows = names;
    if (names.length && !names.includes(this.window)) this.window = names[0];
    byId("windows").replaceChildren(...names.map((name) =>
      el("button", { type: "button", "aria-pressed": name === this.window ? "true" : "false", onclick: (event) => {
        this.window = name;
        for (const each of byId("windows").children) each.setAttribute("aria-pressed", each === event.target ? "true" : "false");
        this.show();
      } }, name)));
  }

  row(pair, top) {
    const [first, second] = pair.pair;
    const value = pair.value[this.window];
    const at = milliseconds(pair.at) ?? 0;
    return el("li", {}, el("button", { type: "button", "data-key": pair.pair.join("-"), class: "pair", onclick: () => this.choose(first, second) },
      el("span", { class: "pair-names" }, wire(stateName(first)), el("span", { class: "dash", "aria-hidden": "true" }, " – "), wire(stateName(second))),
      el("span", { class: "pair-value" }, value.toFixed(1), el("span", { class: "hidden" }, ` tension in ${this.window}`)),
      this.sparkline(pair, top),
      el("span", { class: "pair-signals" }, plural(pair.signals[this.window] ?? 0, "signal"), " · ",
        el("time", { "data-told": at, title: clock(at) }, ago(at)))));
  }

  // One point for each hop of the window, on one scale for all pairs.
  sparkline(pair, top) {
    const course = pair.course?.[this.window] ?? [0, pair.value[this.window]];
    const step = 116 / Math.max(1, course.length - 1);
    const y = (value) => (25 - (Math.min(value, top) / top) * 22).toFixed(1);
    const line = course.map((value, rank) => `${rank ? "L" : "M"}${(2 + rank * step).toFixed(1)} ${y(value)}`).join("");
    return svg("svg", { class: "spark", viewBox: "0 0 120 28", preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("path", { d: `${line}V26H2Z`, class: "area" }),
      svg("path", { d: line, class: "line" }),
      // A line without length and with round ends: a dot that stays round when the chart is stretched.
      svg("path", { d: `M118 ${y(course.at(-1) ?? 0)}h0`, class: "end" }));
  }

  // Each state once at the side and once on top; a cell has its number, so that shade is not all.
  matrix() {
    const ranked = this.ranked();
    if (ranked.length < 3) return null;
    const top = Math.max(1, ranked[0].value[this.window]);
    const codes = [...new Set(ranked.slice(0, 12).flatMap((pair) => pair.pair))].slice(0, 12).sort();
    const of = (a, b) => this.pairs.get([a, b].sort().join("-"));
    const head = el("tr", {}, el("td", {}), ...codes.map((code) => el("th", { scope: "col", title: stateName(code) }, code)));
    const rows = codes.map((row, y) => el("tr", {}, el("th", { scope: "row", title: stateName(row) }, row),
      ...codes.map((column, x) => {
        const value = x < y ? of(row, column)?.value[this.window] ?? 0 : 0;
        if (value < 0.05) return el("td", { class: x === y ? "self" : null });
        const level = Math.min(4, 1 + Math.floor((value / top) * 4));
        return el("td", { class: `level-${level}`, title: `${stateName(row)} – ${stateName(column)}` }, String(Math.round(value)));
      })));
    return el("div", { class: "matrix" }, el("table", {},
      el("caption", {}, `Who with whom, last ${this.window}`), el("thead", {}, head), el("tbody", {}, ...rows)));
  }
}

const UNITS = { m: 60, h: 3600, d: 86_400 };
const seconds = (name) => parseInt(name, 10) * (UNITS[name.at(-1)] ?? 1);
