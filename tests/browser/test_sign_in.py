"""Signing in, staying signed in, and signing in again without losing anything."""

import json
from collections.abc import Callable
from contextlib import closing

import httpx
import pytest
from playwright.sync_api import Route, expect

from local.stack import Stack
from local.users import token
from testing.api import a_session, fresh, seen
from testing.desk import Desk

NEW_PASSWORD = "Mine-alone-2026!"


def sign_in(desk: Desk, username: str, password: str) -> None:
    """Fill in the form."""
    desk.field("User name").fill(username)
    desk.field("Password").fill(password)
    desk.button("Sign in").click()


def test_a_person_signs_in_and_sees_their_role(
    sits_down: Callable[..., Desk], stack: Stack
) -> None:
    """
    Name and role are on every page; neither a reload nor a new tab asks for the password. Signing
    out ends it in every tab, and on the server.
    """
    desk = sits_down("")
    desk.go()
    desk.picture("sign-in")
    user = stack.users["admin"]

    sign_in(desk, user.username, user.password)

    expect(desk.page.locator(".who")).to_contain_text("Ingrid Solheim")
    expect(desk.page.locator(".who")).to_contain_text("Admin")
    desk.page.reload()
    expect(desk.heading("Training sessions")).to_be_visible()
    with closing(desk.new_tab()) as other:
        other.goto(f"{desk.console}/#/people/cnobody0000000001")
        expect(other.locator(".who")).to_contain_text("Ingrid Solheim")
        held = desk.page.evaluate("JSON.parse(sessionStorage['signed-in']).refreshToken")
        desk.button("Sign out").click()

        for page in (desk.page, other):
            expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
            assert page.evaluate("[location.hash, sessionStorage['signed-in']]") == ["#/", None]
    cognito = stack.session().client("cognito-idp", endpoint_url=stack.endpoint)
    with pytest.raises(cognito.exceptions.NotAuthorizedException):
        cognito.initiate_auth(
            ClientId=stack.user_pool_client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": held},
        )


def test_the_page_names_its_version(sits_down: Callable[..., Desk], stack: Stack) -> None:
    """Whoever reports a fault can say of which software, signed in or not."""
    stranger, admin = sits_down(""), sits_down("admin")

    for desk in (stranger, admin):
        desk.go()
        expect(desk.page.locator(".foot")).to_have_text(f"Version {stack.release}")


def test_a_wrong_password_is_said_in_words(sits_down: Callable[..., Desk], stack: Stack) -> None:
    """There is no code, and no hint which of the two was wrong."""
    desk = sits_down("")
    desk.go()

    sign_in(desk, stack.users["admin"].username, "Wrong-password-1")

    expect(desk.page.get_by_role("alert")).to_have_text(
        "The user name or the password is not right."
    )


def test_a_first_sign_in_asks_for_a_password_of_ones_own(
    sits_down: Callable[..., Desk], stack: Stack
) -> None:
    """
    A person with an initial password chooses another, and is signed in. Who forgets it sets a new
    one with a code.
    """
    name, given = fresh("newcomer"), "Given-for-once-1!"
    cognito = stack.session().client("cognito-idp", endpoint_url=stack.endpoint)
    cognito.admin_create_user(
        UserPoolId=stack.user_pool_id,
        Username=name,
        TemporaryPassword=given,
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "email", "Value": "newcomer@example.com"},
            {"Name": "email_verified", "Value": "true"},
        ],
    )
    desk = sits_down("")
    desk.go()
    sign_in(desk, name, given)

    desk.field("New password").fill(NEW_PASSWORD)
    desk.button("Save and sign in").click()

    expect(desk.heading("Nothing to see yet")).to_be_visible()
    desk.picture("no-role")
    desk.button("Sign out").click()
    desk.button("Forgot your password?").click()
    desk.field("User name").fill(name)
    desk.button("Send a code").click()
    expect(desk.text("a code was sent to n")).to_be_visible()
    desk.field("Code").fill("654321")
    desk.field("New password").fill(f"{NEW_PASSWORD}!")
    desk.picture("forgotten-password")
    desk.button("Save and sign in").click()
    expect(desk.heading("Nothing to see yet")).to_be_visible()


def test_a_second_factor_is_asked_for(sits_down: Callable[..., Desk], stack: Stack) -> None:
    """After the password comes the code; a wrong one is said in words, and can be corrected."""
    replies: list[str] = []

    def ask_for_a_code(route: Route) -> None:
        body = json.loads(route.request.post_data or "")
        if body.get("AuthFlow"):
            challenge = {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "held"}
            route.fulfill(json=challenge | {"ChallengeParameters": {}})
            return
        replies.append(body["ChallengeResponses"]["SOFTWARE_TOKEN_MFA_CODE"])
        if replies[-1] == "123456":
            route.fulfill(json={"AuthenticationResult": {"IdToken": token(stack, "auditor")}})
        else:
            route.fulfill(status=400, json={"__type": "CodeMismatchException"})

    desk = sits_down("")
    desk.page.route(f"{stack.endpoint}/", ask_for_a_code)
    desk.go()
    sign_in(desk, "auditor", "Any-password-1")
    expect(desk.text("Your authenticator app shows a code.")).to_be_visible()
    desk.field("Code").fill("000000")
    desk.button("Sign in").click()
    expect(desk.told).to_contain_text("This code is not right.")

    desk.field("Code").fill("123456")
    desk.button("Sign in").click()

    expect(desk.page.locator(".who")).to_contain_text("Marcus Oyelaran")
    assert replies == ["000000", "123456"]


def test_a_token_that_ran_out_is_renewed_unnoticed(desk: Desk, admin: httpx.Client) -> None:
    """The server no longer accepts the old token: the page gets a new one and continues."""
    session = a_session(admin)
    desk.open(session)
    old = desk.page.evaluate("JSON.parse(sessionStorage['signed-in']).idToken")

    def refuse_the_old(route: Route) -> None:
        if route.request.headers.get("authorization") == f"Bearer {old}":
            route.fulfill(status=401, json={"detail": "The token has expired."})
        else:
            route.continue_()

    desk.page.route("**/api/**", refuse_the_old)

    desk.button("Mark all present").click()

    desk.saved()
    expect(desk.dialog).to_have_count(0)


def test_a_sign_in_that_ran_out_mid_work_loses_nothing(
    desk: Desk, admin: httpx.Client, stack: Stack
) -> None:
    """
    The page asks to sign in again, which no key dismisses, stays as it is, and saves what was typed
    meanwhile.
    """
    session = a_session(admin)
    desk.open(session)
    signed_out = True

    def refuse(route: Route) -> None:
        if signed_out and "attendance" in route.request.url:
            route.fulfill(status=401, json={"detail": "The token has expired."})
        elif signed_out and "REFRESH_TOKEN" in (route.request.post_data or ""):
            route.fulfill(status=400, json={"__type": "NotAuthorizedException"})
        else:
            route.continue_()

    desk.page.route("**/*", refuse)
    desk.mark("Remarks", "Person 0001").fill("Typed before it ran out")
    expect(desk.dialog).to_contain_text("Your sign-in has run out, Ingrid Solheim.")
    desk.picture("sign-in-again")
    signed_out = False
    desk.press_escape_for_good()

    desk.field("Password").fill(stack.users["admin"].password)
    desk.button("Sign in").click()

    desk.saved()
    rows = {row["name"]: row for row in seen(admin, session)["attendees"]}
    assert rows["Person 0001"]["remarks"] == "Typed before it ran out"
