"""Canonical JSON: a value has exactly one spelling (RFC 8785)."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.canonical import Json, as_json, canonical, flat, moment, parsed, sha256
from testing.builders import NOW, a_session, a_sheet, an_attendee

# What our documents hold: field names in ASCII, texts of any letters, whole numbers.
NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=126))
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXTS,
    lambda part: st.lists(part) | st.dictionaries(NAMES, part),
    max_leaves=20,
)


@given(DOCUMENTS)
def test_canonical_writes_as_rfc_8785(document: Json) -> None:
    """Any other implementation of the standard gives the same bytes."""
    assert canonical(document) == rfc8785.dumps(document)


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 5000, '{"a":' * 150_000, "1" + "0" * 5000, b"\xff"]
)
def test_no_text_breaks_its_reader(text: str | bytes) -> None:
    """Also one that is nested without end is only refused, as whatever is no JSON."""
    with pytest.raises(ValueError):  # noqa: PT011 - each is worded otherwise
        parsed(text)


def test_sha256_is_that_of_the_command_line() -> None:
    """The hash is what sha256sum prints."""
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@dataclass
class Nested:
    """A value of each kind."""

    plain_name: str
    is_there: bool
    number: int
    day: date
    moment: datetime
    nothing: str | None = None
    inner: "Nested | None" = None


def test_as_json_speaks_camel_case_and_leaves_out_nothing() -> None:
    """Names as in the API, days as days, moments in UTC to the microsecond."""
    moment = datetime(2026, 3, 10, 16, 10, tzinfo=timezone(timedelta(hours=1)))
    inner = Nested("ä", is_there=False, number=0, day=date(2026, 3, 1), moment=NOW)
    value = Nested("x", is_there=True, number=3, day=date(2026, 3, 10), moment=moment, inner=inner)

    assert as_json(value) == {
        "plainName": "x",
        "isThere": True,
        "number": 3,
        "day": "2026-03-10",
        "moment": "2026-03-10T15:10:00.000000Z",
        "inner": {
            "plainName": "ä",
            "isThere": False,
            "number": 0,
            "day": "2026-03-01",
            "moment": "2026-03-10T15:10:00.000000Z",
        },
    }


@given(st.datetimes(timezones=st.timezones()))
def test_as_json_writes_one_moment_in_one_way(at: datetime) -> None:
    """The same moment in any time zone is written in the same way, in UTC."""
    if datetime(2, 1, 1, tzinfo=UTC) < at < datetime(9998, 1, 1, tzinfo=UTC):
        assert as_json(at) == as_json(at.astimezone(UTC))


@pytest.fixture
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this process run where the clock is nine hours ahead of UTC."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("tokyo")
def test_moment_is_utc_wherever_the_machine_is() -> None:
    """What was signed in one region is computed again in another."""
    assert moment(datetime(2026, 3, 10, 15, 10, tzinfo=UTC)) == "2026-03-10T15:10:00.000000Z"


@pytest.mark.parametrize("value", [1.5, b"bytes", {1, 2}])
def test_as_json_refuses_what_has_no_canonical_form(value: object) -> None:
    """A value that another program might write differently is refused."""
    with pytest.raises(TypeError, match="no canonical form"):
        as_json(value)


@pytest.mark.parametrize("value", [a_session(), an_attendee(), a_sheet()])
def test_as_json_can_be_hashed(value: object) -> None:
    """Everything that is ever put into an entry has a canonical form."""
    assert canonical(as_json(value)).startswith(b"{")


def test_flat_names_values_by_their_path() -> None:
    """One level, dotted, lists as they are."""
    document: Json = {"a": {"b": {"c": 1}}, "d": [1, 2], "e": {}}

    assert flat(document) == {"a.b.c": 1, "d": [1, 2]}
