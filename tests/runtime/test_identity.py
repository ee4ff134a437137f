"""The caller, from the claims that API Gateway has checked."""

from collections.abc import Mapping

import pytest
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from shared.domain.people import Actor, Person, Role
from shared.runtime.identity import actor_of

CLAIMS = {
    "sub": "7c2e4f1a",
    "token_use": "id",
    "name": "Ingrid Solheim",
    "email": "admin@example.com",
    "cognito:username": "admin",
}
GROUPS = {
    "admin": {Role.ADMIN},
    "admin,trainer": {Role.ADMIN, Role.TRAINER},
    "[admin trainer]": {Role.ADMIN, Role.TRAINER},
    "[admin]": {Role.ADMIN},
    "admin,planners": {Role.ADMIN},
    "planners": set(),
    "ADMIN": set(),
    "admins": set(),
    "[]": set(),
    "": set(),
}
NEARLY = [
    "[admin",
    "admin]",
    "admin,",
    ",admin",
    "admin ",
    "x admin",
    "[x,admin]",
    "[admin,]",
    "[[admin]]",
]


def actor(claims: Mapping[str, str | None]) -> Actor:
    """Return the actor of a request with these claims."""
    return actor_of(APIGatewayProxyEvent({"requestContext": {"authorizer": {"claims": claims}}}))


@pytest.mark.parametrize(("groups", "roles"), GROUPS.items())
def test_roles_are_the_groups_that_we_know(groups: str, roles: set[Role]) -> None:
    """API Gateway and the embedded stack write them in a form each; unknown ones are ignored."""
    assert actor({**CLAIMS, "cognito:groups": groups}).roles == roles


@pytest.mark.parametrize("groups", NEARLY)
def test_roles_are_not_those_of_groups_that_look_like_ours(groups: str) -> None:
    """Somebody who may create a group must not make an admin by its name."""
    assert actor({**CLAIMS, "cognito:groups": groups}).roles == frozenset()


@pytest.mark.parametrize("use", ["access", "", None])
def test_roles_are_none_with_a_token_that_is_no_id_token(use: str | None) -> None:
    """An access token names groups too, but not the person."""
    assert actor({**CLAIMS, "cognito:groups": "admin", "token_use": use}).roles == frozenset()


def test_roles_are_none_without_the_claim() -> None:
    """The token of a user in no group lacks it."""
    assert actor(CLAIMS).roles == frozenset()


@pytest.mark.parametrize(
    ("missing", "name"),
    [
        ([], "Ingrid Solheim"),
        (["name"], "admin@example.com"),
        (["name", "email"], "admin"),
        (["name", "email", "cognito:username"], "7c2e4f1a"),
    ],
)
def test_person_has_the_best_name_there_is(missing: list[str], name: str) -> None:
    """An inspector reads the name on a record; the id never changes."""
    claims = {claim: value for claim, value in CLAIMS.items() if claim not in missing}

    assert actor(claims).person == Person("7c2e4f1a", name)


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\u3164", "Ingrid\nSolheim", "\u202e"])
def test_person_with_a_name_that_does_not_show_is_named_by_the_next_best(name: str) -> None:
    """An attribute that was cleared exists, but is empty; anyone may have put blanks into it."""
    assert actor({**CLAIMS, "name": name}).person.name == "admin@example.com"


def test_person_without_an_id_is_a_fault_of_ours() -> None:
    """API Gateway requires one, so something is misconfigured."""
    with pytest.raises(KeyError):
        actor({"name": "Nobody"})
