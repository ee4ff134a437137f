// Uploads a sheet: reads and hashes it, announces it, sends it, and retries.

import { sendFile } from "../network/upload.js";
import { Store } from "./store.js";

const PIECE = 2 ** 20;
const TRIES = 3;
const WAIT_MS = 1_000;
// Content types that some browsers do not know.
/** @type {Record<string, string>} */
const TYPES = {
  heic: "image/heic",
  heif: "image/heif",
  tif: "image/tiff",
  tiff: "image/tiff",
  webp: "image/webp",
};

/** @typedef {{ file: File, bytes: Uint8Array<ArrayBuffer>, sha256: string }} Sheet */

export class Uploading extends Store {
  #api;
  #session;
  /** `idle`, `reading`, `sending`, `trying again` or `failed`. */
  state = "idle";
  done = 0;
  /** @type {File | null} */
  file = null;
  /** @type {(Error & { isPassing?: boolean }) | null} */
  failure = null;

  /**
   * @param {import("../network/api.js").Api} api
   * @param {import("./session.js").Session} session
   */
  constructor(api, session) {
    super();
    this.#api = api;
    this.#session = session;
  }

  get isRunning() {
    return !["idle", "failed"].includes(this.state);
  }

  /** @param {File} file */
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

  /** @param {File} file */
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

  /** @param {Sheet} sheet */
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

  /** @param {Sheet} sheet */
  async #announceAndSend({ file, bytes, sha256 }) {
    this.#be("sending", 0);
    const { data } = await this.#api.announceSheet(this.#session.id, {
      fileName: file.name,
      contentType: typeOf(file),
      sizeBytes: file.size,
      sha256,
    });
    await sendFile(data, bytes, (part) => this.#be("sending", part));
  }

  /** @param {string} state */
  #be(state, done = 0) {
    this.state = state;
    this.done = done;
    this.changed();
  }
}

/** @param {File} file */
function typeOf({ name, type }) {
  const ending = name.replace(/.*\./, "").toLowerCase();
  return type || TYPES[ending] || "application/octet-stream";
}
