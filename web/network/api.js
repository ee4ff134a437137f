// The client of the training API: a method per call; refusals are thrown as problems.

import { Problem, Unreachable } from "./problem.js";

/**
 * @import { AuditTrailPage, ComplianceResponse, FinalizedResponse, PackLink, RecordPage, SavedResponse } from "./answers.js"
 * @import { SessionPage, SessionResponse, SheetLink, UploadPermission, VerificationResponse } from "./answers.js"
 */

/**
 * @template T
 * @typedef {{ data: T, status: number, etag: string }} Answer
 */

export class Api {
  #base;
  #identity;

  /**
   * @param {string} base
   * @param {{ token(): Promise<string>, renew(): Promise<string> }} identity
   */
  constructor(base, identity) {
    this.#base = base;
    this.#identity = identity;
  }

  /** @param {Record<string, any>} query @returns {Promise<Answer<SessionPage>>} */
  sessions(query) {
    return this.#call("GET", `/sessions?${new URLSearchParams(query)}`);
  }

  /**
   * @param {string} id
   * @param {string} seen the ETag of what the page shows, or nothing
   * @returns {Promise<Answer<SessionResponse>>} status 304, without data: nothing changed since
   */
  async session(id, seen) {
    const answer = await this.#call("GET", sessionPath(id), undefined, seen ? { "If-None-Match": seen } : {});
    let cursor = answer.data?.nextCursor;
    while (cursor) {
      const { data } = await this.#call("GET", `${sessionPath(id)}?${new URLSearchParams({ cursor })}`);
      if (data.version !== answer.data.version) return this.session(id, "");
      answer.data.attendees.push(...data.attendees);
      cursor = data.nextCursor;
    }
    return answer;
  }

  /**
   * @param {string} id
   * @param {object[]} attendees
   * @param {string} ifMatch
   * @returns {Promise<Answer<SavedResponse>>}
   */
  saveAttendance(id, attendees, ifMatch) {
    return this.#call("PATCH", `${sessionPath(id)}/attendance`, { attendees }, { "If-Match": ifMatch });
  }

  /**
   * @param {string} id
   * @param {string} ifMatch
   * @param {string} key
   * @param {string[]} acknowledged
   * @returns {Promise<Answer<FinalizedResponse>>}
   */
  finalize(id, ifMatch, key, acknowledged) {
    return this.#call(
      "POST",
      `${sessionPath(id)}/finalize`,
      { acknowledged },
      {
        "If-Match": ifMatch,
        "Idempotency-Key": key,
      },
    );
  }

  /**
   * @param {string} id
   * @param {{ fileName: string, contentType: string, sizeBytes: number, sha256: string }} file
   * @returns {Promise<Answer<UploadPermission>>}
   */
  announceSheet(id, file) {
    return this.#call("POST", `${sessionPath(id)}/evidence`, file);
  }

  /** @param {string} id @returns {Promise<Answer<SheetLink>>} */
  sheet(id) {
    return this.#call("GET", `${sessionPath(id)}/evidence`);
  }

  /**
   * @param {string} id
   * @param {Record<string, any>} query
   * @returns {Promise<Answer<RecordPage>>}
   */
  records(id, query) {
    return this.#call("GET", `${sessionPath(id)}/records?${new URLSearchParams(query)}`);
  }

  /**
   * @param {string} id
   * @param {Record<string, any>} query
   * @returns {Promise<Answer<AuditTrailPage>>}
   */
  audit(id, query) {
    return this.#call("GET", `${sessionPath(id)}/audit?${new URLSearchParams(query)}`);
  }

  /** @param {string} id @returns {Promise<Answer<VerificationResponse>>} */
  verification(id) {
    return this.#call("GET", `${sessionPath(id)}/verification`);
  }

  /** @param {string} id @returns {Promise<Answer<PackLink>>} */
  auditPack(id) {
    return this.#call("GET", `${sessionPath(id)}/audit-pack`);
  }

  /**
   * @param {string} id
   * @param {string} asOf
   * @returns {Promise<Answer<ComplianceResponse>>}
   */
  compliance(id, asOf) {
    const query = asOf ? `?${new URLSearchParams({ asOf })}` : "";
    return this.#call("GET", `/personnel/${encodeURIComponent(id)}/compliance${query}`);
  }

  /**
   * Send a request. If the server refuses the token, renew it and send the request once more.
   *
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @param {Record<string, string>} [headers]
   */
  async #call(method, path, body, headers = {}) {
    const request = { method, path, body, headers };
    const answer = await this.#send(request, await this.#identity.token());
    if (answer.status !== 401) return read(answer);
    return read(await this.#send(request, await this.#identity.renew()));
  }

  /**
   * @param {{ method: string, path: string, body?: object, headers: Record<string, string> }} request
   * @param {string} token
   */
  async #send({ method, path, body, headers }, token) {
    try {
      return await fetch(this.#base + path, {
        method,
        cache: "no-store",
        headers: {
          Authorization: `Bearer ${token}`,
          ...(body && { "Content-Type": "application/json" }),
          ...headers,
        },
        body: body && JSON.stringify(body),
      });
    } catch (cause) {
      throw new Unreachable({ cause });
    }
  }
}

/** @param {Response} answer */
async function read(answer) {
  const isKnown = answer.status === 304;
  let data;
  try {
    if (!isKnown) data = await answer.json();
  } catch (cause) {
    if (answer.ok) throw new Unreachable({ cause });
  }
  if (!answer.ok && !isKnown) throw new Problem(answer.status, data);
  return { data, status: answer.status, etag: answer.headers.get("ETag") ?? "" };
}

/** @param {string} id */
function sessionPath(id) {
  return `/sessions/${encodeURIComponent(id)}`;
}
