// Brings a sheet to the server: reads and hashes it, announces it, sends it, and tries again.

import { Problem, Unreachable } from "./problem.js";
import { Store } from "./store.js";

const PIECE = 2 ** 20;
const TRIES = 3;
const WAIT_MS = 1_000;
// Browsers set these themselves and let no page do it.
const OF_THE_BROWSER = ["content-length", "host"];
// What some browsers do not know.
const TYPES = { heic: "image/heic", heif: "image/heif", tif: "image/tiff", tiff: "image/tiff", webp: "image/webp" };

export class Uploading extends Store {
  #api;
  #session;
  /** `idle`, `reading`, `sending`, `trying again` or `failed`. */
  state = "idle";
  done = 0;
  file = null;
  failure = null;

  constructor(api, session) {
    super();
    this.#api = api;
    this.#session = session;
  }

  get isRunning() {
    return !["idle", "failed"].includes(this.state);
  }

  async start(file) {
    if (this.isRunning) return;
    this.file = file;
    this.failure = null;
    try {
      const sheet = await this.#read(file);
      await this.#bring(sheet);
      this.#be("idle");
      await this.#session.look();
    } catch (failure) {
      this.failure = failure;
      this.#be("failed");
    }
  }

  /** Forget a file that did not arrive. */
  dismiss() {
    this.#be("idle");
    this.#session.look().catch(() => {});
  }

  async #read(file) {
    this.#be("reading", 0);
    const bytes = new Uint8Array(file.size);
    for (let start = 0; start < file.size; start += PIECE) {
      const piece = await file.slice(start, start + PIECE).arrayBuffer();
      bytes.set(new Uint8Array(piece), start);
      this.#be("reading", (start + piece.byteLength) / file.size);
    }
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return { file, bytes, sha256 };
  }

  async #bring(sheet) {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#announceAndSend(sheet);
        return;
      } catch (failure) {
        if (!failure.isPassing || tries === TRIES) throw failure;
        this.#be("trying again", 0);
        await new Promise((resolve) => setTimeout(resolve, WAIT_MS * tries));
      }
    }
  }

  async #announceAndSend({ file, bytes, sha256 }) {
    this.#be("sending", 0);
    const { data } = await this.#api.announceSheet(this.#session.id, {
      fileName: file.name,
      contentType: file.type || TYPES[file.name.split(".").pop().toLowerCase()] || "application/octet-stream",
      sizeBytes: file.size,
      sha256,
    });
    await put(data, bytes, (part) => this.#be("sending", part));
  }

  #be(state, done = 0) {
    this.state = state;
    this.done = done;
    this.changed();
  }
}

/** Use a permission to send; XMLHttpRequest, because fetch does not tell how far it got. */
function put({ method, url, headers }, bytes, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) {
      if (!OF_THE_BROWSER.includes(name.toLowerCase())) request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
    request.onerror = () => reject(new Unreachable());
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(new Problem(request.status, { detail: "The file did not arrive whole. Send it again." }));
    };
    request.send(bytes);
  });
}
