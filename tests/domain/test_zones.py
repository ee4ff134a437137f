"""Time zones come from one package, on whatever machine."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.days import local
from shared.domain.zones import zone, zone_names


def test_every_name_has_rules() -> None:
    """What may be chosen can be reckoned with."""
    found = {str(zone(name)) for name in zone_names()}

    assert found == zone_names()


@pytest.mark.parametrize("name", [None, "localtime", "posix/Europe/Berlin", "Factory", "../UTC"])
def test_no_zone_is_utc(name: str | None) -> None:
    """What the first release stored can be shown and corrected."""
    assert zone(name) is UTC


def test_zone_knows_when_its_clocks_change() -> None:
    """Berlin has summer time until the last Sunday of October."""
    night = datetime(2026, 10, 24, 22, tzinfo=UTC)

    offsets = [
        (night + timedelta(hours=h)).astimezone(zone("Europe/Berlin")).utcoffset() for h in (0, 4)
    ]

    assert offsets == [timedelta(hours=2), timedelta(hours=1)]


def test_moment_that_a_clock_cannot_show_stays_as_it_is() -> None:
    """The first release took the last moments of the year 9999."""
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)

    assert local(last, "Asia/Jakarta") == last
