// Looks again by itself at what others may have changed.

/**
 * Look every so often while the page is visible, and at once when it comes back into sight; one look at a time.
 *
 * @param {() => Promise<unknown>} look
 * @param {number} paceMs
 * @returns {() => void} what ends it
 */
export function lookAgain(look, paceMs) {
  let isLooking = false;
  const once = async () => {
    if (isLooking || document.visibilityState !== "visible") return;
    isLooking = true;
    // Nobody has asked for this look: if it fails, the next one may not.
    await look().catch(() => {});
    isLooking = false;
  };
  const timer = setInterval(once, paceMs);
  addEventListener("visibilitychange", once);
  return () => {
    clearInterval(timer);
    removeEventListener("visibilitychange", once);
  };
}
