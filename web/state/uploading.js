// Uploads a sheet: reads and hashes it, announces it, sends it, and retries.

import { sendFile } from "../network/upload.js";
import { Store } from "./store.js";

const PIECE = 2 ** 20;
const TRIES = 3;
const WAIT_MS = 1_000;
const MOST_BYTES = 50 * 2 ** 20;
// The content types of a sheet, by the end of the file's name: some browsers do not know all of them.
/** @type {Record<string, string>} */
const TYPES = {
  pdf: "application/pdf",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  heic: "image/heic",
  heif: "image/heif",
  tif: "image/tiff",
  tiff: "image/tiff",
  webp: "image/webp",
};
const OTHER_NAMES = ["image/jpg", "image/pjpeg", "application/x-pdf"];

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

  /**
   * Take what was chosen or dropped, if it is one file.
   *
   * @param {File[]} files
   */
  take(files) {
    if (files.length === 1) return this.start(files[0]);
    if (!files.length || this.isRunning) return;
    this.failure = new Error(
      `These are ${files.length} files, and a session has one sheet. Nothing was uploaded. Put all pages into ` +
        "one PDF, for example with a scanning app, and choose that.",
    );
    this.#be("failed");
  }

  /** @param {File} file */
  async start(file) {
    if (this.isRunning) return;
    this.file = file;
    this.failure = null;
    try {
      const fault = faultOf(file);
      if (fault) throw new Error(fault);
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

/**
 * Why a file cannot be a sheet, and what to do; the server looks at its content besides.
 *
 * @param {File} file
 */
function faultOf(file) {
  if (![...Object.values(TYPES), ...OTHER_NAMES].includes(typeOf(file)))
    return (
      "A sheet is a PDF or a picture (JPEG, PNG, TIFF, WebP or HEIC), and this is neither. Save it as a PDF, or " +
      "photograph the signed sheet, and choose that."
    );
  if (!file.size)
    return "This file is empty: there is no sheet in it. Scan or photograph the sheet again, and choose the new file.";
  if (file.size > MOST_BYTES)
    return `This file has ${Math.ceil(file.size / 2 ** 20)} MB; a sheet may have 50. Scan it again at a lower resolution.`;
  return null;
}

/** @param {File} file */
function typeOf({ name, type }) {
  const ending = name.replace(/.*\./, "").toLowerCase();
  return TYPES[ending] ?? type;
}
