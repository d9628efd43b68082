// The keyboard. Keys do nothing while somebody types or a dialog is open.

import { byId } from "./dom.js";

/** @param act what the keys do: next(by), close() */
export function listen(act) {
  const keys = {
    j: () => act.next(1),
    k: () => act.next(-1),
    "/": () => byId("q").focus(),
    "?": () => byId("help").showModal(),
    t: () => document.dispatchEvent(new Event("escalation:theme")),
    Escape: () => act.close(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (typing) {
      if (event.key === "Escape" && event.target.id === "q") event.target.blur();
      return;
    }
    const does = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
    if (!does) return;
    event.preventDefault();
    does();
  });
  byId("help-button").addEventListener("click", () => byId("help").showModal());
}
