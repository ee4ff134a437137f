// Who changed which row of a grid, from the session's history.

const PAGE = 1_000;

/**
 * The name of the last author of each row, by the id of the row's person.
 *
 * @param {import("../network/api.js").Api} api
 * @param {string} sessionId
 * @param {number} version
 */
export async function authorsSince(api, sessionId, version) {
  /** @type {Map<string, string>} */
  const authors = new Map();
  /** @type {string | undefined} */
  let cursor;
  do {
    const { data } = await api.audit(sessionId, { limit: PAGE, ...(cursor && { cursor }) });
    for (const { sequence, by, changes } of data.items) {
      if (sequence > version) for (const { subject } of changes) authors.set(subject, by.name);
    }
    cursor = data.nextCursor;
  } while (cursor);
  return authors;
}
