"""
Time zones by their IANA names.

Names and rules come from the package tzdata alone, so that they are the same on every machine,
whatever files its operating system has.
"""

from datetime import UTC, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

# A name of the database that stands for a clock nobody has set.
_NO_PLACE = {"Factory"}


@cache
def zone_names() -> frozenset[str]:
    """The names that may be used."""
    return frozenset(files("tzdata").joinpath("zones").read_text().split()) - _NO_PLACE


@cache
def zone(name: str | None) -> tzinfo:
    """
    The zone of that name. UTC if there is none: the first release took names that depended on the
    machine, and its records have no zone.
    """
    if name is None or name not in zone_names():
        return UTC
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)
