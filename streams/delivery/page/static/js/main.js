// Where the parts meet: events go into the incidents, and what changed is drawn once a frame.

import { announce } from "./announce.js";
import { fetchIncident, showDetail, showMissing } from "./detail.js";
import { byId } from "./dom.js";
import { Filters } from "./filters.js";
import { Incidents } from "./incidents.js";
import { listen } from "./keys.js";
import { List } from "./list.js";
import { showOverview } from "./overview.js";
import { Stream, get } from "./stream.js";
import { Tension } from "./tension.js";
import { ago, learn, plural } from "./words.js";

const STATES = {
  connecting: "Connecting",
  live: "Live",
  lost: "Connection lost, trying again",
  stale: "No news: the broker does not answer",
};

let incidents = new Incidents();
let open = "";
let drawing = false;
let unseen = 0;
let focusNext = false;

const filters = { of: null };
const list = new List((id) => choose(id, true));
const tension = new Tension((first, second) => {
  go("incidents");
  filters.of.set({ country: filters.of.state.country === first ? second : first });
});
const stream = new Stream({
  loaded(alerts, pairs) {
    incidents = new Incidents();
    for (const alert of alerts) list.touch(incidents.take(alert)?.id);
    tension.take(pairs);
    byId("feed").setAttribute("aria-busy", "false");
    document.body.dataset.loaded = "true";
    drawSoon();
    follow();
  },
  alert(alert) {
    const incident = incidents.take(alert);
    if (!incident) return;
    list.touch(incident.id);
    if (filters.of.test()(incident)) {
      announce(alert);
      list.note(1);
      countUnseen(1);
    }
    if (incident.id === open) draw(incident.id);
    drawSoon();
  },
  tension(pairs) {
    tension.take(pairs);
    if (!open) drawSoon();
  },
  state(name) {
    byId("connection").dataset.state = name;
    byId("connection-text").textContent = STATES[name];
  },
});

function drawSoon() {
  if (drawing) return;
  drawing = true;
  // A hidden page gets no frames; its list is drawn when it is looked at.
  requestAnimationFrame(() => {
    drawing = false;
    drawList();
  });
}

function drawList() {
  filters.of.offerCountries(incidents.countries());
  const shown = incidents.ordered(filters.of.test());
  list.show(shown);
  if (!open) showOverview(shown, tension.matrix(), (change) => filters.of.set(change));
  const all = incidents.byId.size;
  byId("count").textContent = shown.length === all ? plural(all, "incident") : `${shown.length} of ${plural(all, "incident")}`;
  byId("empty").textContent = all ? "No incident passes these filters." : "No alerts yet. They appear here as they are published.";
}

/** Open an incident, or none; the address follows, and with it what is shown. */
function choose(id, focus) {
  if (id && id === open) draw(id, focus);
  focusNext = focus;
  filters.of.set({ incident: id });
  focusNext = false;
}

/** Open what the address says. */
function follow() {
  const id = filters.of.state.incident;
  if (id === open && byId("detail").childElementCount) return;
  open = id;
  list.select(id);
  document.body.classList.toggle("reading", id !== "");
  if (id) draw(id, focusNext);
  else drawSoon();
}

let drawn = Promise.resolve();
let again = "";

/** Draw the open incident; in a storm of its steps, once for all that came meanwhile. */
function draw(id, focus = false) {
  if (again === id && !focus) return;
  again = id;
  drawn = drawn.then(() => {
    again = "";
    return drawNow(id, focus);
  });
}

async function drawNow(id, focus) {
  if (id !== open) return;
  // Without the server, what the list knows of it must do.
  const steps = await fetchIncident(id).catch(() => incidents.get(id)?.steps ?? null);
  if (id !== open) return;
  const held = document.activeElement?.id === "detail-title";
  if (!steps) {
    showMissing(close);
    return;
  }
  const title = showDetail(steps, close);
  if (focus || held) title.focus({ preventScroll: held && !focus });
}

function close() {
  const id = open;
  choose("", false);
  if (id) list.focusOn(id);
}

function next(by) {
  const id = list.neighbour(by);
  if (!id || !list.focusOn(id)) return;
  if (open) choose(id, false);
}

function go(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("[data-go]")) {
    if (button.dataset.go === view) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
}

// The tab says how many alerts have come since it was looked at.
function countUnseen(more) {
  unseen = document.hidden ? unseen + more : 0;
  document.title = unseen ? `(${unseen}) Escalation Signals` : "Escalation Signals";
}

function tellTimes() {
  const now = Date.now();
  for (const time of document.querySelectorAll("time[data-told]")) time.textContent = ago(Number(time.dataset.told), now);
}

async function begin() {
  for (;;) {
    try {
      learn(await get("api/about"));
      break;
    } catch {
      stream.state("lost");
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
  filters.of = new Filters(() => {
    drawSoon();
    follow();
  });
  listen({ next, close });
  byId("skip").addEventListener("click", () => list.focusOn(list.order[0]?.id) || byId("incidents").focus());
  for (const button of document.querySelectorAll("[data-go]")) button.addEventListener("click", () => go(button.dataset.go));
  document.addEventListener("visibilitychange", () => countUnseen(0));
  setInterval(tellTimes, 15_000);
  // Filters by time let incidents go as time passes.
  setInterval(drawSoon, 60_000);
  await stream.load();
}

begin();
