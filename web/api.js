// The training API: one way to ask, one way to be refused.

import { Problem, Unreachable } from "./problem.js";

export class Api {
  #base;
  #identity;

  constructor(base, identity) {
    this.#base = base;
    this.#identity = identity;
  }

  sessions(query) {
    return this.#call("GET", `/sessions?${new URLSearchParams(query)}`);
  }

  session(id) {
    return this.#call("GET", sessionPath(id));
  }

  saveAttendance(id, attendees, ifMatch) {
    return this.#call("PATCH", `${sessionPath(id)}/attendance`, { attendees }, { "If-Match": ifMatch });
  }

  finalize(id, ifMatch, key) {
    return this.#call("POST", `${sessionPath(id)}/finalize`, undefined, {
      "If-Match": ifMatch,
      "Idempotency-Key": key,
    });
  }

  announceSheet(id, file) {
    return this.#call("POST", `${sessionPath(id)}/evidence`, file);
  }

  sheet(id) {
    return this.#call("GET", `${sessionPath(id)}/evidence`);
  }

  records(id, query) {
    return this.#call("GET", `${sessionPath(id)}/records?${new URLSearchParams(query)}`);
  }

  audit(id, query) {
    return this.#call("GET", `${sessionPath(id)}/audit?${new URLSearchParams(query)}`);
  }

  verification(id) {
    return this.#call("GET", `${sessionPath(id)}/verification`);
  }

  auditPack(id) {
    return this.#call("GET", `${sessionPath(id)}/audit-pack`);
  }

  compliance(id, asOf) {
    const query = asOf ? `?${new URLSearchParams({ asOf })}` : "";
    return this.#call("GET", `/personnel/${encodeURIComponent(id)}/compliance${query}`);
  }

  /** Ask, with a token that was renewed if the server no longer took the old one. */
  async #call(method, path, body, headers = {}) {
    const request = { method, path, body, headers };
    const answer = await this.#send(request, await this.#identity.token());
    if (answer.status !== 401) return read(answer);
    return read(await this.#send(request, await this.#identity.renew()));
  }

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

async function read(answer) {
  let data;
  try {
    data = await answer.json();
  } catch (cause) {
    if (answer.ok) throw new Unreachable({ cause });
  }
  if (!answer.ok) throw new Problem(answer.status, data);
  return { data, status: answer.status, etag: answer.headers.get("ETag") };
}

function sessionPath(id) {
  return `/sessions/${encodeURIComponent(id)}`;
}
