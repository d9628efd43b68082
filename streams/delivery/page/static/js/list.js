// The list of incidents: only as many cards as the reader has scrolled to, each updated in place.

import { byId, el } from "./dom.js";
import { fillCard } from "./card.js";
import { plural } from "./words.js";

const STEP = 40;

export class List {
  /** @param {(id: string) => void} open called when a card is chosen */
  constructor(open) {
    this.open = open;
    this.feed = byId("feed");
    this.cards = new Map();
    this.dirty = new Set();
    this.order = [];
    this.limit = STEP;
    this.selected = "";
    this.fresh = 0;
    new IntersectionObserver((seen) => {
      if (seen.some((entry) => entry.isIntersecting)) this.showMore();
    }, { root: this.scroller, rootMargin: "800px" }).observe(byId("more"));
    byId("new").addEventListener("click", () => this.toTop());
    this.scroller.addEventListener("scroll", () => this.scrolled() || this.forget(), { passive: true });
  }

  get scroller() {
    return byId("incidents");
  }

  /** Say that an incident has changed since its card was filled. */
  touch(id) {
    this.dirty.add(id);
  }

  /** Show these incidents in this order. */
  show(order) {
    this.order = order;
    this.render();
    byId("empty").hidden = order.length > 0;
  }

  showMore() {
    if (this.limit >= this.order.length) return;
    this.limit += STEP;
    this.render();
  }

  render() {
    const shown = this.order.slice(0, this.limit);
    const wanted = new Set(shown.map((incident) => incident.id));
    const focused = document.activeElement?.closest?.(".card");
    for (const [id, card] of this.cards) {
      if (wanted.has(id)) continue;
      card.remove();
      this.cards.delete(id);
    }
    let before = this.feed.firstElementChild;
    shown.forEach((incident, rank) => {
      const card = this.card(incident);
      card.setAttribute("aria-posinset", rank + 1);
      card.setAttribute("aria-setsize", this.order.length);
      if (card === before) before = before.nextElementSibling;
      else this.feed.insertBefore(card, before);
    });
    // A card that moves in the document loses the focus that was in it.
    if (focused?.isConnected && !focused.contains(document.activeElement)) this.focus(focused);
  }

  card(incident) {
    let card = this.cards.get(incident.id);
    if (card && !this.dirty.delete(incident.id)) return card;
    if (!card) {
      card = el("article", { "data-id": incident.id, tabindex: "-1" });
      this.cards.set(incident.id, card);
      this.dirty.delete(incident.id);
    }
    fillCard(card, incident, this.open);
    card.classList.toggle("selected", incident.id === this.selected);
    return card;
  }

  select(id) {
    this.selected = id;
    for (const [each, card] of this.cards) card.classList.toggle("selected", each === id);
  }

  /** The incident `by` places from the focused or selected one; more cards are made when needed. */
  neighbour(by) {
    const current = document.activeElement?.closest?.(".card")?.dataset.id ?? this.selected;
    const rank = this.order.findIndex((incident) => incident.id === current);
    const next = rank < 0 ? 0 : Math.min(this.order.length - 1, Math.max(0, rank + by));
    if (next >= this.limit - 1) this.showMore();
    return this.order[next]?.id;
  }

  /** Put the focus on an incident's card. */
  focusOn(id) {
    const card = this.cards.get(id);
    if (card) this.focus(card);
    return Boolean(card);
  }

  focus(card) {
    card.querySelector(".open").focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  /** Tell a reader who has scrolled down that there is news at the top. */
  note(count) {
    if (!this.scrolled()) return;
    this.fresh += count;
    byId("new").textContent = `↑ ${plural(this.fresh, "new alert")}`;
    byId("new").hidden = false;
  }

  scrolled() {
    return Math.max(this.scroller.scrollTop, document.documentElement.scrollTop) > 120;
  }

  forget() {
    this.fresh = 0;
    byId("new").hidden = true;
  }

  toTop() {
    this.scroller.scrollTo({ top: 0 });
    window.scrollTo({ top: 0 });
    this.forget();
    this.focusOn(this.order[0]?.id);
  }
}
