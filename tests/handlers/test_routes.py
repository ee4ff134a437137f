"""Routes and roles of the functions: exactly those of the table."""

from types import ModuleType

from shared.contracts.path import ids_of
from shared.runtime import http
from tests.handlers.calls import HANDLERS
from tests.routes import PREFIX, ROUTES, Route
from tests.stack.test_access import CALLS


def declared_by(handler: ModuleType) -> list[http.Route]:
    """Return the routes of all APIs in a handler."""
    apis = [value for value in vars(handler).values() if isinstance(value, http.Api)]
    return [route for api in apis for route in api.routes]


def address(route: http.Route) -> tuple[str, str]:
    """Return method and path as the template writes them."""
    path = route.path
    for parameter, kind in ids_of(path).items():
        path = path.replace(f"<{parameter}>", f"{{{kind.name}}}")
    return route.method, path


def test_routes_are_those_of_the_table() -> None:
    """A new route is added to the table, with the roles it is open to."""
    declared = [
        (address(route), Route(function, route.roles))
        for function, handler in HANDLERS.items()
        for route in declared_by(handler)
    ]

    assert dict(declared) == ROUTES
    assert len(declared) == len(ROUTES)


def test_routes_share_one_prefix() -> None:
    """The prefix of the handlers is the one in the template."""
    assert http.PREFIX == PREFIX


def test_routes_are_all_tried_on_the_deployed_stack() -> None:
    """Each route is called there by every role, by a person without one, and without a token."""
    assert {(call.method, call.path) for call in CALLS.values()} == ROUTES.keys()
