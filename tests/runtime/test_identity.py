"""Who is calling, from the claims API Gateway has checked."""

import pytest
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from shared.domain.people import Actor, Person, Role
from shared.runtime.identity import actor_of

CLAIMS = {
    "sub": "7c2e4f1a",
    "name": "Ingrid Solheim",
    "email": "admin@example.com",
    "cognito:username": "admin",
}
GROUPS = {
    "admin": {Role.ADMIN},
    "admin,trainer": {Role.ADMIN, Role.TRAINER},
    "[admin trainer]": {Role.ADMIN, Role.TRAINER},
    "[admin,trainer]": {Role.ADMIN, Role.TRAINER},
    "[admin, trainer]": {Role.ADMIN, Role.TRAINER},
    "verifier auditor": {Role.VERIFIER, Role.AUDITOR},
    "admin,planners": {Role.ADMIN},
    "planners": set(),
    "ADMIN": set(),
    "[]": set(),
    "": set(),
}


def actor(claims: dict[str, str]) -> Actor:
    """Return the actor of a request with these claims."""
    return actor_of(APIGatewayProxyEvent({"requestContext": {"authorizer": {"claims": claims}}}))


@pytest.mark.parametrize(("groups", "roles"), GROUPS.items())
def test_roles_are_the_groups_that_we_know(groups: str, roles: set[Role]) -> None:
    """However groups are joined; others are somebody else's business."""
    assert actor({**CLAIMS, "cognito:groups": groups}).roles == roles


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
    """An inspector reads the name on a record; the id is the same for ever."""
    claims = {claim: value for claim, value in CLAIMS.items() if claim not in missing}

    assert actor(claims).person == Person("7c2e4f1a", name)


def test_person_with_an_empty_name_is_named_by_the_next_best() -> None:
    """An attribute that was cleared is there, but says nothing."""
    assert actor({**CLAIMS, "name": ""}).person.name == "admin@example.com"


def test_person_without_an_id_is_a_fault_of_ours() -> None:
    """API Gateway lets nobody through without one, so something is set up wrong."""
    with pytest.raises(KeyError):
        actor({"name": "Nobody"})
