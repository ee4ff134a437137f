// State that lives longer than a view of it: views subscribe and draw themselves again.

import { useLayoutEffect, useState } from "./vendor/htm-preact.js";

export class Store {
  #views = new Set();

  subscribe(view) {
    this.#views.add(view);
    return () => this.#views.delete(view);
  }

  changed() {
    for (const view of [...this.#views]) view();
  }
}

/** Draw the calling component again whenever `store` changes. */
export function useStore(store) {
  const [, redraw] = useState(0);
  useLayoutEffect(() => store.subscribe(() => redraw((count) => count + 1)), [store]);
  return store;
}
