// Whether the page is being printed: then all rows are there, and not only those in sight.

import { useEffect, useState } from "../vendor/htm-preact.js";

export function usePrinting() {
  const [isPrinting, set] = useState(false);
  useEffect(() => {
    const paper = matchMedia("print");
    const look = () => set(paper.matches);
    const begin = () => set(true);
    const end = () => set(false);
    paper.addEventListener("change", look);
    addEventListener("beforeprint", begin);
    addEventListener("afterprint", end);
    return () => {
      paper.removeEventListener("change", look);
      removeEventListener("beforeprint", begin);
      removeEventListener("afterprint", end);
    };
  }, []);
  const start = async () => {
    set(true);
    // One frame later, so that all rows are drawn by then.
    await new Promise(requestAnimationFrame);
    print();
  };
  return { isPrinting, print: start };
}
