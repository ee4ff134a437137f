"""Reading the time stamp of an object of the vault."""

from datetime import datetime

from shared.application.ports.time_stamps import TimeStampAuthority
from shared.application.ports.vault import Vault
from shared.domain.stored_versions import first_versions, put_over
from shared.domain.time_stamp import StampRefused


def stamp_of(key: str, vault: Vault) -> bytes | None:
    """The stamp of the object under *key* that was stored first; None if there is none."""
    stamp = vault.stamp_key(key)
    first = first_versions(vault.versions(stamp)).get(stamp)
    return vault.read_version(first) if first else None


def stamped_at(
    key: str, sha256_hex: str, vault: Vault, authority: TimeStampAuthority
) -> datetime | StampRefused | None:
    """
    The time that the stamp of the object under *key* gives, or why it gives none, or None if there
    is none. Whatever was put over a stamp is a reason: it would hide how old the object is.
    """
    stamp = vault.stamp_key(key)
    found = [one for one in vault.versions(stamp) if one.version.key == stamp]
    for fault in put_over(found):
        return StampRefused(fault)
    if not found:
        return None
    try:
        return authority.time_of(vault.read_version(found[0].version), sha256_hex)
    except StampRefused as refused:
        return refused
