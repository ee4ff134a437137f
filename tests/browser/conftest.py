"""The console in a real browser, on the deployed stack; one browser for all its tests."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from local.console.process import served
from local.stack import Stack
from local.workspace import STATE
from tests.browser.desk import Desk, signed_in
from tests.stack.deployed import HOME

# The first is the same browser without windows, which takes half as much of the processor.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# It runs as root in a container, talks to nobody but the page, and keeps nothing.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
REQUIRED = "BROWSER_REQUIRED"
# Colours that are still on their way would be judged, and photographed.
WINDOW: dict[str, Any] = {"viewport": {"width": 1200, "height": 900}, "reduced_motion": "reduce"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all of these as tests of the deployed stack."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.stack)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return where a browser is; without one there is nothing to test with."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        missing = f"The console's tests need one of {', '.join(BROWSERS)} on the path."
        if os.environ.get(REQUIRED):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Start the browser."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def console(chromium: str, stack: Stack) -> Iterator[str]:
    """Serve the console as `make up` does; return its address."""
    del chromium  # Asked for first: without a browser nothing is deployed for these tests.
    with served(stack, STATE / HOME / "stack.json") as url:
        yield url


@pytest.fixture(scope="session")
def window(browser: Browser, stack: Stack) -> Callable[..., BrowserContext]:
    """
    Return somebody's browser window, the same each time: what a tab keeps is its own anyway.
    """
    opened: dict[str, BrowserContext] = {}

    def of(role: str, options: dict[str, Any]) -> BrowserContext:
        key = json.dumps([role, options])
        if key not in opened:
            opened[key] = browser.new_context(**(WINDOW | options))
            if role:
                opened[key].add_init_script(signed_in(stack, role))
        return opened[key]

    return of


@pytest.fixture
def sits_down(
    window: Callable[..., BrowserContext], console: str, stack: Stack
) -> Iterator[Callable[..., Desk]]:
    """
    Let somebody of a role sit down in front of the console, signed in, or not: role "".

    Whatever they do, the page may not fail, break a rule of its own, or talk to anybody else.
    """
    desks: list[Desk] = []

    def sit(role: str = "admin", **options: Any) -> Desk:  # noqa: ANN401 - what a window takes
        desks.append(Desk(window(role, options), console))
        return desks[-1]

    yield sit
    for desk in desks:
        desk.leave()
    assert [fault for desk in desks for fault in desk.faults(stack.endpoint)] == []


@pytest.fixture
def desk(sits_down: Callable[..., Desk]) -> Desk:
    """Ingrid's desk, who is an admin."""
    return sits_down("admin")
