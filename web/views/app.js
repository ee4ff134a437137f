// The frame around every page, and the choice of the page.

import { useOnline } from "./use-online.js";
import { PersonPage } from "./person-page.js";
import { route } from "../state/route.js";
import { SessionList } from "./session-list.js";
import { SessionPage } from "./session-page.js";
import { SignInAgain, SignInPage } from "./sign-in.js";
import { useStore } from "./use-store.js";
import { Note, Title } from "./elements.js";
import { html } from "../vendor/htm-preact.js";
import { ROLE } from "../words.js";

/**
 * @import { Api } from "../network/api.js"
 * @import { Identity, Person } from "../state/identity.js"
 *
 * @typedef {Identity & { person: Person }} SignedIn
 */

/** @param {{ identity: Identity, api: Api, release: string }} properties */
export function App({ identity, api, release }) {
  useStore(identity);
  useStore(route);
  if (identity.isLeaving) return html`<main><p role="status">Signing out …</p></main>`;
  if (!identity.person) return html`<${SignInPage} identity=${identity} /><${Foot} release=${release} />`;
  return html`
    <a class="skip" href="#content" onClick=${toContent}>To the content</a>
    <${Bar} identity=${identity} />
    <main id="content">
      <${Offline} />
      <${Page} identity=${identity} api=${api} />
    </main>
    <${Foot} release=${release} />
    ${identity.isExpired && html`<${SignInAgain} identity=${identity} />`}
  `;
}

/** @param {{ identity: SignedIn, api: Api }} properties */
function Page({ identity, api }) {
  const { kind, id } = route.place;
  if (!identity.person.roles.length) return html`<${NoRole} />`;
  if (kind === "" || (kind === "sessions" && !id)) return html`<${SessionList} api=${api} />`;
  if (kind === "sessions") return html`<${SessionPage} key=${id} api=${api} identity=${identity} id=${id} />`;
  if (kind === "people" && id) return html`<${PersonPage} key=${id} api=${api} id=${id} />`;
  return html`<${Nowhere} />`;
}

/** @param {{ identity: SignedIn }} properties */
function Bar({ identity }) {
  const { name, roles } = identity.person;
  const signOut = async () => (await route.mayLeave()) && identity.signOut();
  const words = roles.map((role) => ROLE[role]).join(", ") || "No role";
  return html`<header class="bar">
    <nav aria-label="Main"><a href="#/">Sessions</a></nav>
    <p class="who"><strong><bdi>${name}</bdi></strong><br /><span class="quiet small">${words}</span></p>
    <button onClick=${signOut}>Sign out</button>
  </header>`;
}

/** @param {{ release: string }} properties */
function Foot({ release }) {
  return html`<footer class="foot quiet small"><p>Version <bdi>${release}</bdi></p></footer>`;
}

function Offline() {
  const isOnline = useOnline();
  if (isOnline) return null;
  return html`<${Note} tone="warn" live>
    <p>You are offline. Go on marking; it is saved as soon as the connection is back. Keep this page open.</p>
  <//>`;
}

function NoRole() {
  return html`<${Title} text="Nothing to see yet" />
    <p>Your account has no role here. Ask the person who manages users to give you one.</p>`;
}

function Nowhere() {
  return html`<${Title} text="There is nothing at this address" />
    <p><a href="#/">To the sessions</a></p>`;
}

/**
 * The part of the address after # names a page, so this link has to move the focus itself.
 *
 * @param {Event} event
 */
function toContent(event) {
  event.preventDefault();
  document.querySelector("h1")?.focus();
}
