// Starts the page: loads the configuration of its stack, then draws it.

import { App } from "./views/app.js";
import { Api } from "./network/api.js";
import { Cognito } from "./network/cognito.js";
import { Identity } from "./state/identity.js";
import { html, render } from "./vendor/htm-preact.js";

const page = /** @type {HTMLElement} */ (document.getElementById("page"));

async function start() {
  const answer = await fetch("config.json");
  if (!answer.ok) throw new Error("config.json is missing");
  const config = await answer.json();
  const identity = new Identity(new Cognito(config.signIn), sessionStorage);
  await identity.join();
  const api = new Api(config.api, identity);
  render(html`<${App} identity=${identity} api=${api} release=${config.release} />`, page);
}

start().catch((failure) => {
  console.error(failure);
  render(
    html`<main>
      <h1>The page could not be loaded</h1>
      <p>Check your connection and load it again.</p>
    </main>`,
    page,
  );
});
