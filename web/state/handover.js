// One sign-in for all tabs of a browser: a new tab is given it by another, and signing out ends it in all of them.

const CHANNEL = "sign-in";
// A tab answers within some milliseconds, unless the browser has put it to sleep.
const PATIENCE_MS = 250;

/**
 * @import { Tokens } from "../network/cognito.js"
 *
 * What a tab does when another asks for the sign-in, offers one, or has ended one.
 * @typedef {{ give(): Tokens | null, offered(tokens: Tokens): void, ended(personId: string): void }} Tab
 */

export class Handover {
  #channel = new BroadcastChannel(CHANNEL);

  /** @param {Tab} tab */
  constructor(tab) {
    this.#channel.onmessage = ({ data }) => {
      if (data.ended) tab.ended(data.ended);
      else if (data.tokens) tab.offered(data.tokens);
      else this.offer(tab.give());
    };
  }

  /** Ask the other tabs, and give them time to answer. */
  async ask() {
    this.#channel.postMessage({});
    await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  }

  /** @param {Tokens | null} tokens */
  offer(tokens) {
    if (tokens) this.#channel.postMessage({ tokens });
  }

  /** @param {string} personId */
  end(personId) {
    this.#channel.postMessage({ ended: personId });
  }
}
