"""
The folder of a session's seal: it holds one seal for good, each part of it stored once.

Whatever else lies there was put there to hide the seal or to pass for it, and is a fault. A seal of
the first release lies one folder deeper, in that of its finalization.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.evidence import ObjectVersion
from shared.domain.stored_versions import StoredVersion, first_versions, put_over

# Those of "seals/<sessionId>/".
_SLASHES = 2


class SealPart(StrEnum):
    """The parts of a seal, by their names in its folder."""

    MANIFEST = "manifest.json"
    SIGNATURE = "manifest.sig"
    TRAIL_SIGNATURE = "trail.sig"
    PUBLIC_KEY = "public-key.pem"
    SUMMARY = "summary.pdf"
    SUMMARY_SIGNATURE = "summary.sig"


@dataclass(frozen=True, slots=True)
class SealFolder:
    """
    Where the one seal of a session lies, or will lie. *parts* are those that are stored, in the
    version that was stored first; *faults* say what else is there.
    """

    path: str
    parts: Mapping[SealPart, ObjectVersion]
    faults: tuple[str, ...]

    @property
    def must_be_registered(self) -> bool:
        """
        True once the seal is complete, because the register comes first. The first release knew no
        register, and its seals lie in the folder of their finalization.
        """
        return SealPart.TRAIL_SIGNATURE in self.parts and self.path.count("/") == _SLASHES

    def key(self, part: SealPart) -> str:
        """The key of a part, stored or not."""
        return f"{self.path}{part}"


def seal_folder(root: str, found: Sequence[StoredVersion]) -> SealFolder:
    """
    The seal among all that is stored under *root*, which ends with a slash; the versions of a key
    come oldest first. If there are several seals, the true one is the one that was there first.
    """
    path = _path_of_the_seal(root, found)
    belonging = [one for one in found if _belongs(path, one)]
    parts = {SealPart(_name(key)): first for key, first in first_versions(belonging).items()}
    return SealFolder(path, parts, (*put_over(belonging), *_strays(path, found)))


def _path_of_the_seal(root: str, found: Sequence[StoredVersion]) -> str:
    manifests = (
        one
        for one in found
        if _name(one.version.key) == SealPart.MANIFEST
        and not one.is_marker
        and _is_place_of_a_seal(root, _folder(one.version.key))
    )
    first = min(manifests, key=lambda one: one.stored_at, default=None)
    return root if first is None else _folder(first.version.key)


def _is_place_of_a_seal(root: str, folder: str) -> bool:
    """The folder itself, or for the first release one below it."""
    return folder.removeprefix(root).count("/") <= 1


def _strays(path: str, found: Sequence[StoredVersion]) -> Iterator[str]:
    """What does not belong to the seal: other seals by their folder, all else by its key."""
    keys = dict.fromkeys(one.version.key for one in found if not _belongs(path, one))
    others = dict.fromkeys(_folder(key) for key in keys if _name(key) == SealPart.MANIFEST)
    yield from (f"a second seal lies in {folder}" for folder in others)
    yield from (f"{key} does not belong there" for key in keys if _folder(key) not in others)


def _belongs(path: str, one: StoredVersion) -> bool:
    return _folder(one.version.key) == path and _name(one.version.key) in set(SealPart)


def _folder(key: str) -> str:
    return key[: key.rfind("/") + 1]


def _name(key: str) -> str:
    return key[key.rfind("/") + 1 :]
