"""Who acts, and whether they may."""

import pytest

from shared.domain.errors import Forbidden
from shared.domain.people import ADMINS, ANY_ROLE, DRAFTERS, Actor, Role
from testing.builders import ADMIN


@pytest.mark.parametrize(
    ("roles", "allowed"),
    [
        ({Role.ADMIN}, ADMINS),
        ({Role.ADMIN}, DRAFTERS),
        ({Role.TRAINER}, DRAFTERS),
        ({Role.AUDITOR, Role.TRAINER}, DRAFTERS),
        ({Role.AUDITOR}, ANY_ROLE),
        ({Role.VERIFIER}, ANY_ROLE),
    ],
)
def test_actor_with_an_allowed_role_is_let_through(
    roles: set[Role], allowed: frozenset[Role]
) -> None:
    """One allowed role is enough, and the actor is returned."""
    assert Actor(ADMIN, frozenset(roles)).require(allowed) == ADMIN


@pytest.mark.parametrize(
    ("roles", "allowed"),
    [
        (set(), ANY_ROLE),
        ({Role.TRAINER}, ADMINS),
        ({Role.VERIFIER, Role.AUDITOR}, ADMINS),
        ({Role.VERIFIER}, DRAFTERS),
        ({Role.AUDITOR}, DRAFTERS),
    ],
)
def test_actor_without_an_allowed_role_is_refused(
    roles: set[Role], allowed: frozenset[Role]
) -> None:
    """Drafting or reading roles may not finalize, and a caller without a role may do nothing."""
    with pytest.raises(Forbidden):
        Actor(ADMIN, frozenset(roles)).require(allowed)


def test_refusal_names_the_roles_that_would_do() -> None:
    """The refusal says which roles are needed."""
    with pytest.raises(Forbidden) as refusal:
        Actor(ADMIN, frozenset()).require(DRAFTERS)

    assert refusal.value.detail == (
        "This needs the role admin or trainer. Ask somebody who has it."
    )
