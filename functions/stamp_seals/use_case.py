"""Having an object of the vault time-stamped by an authority outside of the company."""

from typing import Protocol

from shared.application.ports.parts import WithAuthority, WithVault


class StampSealPorts(WithVault, WithAuthority, Protocol):
    """The ports of stamping; only stamps are written."""


class NothingToStamp(Exception):
    """The object is gone, or no authority is named."""


def stamp_seal(key: str, ports: StampSealPorts) -> bool:
    """
    Store a time stamp of the object beside it, kept as long as the object is; say if it is new.

    Raises:
        ServiceUnavailable: The authority is away.
        StampRefused: Its answer is not the stamp that was asked for, and is not kept.
        NothingToStamp: There is no such object, or no authority.
    """
    content, until = ports.vault.read(key), ports.vault.kept_until(key)
    if content is None or until is None or ports.authority is None:
        raise NothingToStamp(key)
    stamp = ports.authority.stamp(content)
    return ports.vault.put_once(
        ports.vault.stamp_key(key), stamp, "application/timestamp-reply", until
    )
