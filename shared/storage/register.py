"""What is sealed and what was reported, by the names of objects in the vault."""

from collections.abc import Iterable, Iterator
from datetime import date

from shared.application.ports.vault import Vault
from shared.domain.stored_versions import StoredVersion


class SealRegister:
    """Implements the `Register` port."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def sealed_on(self, day: date) -> Iterator[str]:
        # Versions, because a delete marker hides a name from any other listing.
        yield from _last_names(
            one.version.key for one in self._vault.versions(f"sealed/{day:%Y/%m/%d}/")
        )

    def sealed(self) -> Iterator[str]:
        return _last_names(folder.rstrip("/") for folder in self._vault.folders("seals/"))

    def recorded(self) -> Iterator[str]:
        return _last_names(folder.rstrip("/") for folder in self._vault.folders("witness/records/"))

    def reports(self) -> list[StoredVersion]:
        return self._vault.versions("reports/")


def _last_names(keys: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys(key.rpartition("/")[2] for key in keys))
