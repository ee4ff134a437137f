// The signed-in person, their role, and their tokens.

import { SignInRefused } from "../network/cognito.js";
import { Store } from "./store.js";

const PLACE = "signed-in";
// Renewed this long before it ends, so that a slow request still arrives in time.
const MARGIN_MS = 60_000;
const ROLES = ["admin", "trainer", "verifier", "auditor"];

/**
 * @import { Cognito, Tokens } from "../network/cognito.js"
 *
 * @typedef {{ id: string, username: string, name: string, roles: string[], until: number }} Person
 */

export class Identity extends Store {
  #cognito;
  #storage;
  /** @type {Promise<string> | null} */
  #renewal = null;
  /** @type {((idToken: string) => void)[]} */
  #waiting = [];
  /** @type {Tokens} */
  #tokens = { idToken: "" };
  /** @type {Person | null} */
  person = null;
  /** True while the person has to sign in again. */
  isExpired = false;

  /**
   * @param {Cognito} cognito
   * @param {Storage} storage
   */
  constructor(cognito, storage) {
    super();
    this.#cognito = cognito;
    this.#storage = storage;
    const kept = storage.getItem(PLACE);
    if (kept) this.#take(JSON.parse(kept));
  }

  get mayDraft() {
    return this.#has(["admin", "trainer"]);
  }

  get mayFinalize() {
    return this.#has(["admin"]);
  }

  get mayReview() {
    return this.#has(["admin", "auditor", "verifier"]);
  }

  get mayInspect() {
    return this.#has(["admin", "auditor"]);
  }

  /**
   * Sign in; at a first sign-in, returns what is needed to choose a new password.
   *
   * @param {string} username
   * @param {string} password
   */
  async signIn(username, password) {
    return this.#accept(await this.#cognito.signIn(username, password));
  }

  /**
   * @param {string} username
   * @param {string} password
   * @param {string} session
   */
  async choosePassword(username, password, session) {
    return this.#accept(await this.#cognito.choosePassword(username, password, session));
  }

  /** Sign out. Unsaved drafts are kept for this person. */
  signOut() {
    this.#storage.removeItem(PLACE);
    location.reload();
  }

  /** A valid token. If the sign-in has ended, resolves after the next sign-in. */
  async token() {
    if (this.isExpired) return this.#afterSignIn();
    if (this.person && this.person.until - Date.now() > MARGIN_MS) return this.#tokens.idToken;
    return this.renew();
  }

  /** A new token; concurrent requests share one renewal. */
  renew() {
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async #renew() {
    try {
      this.#take(await this.#cognito.refresh(this.#tokens.refreshToken));
      return this.#tokens.idToken;
    } catch (failure) {
      if (!(failure instanceof SignInRefused && failure.isFinal)) throw failure;
      this.isExpired = true;
      this.changed();
      return this.#afterSignIn();
    }
  }

  /** @returns {Promise<string>} */
  #afterSignIn() {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** @param {{ tokens?: Tokens, session?: string }} outcome */
  #accept({ tokens, session }) {
    if (!tokens) return { session };
    this.#take(tokens);
    this.isExpired = false;
    for (const resolve of this.#waiting.splice(0)) resolve(tokens.idToken);
    this.changed();
    return {};
  }

  /** @param {Tokens} tokens */
  #take(tokens) {
    this.#tokens = tokens;
    this.person = personOf(tokens.idToken);
    this.#storage.setItem(PLACE, JSON.stringify(tokens));
  }

  /** @param {string[]} roles */
  #has(roles) {
    return Boolean(this.person?.roles.some((role) => roles.includes(role)));
  }
}

/**
 * @param {string} idToken
 * @returns {Person}
 */
function personOf(idToken) {
  const claims = JSON.parse(textOf(idToken.split(".")[1]));
  // AWS sends a list, the embedded stack may send "[admin trainer]".
  const groups = /** @type {string[]} */ (String(claims["cognito:groups"] ?? "").match(/[\w-]+/g) ?? []);
  return {
    id: claims.sub,
    username: claims["cognito:username"],
    name: claims.name ?? claims.email ?? claims["cognito:username"],
    roles: ROLES.filter((role) => groups.includes(role)),
    until: claims.exp * 1000,
  };
}

/** @param {string} base64url */
function textOf(base64url) {
  const bytes = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder().decode(Uint8Array.from(bytes, (letter) => letter.charCodeAt(0)));
}
