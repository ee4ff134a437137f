// Signing in: for the first time, with a temporary password, and again when a sign-in has expired.

import { Dialog, Failure, Field, Title } from "./elements.js";
import { html, useState } from "../vendor/htm-preact.js";

const RULE = "12 characters or more, with small and capital letters, a digit and a sign.";

/**
 * @import { Challenge } from "../network/cognito.js"
 * @import { Identity, Person } from "../state/identity.js"
 */

/** @param {{ identity: Identity }} properties */
export function SignInPage({ identity }) {
  return html`<main class="sign-in">
    <${Title} text="Sign in" />
    <p>Training sessions, signed sheets and the records made of them.</p>
    <${SignIn} identity=${identity} />
  </main>`;
}

/**
 * Over the page, which stays as it is: nothing that was typed is lost.
 *
 * @param {{ identity: Identity & { person: Person } }} properties
 */
export function SignInAgain({ identity }) {
  const { name, username } = identity.person;
  return html`<${Dialog} label="Sign in again">
    <h2>Sign in again</h2>
    <p>Your sign-in has run out, <bdi>${name}</bdi>. What you typed is kept and will be saved.</p>
    <${SignIn} identity=${identity} username=${username} />
    <button class="plain" onClick=${() => identity.signOut()}>Sign in as somebody else</button>
  <//>`;
}

/** @param {{ identity: Identity, username?: string }} properties */
function SignIn({ identity, username: known }) {
  const [challenge, setChallenge] = useState(/** @type {Challenge | undefined} */ (undefined));
  const [hasForgotten, setForgotten] = useState(false);
  const next = (/** @type {{ challenge?: Challenge }} */ outcome) => setChallenge(outcome.challenge);
  if (challenge) {
    const respond = async (/** @type {Entries} */ { reply }) =>
      next(await identity.respond(challenge, reply));
    return html`<${Reply} key=${challenge.name} challenge=${challenge} respond=${respond} />`;
  }
  if (hasForgotten)
    return html`<${ForgottenPassword} identity=${identity} username=${known} next=${next} back=${() => setForgotten(false)} />`;
  const signIn = async (/** @type {Entries} */ { username = known ?? "", password }) =>
    next(await identity.signIn(username, password));
  return html`<${Form} submit=${signIn} action="Sign in">
      ${!known && html`<${Field} label="User name" name="username" autocomplete="username" autocapitalize="none" spellcheck=${false} required />`}
      <${Field} label="Password" name="password" type="password" autocomplete="current-password" required />
    <//>
    <button class="plain" onClick=${() => setForgotten(true)}>Forgot your password?</button>`;
}

/**
 * What Cognito asks for after the password: one of the person's own, or the code of a second factor.
 *
 * @param {{ challenge: Challenge, respond: (entries: Entries) => Promise<unknown> }} properties
 */
function Reply({ challenge: { name, sentTo }, respond }) {
  if (name === "NEW_PASSWORD_REQUIRED") {
    return html`<p>Your password was only for the first time. Choose one of your own: ${RULE}</p>
      <${Form} submit=${respond} action="Save and sign in">
        <${Field} label="New password" name="reply" type="password" autocomplete="new-password" minlength="12" required />
      <//>`;
  }
  const source = sentTo
    ? html`A code was sent to <bdi>${sentTo}</bdi>.`
    : "Your authenticator app shows a code.";
  return html`<p>${source} Enter it here.</p>
    <${Form} submit=${respond} action="Sign in">
      <${Field} label="Code" name="reply" autocomplete="one-time-code" inputmode="numeric" required />
    <//>`;
}

/**
 * A code is sent to the person's own address, and sets a new password.
 *
 * @param {{ identity: Identity, username?: string, next: (outcome: { challenge?: Challenge }) => void, back: () => void }} properties
 */
function ForgottenPassword({ identity, username: known, next, back }) {
  const [sent, setSent] = useState(/** @type {{ username: string, to: string } | null} */ (null));
  const send = async (/** @type {Entries} */ { username = known ?? "" }) =>
    setSent({ username, to: await identity.sendCode(username) });
  const set = async (/** @type {Entries} */ { code, password }) =>
    next(await identity.setPassword(/** @type {{ username: string }} */ (sent).username, code, password));
  const form = sent
    ? html`<p>If there is such an account, a code was sent to <bdi>${sent.to}</bdi>. Enter it with a new password: ${RULE}</p>
      <${Form} key="set" submit=${set} action="Save and sign in">
        <${Field} label="Code" name="code" autocomplete="one-time-code" inputmode="numeric" required />
        <${Field} label="New password" name="password" type="password" autocomplete="new-password" minlength="12" required />
      <//>`
    : html`<p>A code is sent to the e-mail address of your account, and with it you set a new password.</p>
      <${Form} key="send" submit=${send} action="Send a code">
        ${!known && html`<${Field} label="User name" name="username" autocomplete="username" autocapitalize="none" spellcheck=${false} required />`}
      <//>`;
  return html`${form}<button class="plain" onClick=${back}>Back to the password</button>`;
}

/**
 * @typedef {Record<string, string>} Entries
 *
 * @param {{ submit: (entries: Entries) => Promise<unknown>, action: string, children?: unknown }} properties
 */
function Form({ submit, action, children }) {
  const [state, setState] = useState(/** @type {{ failure?: Error, isBusy?: boolean }} */ ({}));
  const onSubmit = async (/** @type {Event & { target: HTMLFormElement }} */ event) => {
    event.preventDefault();
    setState({ isBusy: true });
    try {
      await submit(/** @type {Entries} */ (Object.fromEntries(new FormData(event.target))));
      setState({});
    } catch (failure) {
      setState({ failure });
    }
  };
  return html`<form onSubmit=${onSubmit}>
    ${children}
    ${state.failure && html`<${Failure} failure=${state.failure} />`}
    <button class="main" disabled=${state.isBusy}>${state.isBusy ? "One moment …" : action}</button>
  </form>`;
}
