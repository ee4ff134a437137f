"""What is stored in the vault: every key once, for good. Whatever was put over it is a fault."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from shared.domain.evidence import ObjectVersion


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version of an object in the vault; a delete marker hides the object and has no bytes."""

    version: ObjectVersion
    stored_at: datetime
    is_marker: bool = False


def first_versions(found: Iterable[StoredVersion]) -> dict[str, ObjectVersion]:
    """The true version of each key: that which was stored first. *found* has the oldest first."""
    first: dict[str, ObjectVersion] = {}
    for one in found:
        if not one.is_marker:
            first.setdefault(one.version.key, one.version)
    return first


def put_over(found: Iterable[StoredVersion]) -> Iterator[str]:
    """What hides the true versions, or tries to pass for them. *found* has the oldest first."""
    seen = set()
    for one in found:
        key = one.version.key
        if one.is_marker:
            yield f"a delete marker was put over {key}"
        elif key in seen:
            yield f"version {one.version.version_id} was put over {key}"
        seen.add(key)
