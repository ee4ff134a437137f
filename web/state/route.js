// The current page, from the address: `#/`, `#/sessions/<id>`, `#/people/<id>`.

import { Store } from "./store.js";

class Route extends Store {
  /** @type {(() => Promise<boolean>) | null} */
  #guard = null;
  #current = location.hash;

  constructor() {
    super();
    addEventListener("hashchange", () => this.#move());
  }

  /** The kind of page the address names, and its id. */
  get place() {
    const [, kind = "", id = ""] = this.#current.replace(/^#/, "").split("/");
    return { kind, id: decodeURIComponent(id) };
  }

  /**
   * Ask `guard` before the page is left; it resolves to whether it may be.
   *
   * @param {() => Promise<boolean>} guard
   */
  watch(guard) {
    this.#guard = guard;
    return () => {
      this.#guard = null;
    };
  }

  /** Whether this page may be left. */
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

/** @param {string} id */
export const sessionHref = (id) => `#/sessions/${encodeURIComponent(id)}`;
/** @param {string} id */
export const personHref = (id) => `#/people/${encodeURIComponent(id)}`;
