"""The witness in tests follows every table, unless a test says otherwise."""

from shared.domain.tampering import Table
from shared.domain.watch import Followed


class FakeWatch:
    """The `Watch` port."""

    def __init__(self) -> None:
        self.streams = {table: f"stream of {table}" for table in Table}
        self.failure: Exception | None = None

    def followed(self) -> list[Followed]:
        """Implement the port."""
        if self.failure is not None:
            raise self.failure
        return [Followed(table, name, f"stream of {table}") for table, name in self.streams.items()]
