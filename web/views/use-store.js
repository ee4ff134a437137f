// A hook that draws a view again when its store changes.

import { useLayoutEffect, useState } from "../vendor/htm-preact.js";

/**
 * Draw the calling component again whenever `store` changes.
 *
 * @template {import("../state/store.js").Store} T
 * @param {T} store
 */
export function useStore(store) {
  const [, redraw] = useState(0);
  useLayoutEffect(() => store.subscribe(() => redraw((count) => count + 1)), [store]);
  return store;
}
