// Signing in: for the first time, with a temporary password, and again when a sign-in has expired.

import { Dialog, Failure, Field, Title } from "./elements.js";
import { html, useState } from "../vendor/htm-preact.js";

/** @import { Identity, Person } from "../state/identity.js" */

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
  const [challenge, setChallenge] = useState(
    /** @type {{ username: string, session: string } | null} */ (null),
  );
  if (challenge) return html`<${ChoosePassword} identity=${identity} ...${challenge} />`;
  const signIn = async (/** @type {Entries} */ { username = known ?? "", password }) => {
    const { session } = await identity.signIn(username, password);
    if (session) setChallenge({ username, session });
  };
  return html`<${Form} submit=${signIn} action="Sign in">
    ${!known && html`<${Field} label="User name" name="username" autocomplete="username" autocapitalize="none" spellcheck=${false} required />`}
    <${Field} label="Password" name="password" type="password" autocomplete="current-password" required />
  <//>`;
}

/** @param {{ identity: Identity, username: string, session: string }} properties */
function ChoosePassword({ identity, username, session }) {
  const choose = (/** @type {Entries} */ { password }) =>
    identity.choosePassword(username, password, session);
  return html`<p>Your password was only for the first time. Choose one of your own: 12 characters or more, with small
      and capital letters, a digit and a sign.</p>
    <${Form} submit=${choose} action="Save and sign in">
      <${Field} label="New password" name="password" type="password" autocomplete="new-password" minlength="12" required />
    <//>`;
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
