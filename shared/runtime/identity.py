"""The caller, from the claims that API Gateway has checked."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from shared.domain.names import name_fault
from shared.domain.people import Actor, Person, Role

_KNOWN = {str(role) for role in Role}


def actor_of(event: APIGatewayProxyEvent) -> Actor:
    """
    The signed-in person and their roles; other groups are ignored.

    Only an ID token says who somebody is: with any other they have no role.
    """
    claims: Mapping[str, Any] = event.request_context.authorizer.get("claims") or {}
    groups = _groups(claims) if claims.get("token_use") == "id" else set()
    return Actor(_person(claims), frozenset(map(Role, groups & _KNOWN)))


def _person(claims: Mapping[str, Any]) -> Person:
    names = (claims.get(name) for name in ("name", "email", "cognito:username", "sub"))
    # A name of which nothing shows is none, and leaves the next best.
    return Person(
        id=claims["sub"], name=next(name for name in names if name and not name_fault(name))
    )


def _groups(claims: Mapping[str, Any]) -> set[str]:
    """
    The groups in exactly the two forms that exist, so that a name which looks like one of ours,
    such as "[admin" or "admin,", is not taken for it.
    """
    claim = str(claims.get("cognito:groups", ""))
    if claim.startswith("[") and claim.endswith("]"):
        names = claim[1:-1].split(" ")  # MiniStack: "[admin trainer]"
    else:
        names = claim.split(",")  # AWS: "admin,trainer"
    return set(names) if all(names) else set()
