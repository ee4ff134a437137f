// The records of a session: all of them, in the order of the sheet, to be searched and sorted.

import { Store } from "./store.js";

const PAGE = 1_000;

/**
 * @import { Api } from "../network/api.js"
 * @import { RecordResponse } from "../network/answers.js"
 * @import { Session } from "./session.js"
 */

/**
 * In which order records can stand. Those that are alike stand as on the sheet.
 *
 * @type {Record<string, { text: string, key: (record: RecordResponse) => string }>}
 */
export const ORDER = {
  sheet: { text: "As on the sheet", key: () => "" },
  result: { text: "Failed first", key: ({ result }) => result },
  job: { text: "By job title", key: ({ jobTitle = "" }) => jobTitle },
};

export class Records extends Store {
  #api;
  #session;
  #cursor = "";
  /** @type {RecordResponse[]} */
  #found = [];
  /** Ids of people whose record was removed since. @type {string[]} */
  missing = [];
  isWhole = false;
  /** @type {Error | null} */
  failure = null;

  /**
   * @param {Api} api
   * @param {Session} session
   */
  constructor(api, session) {
    super();
    this.#api = api;
    this.#session = session;
  }

  get count() {
    return this.#found.length;
  }

  /** Load what is not loaded yet. The order needs all of them: they come in that of the people's ids. */
  async load() {
    this.failure = null;
    this.changed();
    try {
      while (!this.isWhole) await this.#page();
    } catch (failure) {
      this.failure = failure;
      this.changed();
    }
  }

  async #page() {
    const cursor = this.#cursor && { cursor: this.#cursor };
    const { data } = await this.#api.records(this.#session.id, { limit: PAGE, ...cursor });
    this.#found.push(...data.items);
    this.missing.push(...(data.missing ?? []));
    this.#cursor = data.nextCursor ?? "";
    this.isWhole = !this.#cursor;
    if (this.isWhole) this.#arrange();
    this.changed();
  }

  #arrange() {
    const places = new Map(
      this.#session.view.attendees.map(({ personnelId }, place) => [personnelId, place]),
    );
    const placeOf = (/** @type {RecordResponse} */ { personnelId }) => places.get(personnelId) ?? places.size;
    this.#found.sort((one, other) => placeOf(one) - placeOf(other));
  }

  /**
   * The records in which all words are found.
   *
   * @param {string} wanted
   * @param {string} order
   */
  shown(wanted, order) {
    const words = plain(wanted).split(/\s+/);
    const { key } = ORDER[order];
    return this.#found
      .filter((record) => words.every((word) => textOf(record).includes(word)))
      .sort((one, other) => key(one).localeCompare(key(other)));
  }
}

/** @param {RecordResponse} record */
function textOf({ personName, jobTitle = "", remarks = "" }) {
  return plain(`${personName} ${jobTitle} ${remarks}`);
}

/**
 * Without accents and capitals.
 *
 * @param {string} text
 */
function plain(text) {
  return text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();
}
