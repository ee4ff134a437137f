"""A person who uses the console in a browser: what they do and see."""

import json
import time
from collections.abc import Callable
from functools import cache
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from local.stack import Stack
from local.workspace import STATE
from testing.api import Session

SCREENSHOTS = STATE / "screenshots"
# A function's first call takes seconds, and the machine may be busy.
PATIENCE_MS = 120_000
# The browser logs every refusal; how the page shows it is for the tests to check.
EXPECTED = "Failed to load resource"

expect.set_options(timeout=PATIENCE_MS)


class Desk:
    """One person with one tab."""

    def __init__(self, context: BrowserContext, console: str) -> None:
        context.set_default_timeout(PATIENCE_MS)
        self.console = console
        self.context = context
        self._said: list[str] = []
        self._asked: set[str] = set()
        self.listener = self._listen
        self.page = self.new_tab()

    def new_tab(self) -> Page:
        """Open another tab of the same person."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self._said.append(str(error)))
        page.on("console", self.listener)
        # From the start: a dialog that opens before there is a listener is lost.
        page.on("filechooser", lambda _: None)
        page.on("request", lambda request: self._asked.add(request.url))
        return page

    def leave(self) -> None:
        """Close the tab, and restore the window."""
        self.context.set_offline(False)
        self.page.unroute_all(behavior="ignoreErrors")
        self.page.close()

    def faults(self, endpoint: str) -> list[str]:
        """Return every failure of the page, and every request to an address it must not use."""
        own = {urlsplit(address).netloc for address in (self.console, endpoint)}
        return self._said + [url for url in self._asked if urlsplit(url).netloc not in own]

    def go(self, path: str = "#/") -> None:
        """Open an address of the console."""
        self.page.goto(f"{self.console}/{path}")

    def open(self, session: Session) -> None:
        """Open a session, and wait until it is shown."""
        self.go(f"#/sessions/{session.session_id}")
        expect(self.page.get_by_role("heading", name="Attendance")).to_be_attached()

    def heading(self, name: str) -> Locator:
        return self.page.get_by_role("heading", name=name, exact=True)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, name: str) -> Locator:
        return self.page.get_by_label(name, exact=True)

    def text(self, text: str, *, exact: bool = False) -> Locator:
        return self.page.get_by_text(text, exact=exact)

    @property
    def finalize(self) -> Locator:
        """The button on the page; the dialog's has the same name."""
        return self.page.locator("main").get_by_role("button", name="Finalize", exact=True).first

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def told(self) -> Locator:
        """What went wrong, in words; the request id below it may hold any digits by chance."""
        return self.page.get_by_role("alert").get_by_role("paragraph").first

    def mark(self, what: str, name: str) -> Locator:
        """Find one field of the grid: Present, Passed or Remarks of a person."""
        return self.field(f"{what}: {name}")

    def saved(self, within_ms: int = PATIENCE_MS) -> None:
        """Wait until the page says that the draft is saved."""
        expect(self.text("Draft saved at")).to_be_visible(timeout=within_ms)

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait, while the page runs, for something that it does not show."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not holds():
            assert time.monotonic() < deadline, "waited in vain"
            self.page.wait_for_timeout(20)

    def press_escape_for_good(self) -> None:
        """Press Escape until the browser closes a dialog whatever the page says."""
        for _ in range(4):
            self.page.keyboard.press("Escape")

    def hand_in(
        self, content: bytes, name: str = "sheet.pdf", kind: str = "application/pdf"
    ) -> None:
        """Choose a file as the sheet."""
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Choose").click()
        chooser.value.set_files({"name": name, "mimeType": kind, "buffer": content})

    def picture(self, name: str) -> None:
        """Save a picture of the whole page."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        expect(self.text("Loading")).to_have_count(0)
        self.page.evaluate("scrollTo(0, 0)")
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(EXPECTED):
            self._said.append(message.text)


def signed_in(stack: Stack, role: str) -> str:
    """Return the script that stores a fresh sign-in of *role* where the page looks for it."""
    tokens = json.dumps(json.dumps(_tokens(stack, role)))
    return f"sessionStorage.getItem('signed-in') ?? sessionStorage.setItem('signed-in', {tokens})"


def _tokens(stack: Stack, role: str) -> dict[str, str]:
    return _sign_in(stack.model_dump_json(), role)


@cache
def _sign_in(stack_json: str, role: str) -> dict[str, str]:
    stack = Stack.model_validate_json(stack_json)
    user = stack.users[role]
    cognito = stack.session().client("cognito-idp", endpoint_url=stack.endpoint)
    answer = cognito.initiate_auth(
        ClientId=stack.user_pool_client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user.username, "PASSWORD": user.password},
    )["AuthenticationResult"]
    return {"idToken": answer["IdToken"], "refreshToken": answer["RefreshToken"]}
