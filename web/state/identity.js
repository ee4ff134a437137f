// The signed-in person, their role, and their tokens.

import { SignInRefused } from "../network/cognito.js";
import { Handover } from "./handover.js";
import { Store } from "./store.js";

const PLACE = "signed-in";
// A tab whose person has signed out takes no sign-in from another tab: somebody else may sit there.
const LEFT = "signed-out";
// Renewed this long before it ends, so that a slow request still arrives in time.
const MARGIN_MS = 60_000;
const ROLES = ["admin", "trainer", "verifier", "auditor"];

/**
 * @import { Challenge, Cognito, Tokens } from "../network/cognito.js"
 *
 * @typedef {{ id: string, username: string, name: string, roles: string[], until: number }} Person
 */

export class Identity extends Store {
  #cognito;
  #storage;
  #others = new Handover({
    give: () => (this.person && !this.isExpired ? this.#tokens : null),
    offered: (tokens) => this.#offered(tokens),
    ended: (personId) => personId === this.person?.id && this.#end(),
  });
  /** @type {Promise<string> | null} */
  #renewal = null;
  /** @type {((idToken: string) => void)[]} */
  #waiting = [];
  /** @type {Tokens} */
  #tokens = { idToken: "" };
  /** @type {Person | null} */
  person = null;
  /** True while the person signs out: until the page begins anew. */
  isLeaving = false;
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

  /** Take over the sign-in of another tab, if there is one, so that a new tab does not ask for the password. */
  async join() {
    if (!this.person && !this.#storage.getItem(LEFT)) await this.#others.ask();
  }

  /**
   * Sign in; returns what else Cognito asks for, if anything.
   *
   * @param {string} username
   * @param {string} password
   */
  async signIn(username, password) {
    return this.#accept(await this.#cognito.signIn(username, password));
  }

  /**
   * Give what Cognito asked for: a new password, or the code of a second factor.
   *
   * @param {Challenge} challenge
   * @param {string} reply
   */
  async respond(challenge, reply) {
    return this.#accept(await this.#cognito.respond(challenge, reply));
  }

  /**
   * Have a code sent to whoever forgot the password.
   *
   * @param {string} username
   */
  sendCode(username) {
    return this.#cognito.forgotPassword(username);
  }

  /**
   * Set a new password with the code that was sent, and sign in with it.
   *
   * @param {string} username
   * @param {string} code
   * @param {string} password
   */
  async setPassword(username, code, password) {
    await this.#cognito.confirmPassword(username, code, password);
    return this.signIn(username, password);
  }

  /** Sign out, in all tabs and on the server. Unsaved drafts are kept for this person. */
  async signOut() {
    this.#others.end(this.person?.id ?? "");
    this.#storage.setItem(LEFT, "yes");
    const revoked = this.#cognito.revoke(this.#tokens.refreshToken);
    this.#forget();
    // Offline, the server cannot be told. This device has forgotten the sign-in all the same.
    await revoked.catch((failure) => console.warn(failure.message));
    leave();
  }

  /** This person has signed out in another tab. */
  #end() {
    this.#forget();
    leave();
  }

  /** Without a person there is no page, and so nothing of it that asks or holds. */
  #forget() {
    this.#storage.removeItem(PLACE);
    this.person = null;
    this.isLeaving = true;
    this.changed();
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

  /** @param {{ tokens?: Tokens, challenge?: Challenge }} outcome */
  #accept({ tokens, challenge }) {
    if (!tokens) return { challenge };
    this.#resume(tokens);
    this.#others.offer(tokens);
    return {};
  }

  /**
   * Another tab has a sign-in: it is for a tab that has none, or whose own has run out.
   *
   * @param {Tokens} tokens
   */
  #offered(tokens) {
    const isMine = this.isExpired && personOf(tokens.idToken).id === this.person?.id;
    if (isMine || !(this.person || this.#storage.getItem(LEFT))) this.#resume(tokens);
  }

  /** @param {Tokens} tokens */
  #resume(tokens) {
    this.#take(tokens);
    this.isExpired = false;
    for (const resolve of this.#waiting.splice(0)) resolve(tokens.idToken);
    this.changed();
  }

  /** @param {Tokens} tokens */
  #take(tokens) {
    this.#tokens = tokens;
    this.person = personOf(tokens.idToken);
    this.#storage.removeItem(LEFT);
    this.#storage.setItem(PLACE, JSON.stringify(tokens));
  }

  /** @param {string[]} roles */
  #has(roles) {
    return Boolean(this.person?.roles.some((role) => roles.includes(role)));
  }
}

/**
 * Begin anew, at the first page: nothing of this person stays in memory or in the address. A moment later: by then their
 * page is gone, which has put away what was not saved, and would have asked.
 */
function leave() {
  history.replaceState(null, "", "#/");
  setTimeout(() => location.reload(), 100);
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
