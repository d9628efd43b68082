// An analyst's verdict. The token is kept for this tab only and goes in a header, never in a cookie.

import { byId, el } from "./dom.js";
import { REASONS, words } from "./words.js";

const KEY = "escalation-token";
const ids = new Map();
// The form of the open incident, and the alert that it is about now.
let form = null;
let about = null;

/** The form under an incident, the same one while it is open, or null when no verdicts are taken. */
export function verdictForm(alert) {
  if (!words().feedback.offered) return null;
  if (about?.incident !== alert.incident) form = made();
  about = alert;
  return form;
}

function made() {
  const status = el("p", { class: "verdict-status", role: "status" });
  const note = el("input", { type: "text", maxlength: 2000, placeholder: "Note (optional)", "aria-label": "Note" });
  const reason = el("select", { "aria-label": "Reason to dismiss" },
    el("option", { value: "" }, "because it is …"),
    ...words().feedback.reasons.map((each) => el("option", { value: each }, REASONS[each] ?? each)));
  const give = (verdict) => async (event) => {
    event.preventDefault();
    if (verdict === "dismiss" && !reason.value) {
      status.textContent = "Choose a reason first.";
      reason.focus();
      return;
    }
    await send(about, { verdict, note: note.value, reason: verdict === "dismiss" ? reason.value : null }, status);
  };
  return el("section", { class: "part verdicts" }, el("h3", {}, "Your verdict"),
    el("form", { class: "row", onsubmit: give("confirm") },
      el("button", { type: "submit", class: "confirm" }, "✓ Confirm"),
      el("span", { class: "joined" }, el("button", { type: "button", class: "dismiss", onclick: give("dismiss") }, "✕ Dismiss"), reason),
      note),
    status);
}

async function send(alert, verdict, status) {
  const token = await askToken();
  if (!token) return;
  status.textContent = "Sending …";
  const body = JSON.stringify({ id: idOf(alert, verdict), incident: alert.incident, alert: alert.id, ...verdict });
  try {
    const answer = await fetch("api/feedback", {
      method: "POST", body, credentials: "omit",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    });
    const told = await answer.json();
    if (answer.status === 401) remember(null);
    status.textContent = answer.ok
      ? `Sent as ${told.by}. It shows here when the stream has taken it.`
      : `Not taken: ${told.error?.field ?? ""} ${told.error?.message ?? answer.statusText}`;
  } catch {
    status.textContent = "Not sent: the server cannot be reached. Try again; it will count once.";
  }
}

// The same verdict sent again after a failure has the same id, so that it counts once.
function idOf(alert, verdict) {
  const key = JSON.stringify([alert.id, verdict]);
  if (!ids.has(key)) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    ids.set(key, [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  }
  return ids.get(key);
}

function askToken() {
  const kept = sessionStorage.getItem(KEY);
  if (kept) return Promise.resolve(kept);
  const dialog = byId("token-dialog");
  byId("token").value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const token = dialog.returnValue === "use" ? byId("token").value.trim() : "";
      byId("token").value = "";
      if (token) remember(token);
      resolve(token);
    }, { once: true });
  });
}

function remember(token) {
  if (token === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
}
