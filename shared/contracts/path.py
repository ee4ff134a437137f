"""The ids in a path: a parameter's name says which kind of id it takes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.contracts.fields import is_cuid
from shared.domain.errors import FieldError, InvalidRequest
from shared.domain.names import is_identifier
from shared.domain.roster import can_be_asked_for


@dataclass(frozen=True, slots=True)
class PathId:
    """A kind of id: its name in the address, its check, and a hint for the person who writes it."""

    name: str
    is_valid: Callable[[str], bool]
    kind: str
    hint: str

    def require(self, value: str) -> None:
        """
        Check an id before anything uses it.

        Raises:
            InvalidRequest: It is not an id of this kind.
        """
        if not self.is_valid(value):
            raise InvalidRequest(
                f"{self.name} in the address is not valid: use {self.hint}.",
                [FieldError("", f"{self.name} is not a valid {self.kind}")],
            )


def _is_person(value: str) -> bool:
    return can_be_asked_for(value) and is_cuid(value)


_PLAIN = "1 to 64 letters, digits, '-' or '_'"
_KINDS: Mapping[str, PathId] = {
    "session_id": PathId("sessionId", is_identifier, "id", _PLAIN),
    "course_id": PathId("courseId", is_identifier, "id", _PLAIN),
    "personnel_id": PathId("personnelId", _is_person, "cuid", "the person's cuid"),
}


def ids_of(path: str) -> Mapping[str, PathId]:
    """
    The kinds of the ids in *path*, where an id is written as `<session_id>`.

    Raises:
        KeyError: A parameter's name is not that of a kind of id.
    """
    return {name: _KINDS[name] for name in re.findall("<(.*?)>", path)}
