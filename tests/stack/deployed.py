"""The deployed stack, once for all tests of API and console, and people signed in to it."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from local import users
from local.embedded import embedded_stack
from local.stack import Stack, User
from testing.persistent import Persistent
from tests.conftest import is_on_aws_engine
from tests.stack.announcements import Announcements
from tests.stack.operator import Operator

# Each process of a run may have a stack of its own.
HOME = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
# Far more than it takes: a function's first call imports everything, and this machine may be busy.
ANSWER_SECONDS = 120


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """Deploy this checkout to a server of its own, and print so, because it takes a while."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    on_aws_engine = is_on_aws_engine(request.config)
    with ExitStack() as running:
        with capture.global_and_fixture_disabled():
            deployed = running.enter_context(embedded_stack(HOME, on_aws_engine=on_aws_engine))
        yield deployed


@pytest.fixture(scope="session")
def token(stack: Stack) -> Callable[[str], str]:
    """Sign in as the user of a role; one sign-in each, tokens outlive the tests."""
    tokens = {role: users.token(stack, role) for role in stack.users}
    return tokens.__getitem__


@pytest.fixture(scope="session")
def client(stack: Stack, token: Callable[[str], str]) -> Iterator[Callable[[str], httpx.Client]]:
    """Return the API for a person of a role; paths start after `/v1/training`."""
    with ExitStack() as connections:
        clients = {
            role: connections.enter_context(_api(stack, {"Authorization": f"Bearer {token(role)}"}))
            for role in stack.users
        }
        yield clients.__getitem__


@pytest.fixture(scope="session")
def admin(client: Callable[[str], httpx.Client]) -> httpx.Client:
    """Ingrid, an admin, who uploads, corrects and finalizes."""
    return client("admin")


@pytest.fixture(scope="session")
def trainer(client: Callable[[str], httpx.Client]) -> httpx.Client:
    """Tomasz, a trainer, who drafts attendance."""
    return client("trainer")


@pytest.fixture(scope="session")
def auditor(client: Callable[[str], httpx.Client]) -> httpx.Client:
    """Marcus, an auditor, who only reads."""
    return client("auditor")


@pytest.fixture(scope="session")
def outsider(stack: Stack) -> Iterator[httpx.Client]:
    """A person who can sign in and has no role."""
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
    """A client that has not signed in."""
    with _api(stack, {}) as api:
        yield api


@pytest.fixture(scope="session")
def operator(stack: Stack) -> Operator:
    """The operator of the stack, with access to all that is behind the API."""
    return Operator(stack)


@pytest.fixture(scope="session")
def announcements(operator: Operator) -> Announcements:
    """All events on the bus from now on, as another module gets them."""
    return Announcements.on(operator)


def _api(stack: Stack, headers: dict[str, str]) -> httpx.Client:
    """Connect to the API with these *headers*."""
    return httpx.Client(
        base_url=stack.api_url, headers=headers, timeout=ANSWER_SECONDS, transport=Persistent()
    )
