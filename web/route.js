// Where in the page somebody is: `#/`, `#/sessions/<id>`, `#/people/<id>`.

import { Store } from "./store.js";

class Route extends Store {
  #guard = null;
  #current = location.hash;

  constructor() {
    super();
    addEventListener("hashchange", () => this.#move());
  }

  /** What the address names: the kind of page, and whose. */
  get place() {
    const [, kind = "", id = ""] = this.#current.replace(/^#/, "").split("/");
    return { kind, id: decodeURIComponent(id) };
  }

  go(hash) {
    location.hash = hash;
  }

  /** Ask `guard` before anybody leaves; it answers, in time, whether they may. */
  watch(guard) {
    this.#guard = guard;
    return () => {
      this.#guard = null;
    };
  }

  /** Whether whoever wants to leave this page may. */
  async mayLeave() {
    return !this.#guard || this.#guard();
  }

  async #move() {
    const wanted = location.hash;
    if (wanted === this.#current) return;
    if (this.#guard) {
      history.replaceState(null, "", this.#current || "#/");
      if (!(await this.mayLeave())) return;
      history.replaceState(null, "", wanted);
    }
    this.#current = wanted;
    this.changed();
  }
}

export const route = new Route();

export const sessionHref = (id) => `#/sessions/${encodeURIComponent(id)}`;
export const personHref = (id) => `#/people/${encodeURIComponent(id)}`;
