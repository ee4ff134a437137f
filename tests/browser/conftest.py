"""The console in a real browser, on the deployed stack; one browser for all its tests."""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from local.console.process import served
from local.stack import Stack
from local.workspace import STATE
from testing.chromium import MISSING, installed
from testing.desk import Desk, signed_in
from tests.stack.deployed import HOME

# It runs as root in a container, loads nothing but the page, and keeps nothing.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
REQUIRED = "BROWSER_REQUIRED"
# Colours in transition would be judged, and photographed.
WINDOW: dict[str, Any] = {"viewport": {"width": 1200, "height": 900}, "reduced_motion": "reduce"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all of these as tests of the deployed stack."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.stack)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return where a browser is; without one the tests are skipped."""
    found = installed()
    if found is None:
        if os.environ.get(REQUIRED):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
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
    """Return a browser window, the same each time: each tab has its own storage anyway."""
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
    Let a person of a role open the console, signed in, or not: role "".

    The page may not fail, break a rule of its own, or call another server.
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
    """The desk of Ingrid, an admin."""
    return sits_down("admin")
