// Who changed which row of a grid, from the session's history.

const PAGE = 1_000;

/** Names by the id of the person whose row it was; of several, the last one. */
export async function authorsSince(api, sessionId, version) {
  const authors = new Map();
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
