// The connection: what was so far, then events as they come, from where we were when it broke.

const BEAT_MS = 40_000;
const RETRY_MS = 2000;

export class Stream {
  /** @param on handlers: loaded(alerts), alert(alert), tension(pairs), state(name) */
  constructor(on) {
    this.on = on;
    this.position = null;
    this.fresh = true;
    this.source = null;
    this.timer = 0;
    // A connection that died without a word (a laptop that slept) is found by its silence.
    setInterval(() => this.source && Date.now() - this.heard > BEAT_MS && this.connect(), 5000);
    window.addEventListener("online", () => this.source && this.connect());
  }

  /** Load all anew, then follow. */
  async load() {
    this.drop();
    try {
      const [alerts, tension] = await Promise.all([get("api/alerts"), get("api/tension")]);
      this.position = alerts.position;
      this.on.loaded(alerts.alerts, tension.pairs);
      this.connect();
    } catch {
      this.state("lost");
      this.later(() => this.load());
    }
  }

  connect() {
    this.drop();
    this.heard = Date.now();
    const source = new EventSource(`api/events?position=${encodeURIComponent(this.position)}`);
    this.source = source;
    const take = (kind, act) => source.addEventListener(kind, (event) => {
      this.heard = Date.now();
      if (event.lastEventId) this.position = event.lastEventId;
      act?.(JSON.parse(event.data));
    });
    take("hello", () => this.greeted());
    take("alert", (alert) => this.on.alert(alert));
    take("tension", (pairs) => this.on.tension(pairs));
    take("state", ({ fresh }) => this.state(fresh ? "live" : "stale"));
    take("beat");
    take("reset", () => this.load());
    take("resume", () => this.connect());
    source.onerror = () => {
      this.state("lost");
      this.again = true;
      // The browser tries again by itself after a broken connection, but not after a refusal.
      if (source.readyState === EventSource.CLOSED) this.later(() => this.connect());
    };
  }

  // Tension is what holds now and is not replayed: it is asked for after every break.
  async greeted() {
    this.state("live");
    if (!this.again) return;
    this.again = false;
    try {
      this.on.tension((await get("api/tension")).pairs);
    } catch {
      this.again = true;
    }
  }

  state(name) {
    this.on.state(name);
  }

  drop() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  later(act) {
    this.drop();
    this.timer = setTimeout(act, RETRY_MS * (0.5 + Math.random()));
  }
}

/** The JSON of an address of ours. */
export async function get(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}
