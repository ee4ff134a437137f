// The client of the Amazon Cognito user pool: signing in and renewing tokens.

import { Unreachable } from "./problem.js";

/** @type {Record<string, string>} */
const WORDS = {
  NotAuthorizedException: "The user name or the password is not right.",
  UserNotFoundException: "The user name or the password is not right.",
  PasswordResetRequiredException: "Your password has to be set anew. Press “Forgot your password?”.",
  UserNotConfirmedException: "Your account is not active yet. Ask the person who manages users.",
  InvalidPasswordException:
    "This password is too simple: use 12 characters or more, with small and capital letters, a digit and a sign.",
  TooManyRequestsException: "Too many tries. Wait a minute and try again.",
  LimitExceededException: "Too many tries. Wait a minute and try again.",
  CodeMismatchException:
    "This code is not right. Use the newest one that you were sent or that your app shows.",
  ExpiredCodeException: "This code is not valid any more. Have a new one sent.",
  InvalidParameterException:
    "No code can be sent to you, because your account has no e-mail address. Ask the person who manages users.",
  MFA_SETUP: "Your account needs a second factor, which is not set up. Ask the person who manages users.",
};
// What Cognito can ask for after the password, and what the reply to it is called.
/** @type {Record<string, string>} */
const REPLIES = {
  NEW_PASSWORD_REQUIRED: "NEW_PASSWORD",
  SOFTWARE_TOKEN_MFA: "SOFTWARE_TOKEN_MFA_CODE",
  SMS_MFA: "SMS_MFA_CODE",
  EMAIL_OTP: "EMAIL_OTP_CODE",
};
const TOO_LATE = "This took too long. Load the page again, and sign in from the start.";
const FIRST_PASSWORD =
  "Your account still has its first password, and no code can replace it. Ask the person who manages users for a new one.";
// Whoever signs out does not wait longer for the server.
const PATIENCE_MS = 3_000;

/** @typedef {{ name: string, session: string, username: string, sentTo?: string }} Challenge */
/** @typedef {{ idToken: string, refreshToken?: string }} Tokens */

/** Cognito refused; the message is for the person. `isFinal` means that a retry cannot succeed. */
export class SignInRefused extends Error {
  /**
   * @param {string} kind Cognito's name of the refusal.
   * @param {string} [words] what it means here, if that is not what it means elsewhere
   */
  constructor(kind, words) {
    super(words ?? WORDS[kind] ?? "Signing in did not work. Try again, or ask the person who manages users.");
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
   * Returns `tokens`, or the `challenge` that the person has to answer first.
   *
   * @param {string} username
   * @param {string} password
   */
  async signIn(username, password) {
    const answer = await this.#call("InitiateAuth", {
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: this.clientId,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    });
    return this.#outcome(answer, username);
  }

  /**
   * @param {Challenge} challenge
   * @param {string} reply
   */
  async respond({ name, session, username }, reply) {
    const request = {
      ChallengeName: name,
      ClientId: this.clientId,
      Session: session,
      ChallengeResponses: { USERNAME: username, [REPLIES[name]]: reply },
    };
    const words = { NotAuthorizedException: TOO_LATE };
    return this.#outcome(await this.#call("RespondToAuthChallenge", request, words), username);
  }

  /**
   * Returns where the code was sent, as far as that may be said.
   *
   * @param {string} username
   * @returns {Promise<string>}
   */
  async forgotPassword(username) {
    const request = { ClientId: this.clientId, Username: username };
    const answer = await this.#call("ForgotPassword", request, { NotAuthorizedException: FIRST_PASSWORD });
    return answer.CodeDeliveryDetails?.Destination ?? "";
  }

  /**
   * @param {string} username
   * @param {string} code
   * @param {string} password
   */
  async confirmPassword(username, code, password) {
    await this.#call("ConfirmForgotPassword", {
      ClientId: this.clientId,
      Username: username,
      ConfirmationCode: code,
      Password: password,
    });
  }

  /**
   * End a sign-in for good: no copy of the token renews anything afterwards.
   *
   * @param {string} [refreshToken]
   */
  async revoke(refreshToken) {
    if (refreshToken) await this.#call("RevokeToken", { ClientId: this.clientId, Token: refreshToken });
  }

  /**
   * @param {string} [refreshToken]
   * @returns {Promise<Tokens>}
   */
  async refresh(refreshToken) {
    const answer = await this.#call("InitiateAuth", {
      AuthFlow: "REFRESH_TOKEN_AUTH",
      ClientId: this.clientId,
      AuthParameters: { REFRESH_TOKEN: refreshToken },
    });
    const { tokens } = this.#outcome(answer, "");
    if (!tokens) throw new SignInRefused("");
    return { refreshToken, ...tokens };
  }

  /**
   * @param {Record<string, any>} answer
   * @param {string} username
   * @returns {{ tokens?: Tokens, challenge?: Challenge }}
   */
  #outcome(
    { AuthenticationResult: result, ChallengeName: name, Session: session, ChallengeParameters: more },
    username,
  ) {
    if (result) {
      const refresh = result.RefreshToken ? { refreshToken: result.RefreshToken } : {};
      return { tokens: { idToken: result.IdToken, ...refresh } };
    }
    if (!REPLIES[name]) throw new SignInRefused(name);
    const known = more?.USER_ID_FOR_SRP ?? username;
    return { challenge: { name, session, username: known, sentTo: more?.CODE_DELIVERY_DESTINATION } };
  }

  /**
   * @param {string} operation
   * @param {object} body
   * @param {Record<string, string>} [words] of refusals that mean something else here
   */
  async #call(operation, body, words = {}) {
    let answer;
    try {
      answer = await fetch(this.url, {
        method: "POST",
        headers: {
          "Content-Type": "application/x-amz-json-1.1",
          "X-Amz-Target": `AWSCognitoIdentityProviderService.${operation}`,
        },
        body: JSON.stringify(body),
        ...(operation === "RevokeToken" && { signal: AbortSignal.timeout(PATIENCE_MS) }),
      });
    } catch (cause) {
      throw new Unreachable({ cause });
    }
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      const kind = String(said.__type ?? "").replace(/.*#/, "");
      throw new SignInRefused(kind, words[kind]);
    }
    return said;
  }
}
