"""
The deployed stack, once for all tests of the API and of the console, and people signed in to it.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from local import users
from local.embedded import embedded_stack
from local.stack import Stack, User
from tests.stack.announcements import Announcements
from tests.stack.backstage import Backstage

# Each process of a run may have a stack of its own.
HOME = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
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
def token(stack: Stack) -> Callable[[str], str]:
    """Sign in as the user of a role; one sign-in each, tokens outlive the tests."""
    tokens = {role: users.token(stack, role) for role in stack.users}
    return tokens.__getitem__


@pytest.fixture(scope="session")
def client(stack: Stack, token: Callable[[str], str]) -> Iterator[Callable[[str], httpx.Client]]:
    """Return the API as someone of a role sees it; paths start after `/v1/training`."""
    with ExitStack() as connections:
        clients = {
            role: connections.enter_context(_api(stack, {"Authorization": f"Bearer {token(role)}"}))
            for role in stack.users
        }
        yield clients.__getitem__


@pytest.fixture(scope="session")
def admin(client: Callable[[str], httpx.Client]) -> httpx.Client:
    """Ingrid, who uploads, corrects and finalizes."""
    return client("admin")


@pytest.fixture(scope="session")
def trainer(client: Callable[[str], httpx.Client]) -> httpx.Client:
    """Tomasz, who drafts attendance."""
    return client("trainer")


@pytest.fixture(scope="session")
def auditor(client: Callable[[str], httpx.Client]) -> httpx.Client:
    """Marcus, who only reads."""
    return client("auditor")


@pytest.fixture(scope="session")
def outsider(stack: Stack) -> Iterator[httpx.Client]:
    """Somebody who can sign in and has no role."""
    cognito = stack.session().client("cognito-idp", endpoint_url=stack.endpoint)
    user = User(username="outsider", password="Outside-the-gate-1")
    cognito.admin_create_user(
        UserPoolId=stack.user_pool_id, Username=user.username, MessageAction="SUPPRESS"
    )
    cognito.admin_set_user_password(
        UserPoolId=stack.user_pool_id,
        Username=user.username,
        Password=user.password,
        Permanent=True,
    )
    signed_in = users.token(stack.model_copy(update={"users": {"outsider": user}}), "outsider")
    with _api(stack, {"Authorization": f"Bearer {signed_in}"}) as api:
        yield api


@pytest.fixture(scope="session")
def stranger(stack: Stack) -> Iterator[httpx.Client]:
    """Somebody who has not signed in."""
    with _api(stack, {}) as api:
        yield api


@pytest.fixture(scope="session")
def backstage(stack: Stack) -> Backstage:
    """The stack behind the API."""
    return Backstage(stack)


@pytest.fixture(scope="session")
def announcements(backstage: Backstage) -> Announcements:
    """All that leaves on the event bus from now on, as another module hears it."""
    return Announcements.on(backstage)


def _api(stack: Stack, headers: dict[str, str]) -> httpx.Client:
    """Connect to the API as whoever *headers* say."""
    return httpx.Client(
        base_url=stack.api_url, headers=headers, timeout=ANSWER_SECONDS, trust_env=False
    )
