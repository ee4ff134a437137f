// The client of the Amazon Cognito user pool: signing in and renewing tokens.

import { Unreachable } from "./problem.js";

/** @type {Record<string, string>} */
const WORDS = {
  NotAuthorizedException: "The user name or the password is not right.",
  UserNotFoundException: "The user name or the password is not right.",
  PasswordResetRequiredException: "Your password has to be set anew. Ask the person who manages users.",
  UserNotConfirmedException: "Your account is not active yet. Ask the person who manages users.",
  InvalidPasswordException:
    "This password is too simple: use 12 characters or more, with small and capital letters, a digit and a sign.",
  TooManyRequestsException: "Too many tries. Wait a minute and try again.",
  LimitExceededException: "Too many tries. Wait a minute and try again.",
};

/** @typedef {{ idToken: string, refreshToken?: string }} Tokens */

/** Cognito refused; the message is for the person. `isFinal` means that a retry cannot succeed. */
export class SignInRefused extends Error {
  /** @param {string} kind Cognito's name of the refusal. */
  constructor(kind) {
    super(WORDS[kind] ?? "Signing in did not work. Try again, or ask the person who manages users.");
    this.isFinal = kind === "NotAuthorizedException" || kind === "UserNotFoundException";
  }
}

export class Cognito {
  /** @param {{ url: string, clientId: string }} client */
  constructor({ url, clientId }) {
    this.url = url;
    this.clientId = clientId;
  }

  /**
   * Returns `tokens`, or `session` if the person has to choose a new password first.
   *
   * @param {string} username
   * @param {string} password
   */
  async signIn(username, password) {
    return this.#outcome(
      await this.#call("InitiateAuth", {
        AuthFlow: "USER_PASSWORD_AUTH",
        ClientId: this.clientId,
        AuthParameters: { USERNAME: username, PASSWORD: password },
      }),
    );
  }

  /**
   * @param {string} username
   * @param {string} password
   * @param {string} session
   */
  async choosePassword(username, password, session) {
    return this.#outcome(
      await this.#call("RespondToAuthChallenge", {
        ChallengeName: "NEW_PASSWORD_REQUIRED",
        ClientId: this.clientId,
        Session: session,
        ChallengeResponses: { USERNAME: username, NEW_PASSWORD: password },
      }),
    );
  }

  /**
   * @param {string} [refreshToken]
   * @returns {Promise<Tokens>}
   */
  async refresh(refreshToken) {
    const { tokens } = this.#outcome(
      await this.#call("InitiateAuth", {
        AuthFlow: "REFRESH_TOKEN_AUTH",
        ClientId: this.clientId,
        AuthParameters: { REFRESH_TOKEN: refreshToken },
      }),
    );
    if (!tokens) throw new SignInRefused("");
    return { refreshToken, ...tokens };
  }

  /**
   * @param {Record<string, any>} answer
   * @returns {{ tokens?: Tokens, session?: string }}
   */
  #outcome({ AuthenticationResult: result, ChallengeName: challenge, Session: session }) {
    if (result) {
      const refresh = result.RefreshToken ? { refreshToken: result.RefreshToken } : {};
      return { tokens: { idToken: result.IdToken, ...refresh } };
    }
    if (challenge === "NEW_PASSWORD_REQUIRED") return { session };
    throw new SignInRefused(challenge);
  }

  /**
   * @param {string} operation
   * @param {object} body
   */
  async #call(operation, body) {
    let answer;
    try {
      answer = await fetch(this.url, {
        method: "POST",
        headers: {
          "Content-Type": "application/x-amz-json-1.1",
          "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
        },
        body: JSON.stringify(body),
      });
    } catch (cause) {
      throw new Unreachable({ cause });
    }
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new SignInRefused(String(said.__type ?? "").replace(/.*#/, ""));
    return said;
  }
}
