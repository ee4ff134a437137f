// Lints the console, and holds its layers to the direction in which they may import.

import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import globals from "globals";

/** What the modules of each layer may not import. */
const UNKNOWN = {
  network: ["views", "state", "words.js", "vendor"],
  state: ["views", "vendor"],
  views: ["network"],
};

const layers = Object.entries(UNKNOWN).map(([layer, others]) => ({
  files: [`web/${layer}/**/*.js`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: others.map((other) => ({
          group: [`**/${other}`],
          message: `What is in ${layer}/ does not know ${other}: see "The console" in CONTRIBUTING.md.`,
        })),
      },
    ],
  },
}));

export default defineConfig([
  { ignores: ["**", "!web/", "!web/**", "web/vendor/", "!tests/", "!tests/console/", "!tests/console/*.js"] },
  {
    files: ["web/**/*.js", "tests/console/*.js"],
    extends: [js.configs.recommended],
    languageOptions: { ecmaVersion: 2024, globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      complexity: ["error", 10],
      eqeqeq: "error",
      "no-console": ["error", { allow: ["error", "warn"] }],
      // The page names its modules in advance, so they are imported in advance.
      "no-restricted-syntax": ["error", "ImportExpression"],
      "no-shadow": "error",
      "no-unused-private-class-members": "error",
      "no-unused-vars": ["error", { args: "all" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
  ...layers,
]);
