// Who sits in front of the page, in which role, and for how long the server believes it.

import { SignInRefused } from "./cognito.js";
import { Store } from "./store.js";

const PLACE = "signed-in";
// Renewed this long before it ends, so that a slow request still arrives in time.
const MARGIN_MS = 60_000;
const ROLES = ["admin", "trainer", "verifier", "auditor"];

export class Identity extends Store {
  #cognito;
  #storage;
  #renewal = null;
  #waiting = [];
  #tokens = null;
  person = null;
  /** True while somebody has to sign in again before the work can go on. */
  isExpired = false;

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

  /** Sign in; returns what a first sign-in needs in order to go on, or nothing. */
  async signIn(username, password) {
    return this.#accept(await this.#cognito.signIn(username, password));
  }

  async choosePassword(username, password, session) {
    return this.#accept(await this.#cognito.choosePassword(username, password, session));
  }

  /** Leave the page to the next person; drafts that are not saved wait for this one. */
  signOut() {
    this.#storage.removeItem(PLACE);
    location.reload();
  }

  /** A token the server takes. If nobody is signed in any more, it comes once somebody is. */
  async token() {
    if (this.isExpired) return this.#afterSignIn();
    if (this.person.until - Date.now() > MARGIN_MS) return this.#tokens.idToken;
    return this.renew();
  }

  /** A new token, asked for once however many requests need it. */
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

  #afterSignIn() {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #accept({ tokens, session }) {
    if (!tokens) return { session };
    this.#take(tokens);
    this.isExpired = false;
    for (const resolve of this.#waiting.splice(0)) resolve(tokens.idToken);
    this.changed();
    return {};
  }

  #take(tokens) {
    this.#tokens = tokens;
    this.person = personOf(tokens.idToken);
    this.#storage.setItem(PLACE, JSON.stringify(tokens));
  }

  #has(roles) {
    return Boolean(this.person?.roles.some((role) => roles.includes(role)));
  }
}

function personOf(idToken) {
  const claims = JSON.parse(textOf(idToken.split(".")[1]));
  // AWS sends a list, the embedded stack may send "[admin trainer]".
  const groups = String(claims["cognito:groups"] ?? "").match(/[\w-]+/g) ?? [];
  return {
    id: claims.sub,
    username: claims["cognito:username"],
    name: claims.name ?? claims.email ?? claims["cognito:username"],
    roles: ROLES.filter((role) => groups.includes(role)),
    until: claims.exp * 1000,
  };
}

function textOf(base64url) {
  const bytes = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return new TextDecoder().decode(Uint8Array.from(bytes, (letter) => letter.charCodeAt(0)));
}
