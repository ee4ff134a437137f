// Signing in, in the words of the Amazon Cognito user pool. The same on AWS and on a laptop.

import { Unreachable } from "./problem.js";

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

/** Cognito refused; the message is for the person. `isFinal` tells that trying again is no use. */
export class SignInRefused extends Error {
  constructor(kind) {
    super(WORDS[kind] ?? "Signing in did not work. Try again, or ask the person who manages users.");
    this.isFinal = kind === "NotAuthorizedException" || kind === "UserNotFoundException";
  }
}

export class Cognito {
  constructor({ url, clientId }) {
    this.url = url;
    this.clientId = clientId;
  }

  /** Either `{tokens}`, or `{session}` if a password of one's own has to be chosen first. */
  async signIn(username, password) {
    return this.#outcome(
      await this.#call("InitiateAuth", {
        AuthFlow: "USER_PASSWORD_AUTH",
        ClientId: this.clientId,
        AuthParameters: { USERNAME: username, PASSWORD: password },
      }),
    );
  }

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

  async refresh(refreshToken) {
    const { tokens } = this.#outcome(
      await this.#call("InitiateAuth", {
        AuthFlow: "REFRESH_TOKEN_AUTH",
        ClientId: this.clientId,
        AuthParameters: { REFRESH_TOKEN: refreshToken },
      }),
    );
    return { refreshToken, ...tokens };
  }

  #outcome({ AuthenticationResult: result, ChallengeName: challenge, Session: session }) {
    if (result) {
      const refresh = result.RefreshToken ? { refreshToken: result.RefreshToken } : {};
      return { tokens: { idToken: result.IdToken, ...refresh } };
    }
    if (challenge === "NEW_PASSWORD_REQUIRED") return { session };
    throw new SignInRefused(challenge);
  }

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
    if (!answer.ok) throw new SignInRefused(String(said.__type ?? "").split("#").pop());
    return said;
  }
}
