"""The kinds of fields that bodies share."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.contracts.fields import Cuid, Identifier, Line, Moment, RosterCuid, Timezone
from shared.contracts.path import ids_of

# ECMAScript's WhiteSpace and LineTerminator, one by one, as the specification lists them.
JS_SPACES = (
    "\u0009\u000a\u000b\u000c\u000d\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)


PERSON = ids_of("/personnel/<personnel_id>")["personnel_id"]


def takes(kind: object, value: object) -> bool:
    """Tell whether a field of this kind takes a value."""
    try:
        TypeAdapter(kind).validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def zod_takes(text: str) -> bool:
    r"""Zod's cuid(), ``/^c[^\s-]{8,}$/i``, spelled out without any regular expression."""
    rest = text[1:]
    return text[:1] in {"c", "C"} and len(rest) >= 8 and not set(rest) & {*JS_SPACES, "-"}


@given(st.from_regex(re.compile(r"[cCkK].{6,10}", re.DOTALL), fullmatch=True))
@example("c1234\x855678")
@example("c1234\x1c5678")
@example("c1234\u180e5678")
@example("c1234567\n")
def test_cuid_is_what_zod_says(text: str) -> None:
    """Of any string, an id is taken here exactly if Zod takes it."""
    assert takes(Cuid, text) is zod_takes(text)


@pytest.mark.parametrize("space", JS_SPACES)
def test_cuid_has_no_javascript_white_space(space: str) -> None:
    """Python's white space is another set, so JavaScript's is listed."""
    assert not takes(Cuid, f"c1234567{space}89")
    assert not takes(Cuid, f"c123456789{space}")


@pytest.mark.parametrize(("length", "taken"), [(9, True), (255, True), (256, False)])
def test_cuid_on_a_roster_fits_a_key(length: int, taken: bool) -> None:
    """
    The id of an enrolled person is part of keys, which have a limit; a mark's is
    only looked up.
    """
    assert takes(RosterCuid, "c" * length) is taken
    assert takes(Cuid, "c" * length)


@pytest.mark.parametrize("id_", ["cm3aehuybwkxusi4jqjxv3rhk", "Cabcdefgh", "c1234567.~_"])
def test_cuid_on_a_roster_can_be_asked_for(id_: str) -> None:
    """Whoever is enrolled has an address of their own, and it takes the same ids."""
    assert takes(RosterCuid, id_)
    assert PERSON.is_valid(id_)


@pytest.mark.parametrize(
    "letter", [*"/\"#?\\%+&=;:@!$'()*,[]<>|^`{}", "\0", "\u200b", "Ä", "高", "\U0001f600"]
)
def test_cuid_on_a_roster_has_no_letter_that_an_address_changes(letter: str) -> None:
    """Zod takes it, but the person could not be asked about, or somebody else would be found."""
    id_ = f"cabc{letter}defghij"

    assert takes(Cuid, id_)
    assert not takes(RosterCuid, id_)
    assert not PERSON.is_valid(id_)


@pytest.mark.parametrize(("length", "taken"), [(1, True), (300, True), (301, False)])
def test_line_is_a_name_of_some_length(length: int, taken: bool) -> None:
    """It fits a list, and says something."""
    assert takes(Line, "x" * length) is taken


@pytest.mark.parametrize("text", ["", "\u200b", "\u3164", "A\0B", "A\nB", "\u2028"])
def test_line_is_a_name_that_shows(text: str) -> None:
    """What nobody can see or say is no name."""
    assert not takes(Line, text)


@pytest.mark.parametrize("text", ["a", "0", "working-at-height_2026", "A" * 64])
def test_identifier_takes_what_others_name_sessions(text: str) -> None:
    """Slugs, numbers and UUIDs are all ids."""
    assert takes(Identifier, text)


@pytest.mark.parametrize("text", ["", "-a", "_a", "a b", "a/b", "a.b", "ä", "a\n", "A" * 65])
def test_identifier_is_what_can_be_asked_for(text: str) -> None:
    """An id that cannot be part of an address cannot be registered either."""
    assert not takes(Identifier, text)


ZONES = ["Europe/Berlin", "UTC", "Asia/Kathmandu", "America/Argentina/Ushuaia", "US/Pacific"]


@pytest.mark.parametrize("name", [*ZONES, "America/Coyhaique"])
def test_timezone_is_a_name_of_the_database(name: str) -> None:
    """The names come from a package, so they are the same on every machine."""
    assert takes(Timezone, name)


@pytest.mark.parametrize(
    "name",
    [
        *("", "Berlin", "+01:00", "CEST", "/etc/passwd", "../UTC", "Europe", "x" * 65, "a\0b"),
        # Files that an operating system may have beside the zones.
        *("localtime", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin", "Factory"),
        *("tzdata.zi", "zone.tab", "europe/berlin", "Europe/Berlin ", "__init__.py"),
    ],
)
def test_timezone_refuses_what_is_no_name(name: str) -> None:
    """A path, an offset, half a name or a file that is no zone is no time zone."""
    assert not takes(Timezone, name)


MOMENTS = {
    "2026-01-31T08:00:00Z": datetime(2026, 1, 31, 8, tzinfo=UTC),
    "2026-01-31T08:00Z": datetime(2026, 1, 31, 8, tzinfo=UTC),
    "2026-01-31T08:00:00.25+01:00": datetime(2026, 1, 31, 7, 0, 0, 250_000, tzinfo=UTC),
    "2026-01-31T08:00:00.123456789Z": datetime(2026, 1, 31, 8, 0, 0, 123_456, tzinfo=UTC),
    "2026-01-31T08:00:00-0330": datetime(2026, 1, 31, 11, 30, tzinfo=UTC),
    "2026-01-31T08:00:00+05": datetime(2026, 1, 31, 3, tzinfo=UTC),
    "1970-01-01T00:00:00Z": datetime(1970, 1, 1, tzinfo=UTC),
    "1969-12-31T16:00:00-08:00": datetime(1970, 1, 1, tzinfo=UTC),
    "2200-12-31T23:59:59.999999Z": datetime(2200, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
}


@pytest.mark.parametrize(("text", "moment"), MOMENTS.items())
def test_moment_is_iso_8601_with_an_offset(text: str, moment: datetime) -> None:
    """Date, time and offset are written out; the years are those for which there is training."""
    assert TypeAdapter(Moment).validate_python(text, strict=True) == moment


@pytest.mark.parametrize(
    "value",
    [
        # Numbers, which would be days of 1970.
        *("20260131", "1783000000", "1783000000000", "2026", "0", 1783000000, 1.5, True),
        # Half a moment, or one without an offset.
        *("", "2026-01-31", "2026-01", "08:00:00Z", "2026-01-31T08:00:00", "2026-01-31TZ"),
        # Not as in ISO 8601, or in one of its rarer forms.
        *("2026-01-31 08:00:00Z", "2026-01-31T08Z", "2026-1-31T08:00:00Z", "31.01.2026T08:00Z"),
        *("20260131T080000Z", "2026-W05-6T08:00:00Z", "2026-01-31T08:00:00 Z"),
        *(" 2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z\n", "\uff12026-01-31T08:00:00Z"),
        *("+2026-01-31T08:00:00Z", "12026-01-31T08:00:00Z"),
        # What no calendar and no clock shows.
        *("2026-02-30T08:00:00Z", "2026-13-01T08:00:00Z", "2026-01-31T24:00:00Z"),
        *("2026-01-31T08:60:00Z", "2026-01-31T08:00:60Z", "2026-01-31T08:00:00+24:00"),
        "2026-01-31T08:00:00+01:60",
        # Years from which something might be computed that cannot be written.
        *("1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "0001-01-01T00:00:00+14:00"),
        *("2201-01-01T00:00:00Z", "2200-12-31T23:59:59-00:01", "9999-12-31T23:59:59-12:00"),
        *("0000-01-01T00:00:00Z", None, [], {}),
    ],
)
def test_moment_refuses_what_is_no_moment(value: object) -> None:
    """What might be read as another day than was meant is refused."""
    assert not takes(Moment, value)
