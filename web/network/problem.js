// Errors of a request: refused by the server, or not answered.

/** The server refused; `message` is the problem document's detail, which says what to do. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {{ detail?: string, requestId?: string }} [document]
   */
  constructor(status, document = {}) {
    super(document.detail ?? "Something went wrong on our side. Try again in a moment.");
    this.status = status;
    this.requestId = document.requestId;
  }

  /** True if the thing asked for does not exist. */
  get isNotFound() {
    return this.status === 404;
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
