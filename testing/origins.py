"""Origins in tests: every function has the same key, unless a test says otherwise."""

from shared.domain.origin import origin_of

KEY = b"the key of every function"


def an_origin(sha256: str) -> str:
    """Return the origin of the entry with this SHA-256."""
    return origin_of(sha256, KEY)


class FakeOriginKeys:
    """The `OriginKeys` port."""

    def of(self, function: str) -> bytes:  # noqa: ARG002 - all have the same
        """Implement the port."""
        return KEY
