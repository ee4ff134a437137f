// What can come between a person and an answer.

/** The server refused; `message` is the problem document's detail, which says what to do. */
export class Problem extends Error {
  constructor(status, document = {}) {
    super(document.detail ?? "Something went wrong on our side. Try again in a moment.");
    this.status = status;
    this.slug = String(document.type ?? "").split(":").pop();
    this.requestId = document.requestId;
  }

  /** True if nobody can tell whether the request was carried out. */
  get isDoubtful() {
    return this.status >= 500 && this.slug !== "busy";
  }

  /** True if the same request may well be taken a moment later. */
  get isPassing() {
    return this.status >= 500 || this.status === 429;
  }
}

/** No answer came: no network, or nobody at the other end. */
export class Unreachable extends Error {
  isDoubtful = true;
  isPassing = true;

  constructor(options) {
    super("There is no connection to the server. Check the network; what you typed is kept.", options);
  }
}
