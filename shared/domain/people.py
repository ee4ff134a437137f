"""Who acts, and in which role."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.errors import Forbidden


class Role(StrEnum):
    """The roles of signed-in people; the token's groups name them."""

    ADMIN = "admin"
    TRAINER = "trainer"
    VERIFIER = "verifier"
    AUDITOR = "auditor"


ANY_ROLE = frozenset(Role)
DRAFTERS = frozenset({Role.ADMIN, Role.TRAINER})
ADMINS = frozenset({Role.ADMIN})
REVIEWERS = frozenset({Role.ADMIN, Role.AUDITOR, Role.VERIFIER})
INSPECTORS = frozenset({Role.ADMIN, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Person:
    """A person named on a record: *id* is unique and permanent, *name* is for readers."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person behind a request."""

    person: Person
    roles: frozenset[Role]

    def require(self, allowed: Collection[Role]) -> Person:
        """
        Return the person, if one of their roles is *allowed*.

        Raises:
            Forbidden: None is. The server checks authority, whatever the page offers (21 CFR
                11.10(g)).
        """
        if self.roles.isdisjoint(allowed):
            needed = " or ".join(sorted(allowed))
            raise Forbidden(f"This needs the role {needed}. Ask somebody who has it.")
        return self.person
