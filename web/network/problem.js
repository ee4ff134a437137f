// Errors of a request: refused by the server, or not answered.

/** The server refused; `message` is the problem document's detail, which says what to do. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {{ type?: string, detail?: string, requestId?: string, errors?: { detail: string }[] }} [document]
   */
  constructor(status, document = {}) {
    super(document.detail ?? "Something went wrong on our side. Try again in a moment.");
    this.status = status;
    /** True if the seal of a finalized session is still on its way. */
    this.isSealPending = document.type === "urn:problem:training:seal-pending";
    this.requestId = document.requestId;
    /** What exactly is wrong with what was sent, if the server says so. */
    this.faults = (document.errors ?? []).map(({ detail }) => detail);
  }

  /** True if the version expected in If-Match is outdated. */
  get isOutdated() {
    return this.status === 412;
  }

  /** True if a retry of the same request may succeed. */
  get isPassing() {
    return this.status >= 500 || this.status === 429;
  }
}

/** No answer came: no network, or no server. */
export class Unreachable extends Error {
  isPassing = true;

  /** @param {ErrorOptions} [options] */
  constructor(options) {
    super("There is no connection to the server. Check the network; what you typed is kept.", options);
  }
}
