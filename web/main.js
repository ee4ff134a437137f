// Starts the page: what it has to know of its stack comes first, then who sits in front of it.

import { App } from "./app.js";
import { Api } from "./api.js";
import { Cognito } from "./cognito.js";
import { Identity } from "./identity.js";
import { html, render } from "./vendor/htm-preact.js";

const page = document.getElementById("page");

async function start() {
  const answer = await fetch("config.json");
  if (!answer.ok) throw new Error("config.json is missing");
  const config = await answer.json();
  const identity = new Identity(new Cognito(config.signIn), sessionStorage);
  const api = new Api(config.api, identity);
  render(html`<${App} identity=${identity} api=${api} />`, page);
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
