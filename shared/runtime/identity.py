"""
Who is calling, from the claims API Gateway has checked.
"""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from shared.domain.people import Actor, Person, Role

_KNOWN = {str(role) for role in Role}


def actor_of(event: APIGatewayProxyEvent) -> Actor:
    """
    The signed-in person and their roles; groups that are no roles of ours are ignored.
    """
    claims: Mapping[str, Any] = event.request_context.authorizer.get("claims") or {}
    return Actor(_person(claims), frozenset(map(Role, _groups(claims) & _KNOWN)))


def _person(claims: Mapping[str, Any]) -> Person:
    names = (claims.get(name) for name in ("name", "email", "cognito:username", "sub"))
    return Person(id=claims["sub"], name=next(name for name in names if name))


def _groups(claims: Mapping[str, Any]) -> set[str]:
    # AWS sends "admin,trainer", MiniStack "[admin trainer]".
    return set(str(claims.get("cognito:groups", "")).strip("[]").replace(",", " ").split())
