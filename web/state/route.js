// The current page, from the address: `#/`, `#/sessions/<id>`, `#/people/<id>`, each with a query of its own.

import { Store } from "./store.js";

/**
 * What a page does when it is to be left: whether it has something to lose, and, if so, whether it may be left.
 * @typedef {{ isNeeded(): boolean, mayGo(): Promise<boolean> }} Guard
 */

class Route extends Store {
  /** @type {Guard | null} */
  #guard = null;
  #current = location.hash || "#/";
  /** Where this page stands among those the tab can go back to. */
  #position = positionOf(history.state) ?? 0;
  #isAsking = false;
  /** @type {(() => void) | null} */
  #arrived = null;

  constructor() {
    super();
    this.#mark();
    addEventListener("hashchange", () => this.#move());
  }

  /** The kind of page the address names, and its id; `broken` if the address cannot be read. */
  get place() {
    const [path] = this.#parts;
    const [, kind = "", id = ""] = path.split("/");
    try {
      return { kind, id: decodeURIComponent(id) };
    } catch {
      return { kind: "broken", id: "" };
    }
  }

  /** What the page is narrowed to. */
  get query() {
    return new URLSearchParams(this.#parts[1]);
  }

  /**
   * Narrow the page. The address says so, so that Back and a link lead to the same again.
   *
   * @param {Record<string, string>} wanted
   */
  narrow(wanted) {
    const query = this.query;
    for (const [name, value] of Object.entries(wanted)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    const [path] = this.#parts;
    this.#current = query.size ? `${path}?${query}` : path;
    this.#mark();
    this.changed();
  }

  /** @param {Guard} guard Asked before the page is left. */
  watch(guard) {
    this.#guard = guard;
    return () => {
      this.#guard = null;
    };
  }

  /** Whether this page may be left. */
  async mayLeave() {
    return !this.#guard?.isNeeded() || this.#guard.mayGo();
  }

  get #parts() {
    const [path, query = ""] = this.#current.split("?");
    return [path, query];
  }

  /** Write address and position into the history. */
  #mark() {
    try {
      history.replaceState({ position: this.#position }, "", this.#current);
    } catch (failure) {
      // Safari lets a page do so a hundred times in half a minute; the next key writes what this one could not.
      if (failure.name !== "SecurityError") throw failure;
    }
  }

  async #move() {
    if (this.#arrived) return this.#arrived();
    const wanted = location.hash || "#/";
    // A page without a position is new: it comes after the one that was left.
    const position = positionOf(history.state) ?? this.#position + 1;
    if (wanted === this.#current) return;
    if (this.#guard?.isNeeded() && !(await this.#mayGo(position - this.#position))) return;
    this.#current = wanted;
    this.#position = position;
    this.#mark();
    this.changed();
  }

  /**
   * Ask on the page that is to be left. The history stays as it is, whatever the answer.
   *
   * @param {number} steps from that page to where the person wants to go
   */
  async #mayGo(steps) {
    await this.#go(-steps);
    if (this.#isAsking) return false;
    this.#isAsking = true;
    const may = await this.mayLeave();
    this.#isAsking = false;
    if (may) await this.#go(steps);
    return may;
  }

  /** @param {number} steps */
  async #go(steps) {
    // To go nowhere would load the page anew.
    if (!steps) return;
    await new Promise((resolve) => {
      this.#arrived = () => {
        this.#arrived = null;
        resolve(null);
      };
      history.go(steps);
    });
  }
}

/** @param {{ position?: number } | null} state */
function positionOf(state) {
  return state?.position;
}

export const route = new Route();

/** @param {string} id */
export const sessionHref = (id) => `#/sessions/${encodeURIComponent(id)}`;
/** @param {string} id */
export const personHref = (id) => `#/people/${encodeURIComponent(id)}`;
