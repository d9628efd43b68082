// What is shown, kept in the address so that a view can be shared.

import { byId, el, plain } from "./dom.js";
import { severityMark } from "./severity.js";
import { SEVERITIES, cueWord, words } from "./words.js";

const HOUR = 3_600_000;
const WITHIN = {
  "": ["Any time", Infinity],
  "1h": ["Last hour", HOUR],
  "6h": ["Last 6 hours", 6 * HOUR],
  "24h": ["Last 24 hours", 24 * HOUR],
  "3d": ["Last 3 days", 72 * HOUR],
  "7d": ["Last 7 days", 168 * HOUR],
};

export class Filters {
  /** @param {() => void} changed called after each change, by hand or by the address */
  constructor(changed) {
    this.changed = changed;
    this.state = read(location.hash);
    this.countries = new Map();
    this.build();
    window.addEventListener("hashchange", () => {
      this.state = read(location.hash);
      this.show();
      this.changed();
    });
  }

  build() {
    byId("severities").append(...SEVERITIES.map((severity) =>
      el("label", { class: `severity-box ${severity}` },
        el("input", { type: "checkbox", value: severity, onchange: () => this.bySeverity() }),
        severityMark(severity), severity)));
    fill(byId("cue"), [["", "Any cue"], ...Object.keys(words().cues).map((cue) => [cue, cueWord(cue)])]);
    fill(byId("within"), Object.entries(WITHIN).map(([value, [label]]) => [value, label]));
    this.offerCountries(new Map());
    for (const name of ["cue", "country", "within"]) {
      byId(name).addEventListener("change", (event) => this.set({ [name]: event.target.value }));
    }
    byId("q").addEventListener("input", (event) => this.set({ q: event.target.value }));
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    byId("filters").addEventListener("reset", (event) => {
      event.preventDefault();
      this.set({ q: "", severity: "", cue: "", country: "", within: "" });
      byId("q").focus();
    });
    this.show();
  }

  bySeverity() {
    const boxes = [...byId("severities").querySelectorAll("input:checked")];
    const chosen = boxes.map((box) => box.value);
    this.set({ severity: chosen.length === SEVERITIES.length ? "" : chosen.join(",") || "none" });
  }

  /** Change some of the state; the address follows without a step in the history. */
  set(change) {
    this.state = { ...this.state, ...change };
    history.replaceState(null, "", written(this.state) || location.pathname + location.search);
    this.show();
    this.changed();
  }

  /** Offer the states that are in the news, keeping the one that is chosen. */
  offerCountries(found) {
    const chosen = this.state.country;
    if (chosen && !found.has(chosen)) found = new Map([...found, [chosen, words().states[chosen] ?? chosen]]);
    if (found.size === this.countries.size && this.countries.size) return;
    this.countries = found;
    const named = [...found].map(([code, name]) => [code, plain(name)]);
    named.sort((a, b) => a[1].localeCompare(b[1]));
    fill(byId("country"), [["", "Any country"], ...named]);
    byId("country").value = chosen;
  }

  show() {
    const { q, severity, cue, country, within } = this.state;
    const chosen = severity ? severity.split(",") : SEVERITIES;
    for (const box of byId("severities").querySelectorAll("input")) box.checked = chosen.includes(box.value);
    if (byId("q").value !== q) byId("q").value = q;
    byId("cue").value = cue;
    byId("country").value = country;
    byId("within").value = within;
    byId("clear").hidden = !(q || severity || cue || country || within);
  }

  /** A test of an incident under the present state. */
  test(now = Date.now()) {
    const { severity, cue, country, within, q } = this.state;
    const since = now - (WITHIN[within] ?? WITHIN[""])[1];
    const parts = q.toLowerCase().split(/\s+/).filter(Boolean);
    return ({ latest, told }) =>
      (!severity || severity.split(",").includes(latest.severity)) &&
      (!cue || (latest.cues ?? []).some((each) => each.cue === cue)) &&
      (!country || (latest.actors ?? []).some((each) => each.code === country)) &&
      told >= since &&
      parts.every((part) => haystack(latest).includes(part));
  }
}

const haystacks = new WeakMap();

function haystack(alert) {
  let text = haystacks.get(alert);
  if (text === undefined) {
    const names = (alert.actors ?? []).map((actor) => `${actor.name} ${actor.code}`);
    text = [alert.headline, ...(alert.sources ?? []), ...names].join(" ").toLowerCase();
    haystacks.set(alert, text);
  }
  return text;
}

function fill(select, options) {
  select.replaceChildren(...options.map(([value, label]) => el("option", { value }, label)));
}

const NAMES = ["severity", "cue", "country", "within", "q", "incident"];

function read(hash) {
  const told = new URLSearchParams(hash.slice(1));
  return Object.fromEntries(NAMES.map((name) => [name, told.get(name) ?? ""]));
}

function written(state) {
  const parts = NAMES.filter((name) => state[name]).map((name) => `${name}=${encodeURIComponent(state[name])}`);
  return parts.length ? `#${parts.join("&").replaceAll("%2C", ",")}` : "";
}
