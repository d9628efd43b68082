// All alerts of the page, grouped by incident. A step that comes twice counts once.

export class Incidents {
  constructor() {
    this.byId = new Map();
    this.alerts = 0;
  }

  /** Take an alert; return its incident, or null when the step was there already. */
  take(alert) {
    let incident = this.byId.get(alert.incident);
    if (!incident) {
      incident = { id: alert.incident, steps: [], latest: alert, told: 0 };
      this.byId.set(alert.incident, incident);
    }
    if (incident.steps.some((step) => step.id === alert.id)) return null;
    incident.steps.push(alert);
    incident.steps.sort((a, b) => a.number - b.number);
    incident.latest = incident.steps.at(-1);
    incident.told = Math.max(incident.told, alert.told);
    this.alerts += 1;
    return incident;
  }

  get(id) {
    return this.byId.get(id);
  }

  /** The incidents that pass a test, the one told last first. */
  ordered(passes) {
    return [...this.byId.values()].filter(passes).sort((a, b) => b.told - a.told);
  }

  /** The states that are named, code to name. */
  countries() {
    const found = new Map();
    for (const { latest } of this.byId.values()) {
      for (const actor of latest.actors ?? []) found.set(actor.code, actor.name);
    }
    return found;
  }
}
