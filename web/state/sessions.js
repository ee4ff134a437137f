// The list of sessions, kept up to date: the latest of a status, and all unfinished ones.

import { lookAgain } from "./looking.js";
import { Store } from "./store.js";

const PAGE = 200;
const PACE_MS = 30_000;
// Unfinished sessions; there are few enough to read all of them at once.
const UNDONE = ["IN_PROGRESS", "SCHEDULED", "FINALIZING"];

/**
 * @import { Api } from "../network/api.js"
 * @import { SessionLine } from "../network/answers.js"
 */

export class Sessions extends Store {
  #api;
  #status;
  #asked = 0;
  /** @type {SessionLine[] | null} */
  lines = null;
  /** @type {Error | null} */
  failure = null;
  /** The cursor of earlier sessions, if there are any. */
  next = "";

  /**
   * @param {Api} api
   * @param {string} status only sessions of this status, or of all if empty
   */
  constructor(api, status) {
    super();
    this.#api = api;
    this.#status = status;
  }

  /** Load the list, and keep it up to date until the returned function is called. */
  watch() {
    this.load();
    return lookAgain(() => this.#look(), PACE_MS);
  }

  /** Load the latest sessions. */
  async load() {
    await this.#asking(async () => {
      const { items, nextCursor } = await this.#page();
      return () => this.#show(items, nextCursor);
    });
  }

  /** Load the sessions before those that are shown. */
  async earlier() {
    await this.#asking(async () => {
      const { items, nextCursor } = await this.#page(this.next);
      return () => this.#show([...(this.lines ?? []), ...items], nextCursor);
    });
  }

  /** Load the latest once more. Of those before them, the finished ones stay as they are. */
  async #look() {
    if (!this.lines) return;
    const asked = this.#asked;
    const { items, last, nextCursor } = await this.#page();
    if (asked !== this.#asked) return;
    const earlier = nextCursor ? this.lines.filter((line) => isEarlier(line, last)) : [];
    this.#show([...earlier, ...items], earlier.length ? this.next : nextCursor);
  }

  /**
   * The answer to an earlier request may arrive after that to a later one, and is dropped then.
   *
   * @param {() => Promise<() => void>} ask
   */
  async #asking(ask) {
    const asked = (this.#asked += 1);
    try {
      const show = await ask();
      if (asked === this.#asked) show();
    } catch (failure) {
      if (asked !== this.#asked) return;
      this.failure = failure;
      this.changed();
    }
  }

  async #page(cursor = "") {
    const status = this.#status && { status: this.#status };
    const { data } = await this.#api.sessions({ limit: PAGE, ...status, ...(cursor && { cursor }) });
    const page = { ...data, last: data.items.at(-1) };
    if (status || cursor || !data.nextCursor) return page;
    const undone = await Promise.all(UNDONE.map((one) => this.#api.sessions({ limit: 1000, status: one })));
    return { ...page, items: [...data.items, ...undone.flatMap((answer) => answer.data.items)] };
  }

  /**
   * @param {SessionLine[]} lines
   * @param {string} [next]
   */
  #show(lines, next = "") {
    const byId = new Map(lines.map((line) => [line.sessionId, line]));
    this.lines = [...byId.values()].sort((one, other) => startOf(other) - startOf(one));
    this.next = next;
    this.failure = null;
    this.changed();
  }
}

/**
 * @param {SessionLine} line
 * @param {SessionLine} [last] of the latest
 */
function isEarlier(line, last) {
  return (
    Boolean(last) &&
    startOf(line) < startOf(/** @type {SessionLine} */ (last)) &&
    !UNDONE.includes(line.status)
  );
}

/** @param {SessionLine} line */
function startOf({ startsAt }) {
  return Date.parse(startsAt);
}
