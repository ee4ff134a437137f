"""The deployed stack, once for all its tests, and people signed in to it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import httpx
import pytest

from local import sam, users
from local.embedded import embedded_stack
from local.stack import Stack
from local.workspace import STATE

HOME = "test"
# A function's first call unpacks the layer and imports everything.
ANSWER_SECONDS = 30


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """Deploy this checkout to a server of its own; say so, because it takes a while."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with ExitStack() as running:
        with capture.global_and_fixture_disabled():
            deployed = running.enter_context(embedded_stack(HOME))
        yield deployed


@pytest.fixture(scope="session")
def invoke(stack: Stack) -> Callable[[str, str], str]:
    """Run a function with one of its sample events, as `sam remote invoke` does."""
    return partial(sam.remote_invoke, sam.Target(stack.endpoint, STATE / HOME))


@pytest.fixture(scope="session")
def token(stack: Stack) -> Callable[[str], str]:
    """Sign in as the user of a role; one sign-in each, tokens outlive the tests."""
    tokens = {role: users.token(stack, role) for role in stack.users}
    return tokens.__getitem__


@pytest.fixture(scope="session")
def client(stack: Stack, token: Callable[[str], str]) -> Iterator[Callable[[str], httpx.Client]]:
    """Return the API as someone of a role sees it; paths start after `/v1/training`."""
    with ExitStack() as connections:
        clients = {
            role: connections.enter_context(
                httpx.Client(
                    base_url=stack.api_url,
                    headers={"Authorization": f"Bearer {token(role)}"},
                    timeout=ANSWER_SECONDS,
                    trust_env=False,
                )
            )
            for role in stack.users
        }
        yield clients.__getitem__
