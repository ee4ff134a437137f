// The base of all state: views subscribe to a store and draw again when it changes.

export class Store {
  /** @type {Set<() => void>} */
  #views = new Set();

  /** @param {() => void} view */
  subscribe(view) {
    this.#views.add(view);
    return () => this.#views.delete(view);
  }

  changed() {
    for (const view of [...this.#views]) view();
  }
}
