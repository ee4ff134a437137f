"""The kinds of fields that bodies and paths share."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.contracts.fields import Cuid, Identifier, RosterCuid, Timezone, path_cuid, path_id
from shared.domain.errors import InvalidRequest

# ECMAScript's WhiteSpace and LineTerminator, one by one, as the specification lists them.
JS_SPACES = (
    "\u0009\u000a\u000b\u000c\u000d\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)


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
    """Whatever the characters, an id is taken here if and only if Zod takes it."""
    assert takes(Cuid, text) is zod_takes(text)


@pytest.mark.parametrize("space", JS_SPACES)
def test_cuid_has_no_javascript_white_space(space: str) -> None:
    """Python's white space is another set, so JavaScript's is written out."""
    assert not takes(Cuid, f"c1234567{space}89")
    assert not takes(Cuid, f"c123456789{space}")


@pytest.mark.parametrize(("length", "taken"), [(9, True), (255, True), (256, False)])
def test_cuid_on_a_roster_fits_a_key(length: int, taken: bool) -> None:
    """An enrolled person's id is part of keys, which have bounds; a mark's id is only looked up."""
    assert takes(RosterCuid, "c" * length) is taken
    assert takes(Cuid, "c" * length)


def test_cuid_on_a_roster_fits_a_key_in_any_script() -> None:
    """A key's bound is in bytes, of which some letters take four."""
    assert takes(RosterCuid, "c" + "\u9ad8" * 254)
    assert not takes(RosterCuid, "c" + "\U0001f9d7" * 254)


@given(st.text())
def test_path_id_is_taken_as_it_is_or_refused(text: str) -> None:
    """What passes is plain, and nothing is corrected on the way."""
    try:
        passed = path_id("sessionId", text)
    except InvalidRequest:
        return
    assert passed == text
    assert text.isascii()
    assert 1 <= len(text) <= 64
    assert not set(text) & set("/\\.%?#&= \n")


@pytest.mark.parametrize("text", ["a", "0", "working-at-height_2026", "A" * 64])
def test_path_id_takes_what_others_name_sessions(text: str) -> None:
    """Slugs, numbers and UUIDs are all ids."""
    assert path_id("sessionId", text) == text
    assert takes(Identifier, text)


@pytest.mark.parametrize("text", ["", "-a", "_a", "a b", "a/b", "a.b", "ä", "a\n", "A" * 65])
def test_path_id_refuses_the_same_as_a_body(text: str) -> None:
    """An id that cannot be asked for cannot be registered either."""
    with pytest.raises(InvalidRequest, match="courseId"):
        path_id("courseId", text)
    assert not takes(Identifier, text)


@pytest.mark.parametrize("text", ["c12345678", "cm3aehuybwkxusi4jqjxv3rhk", "C" * 255])
def test_path_cuid_takes_whoever_can_be_enrolled(text: str) -> None:
    """People are asked for by the id they are enrolled under."""
    assert path_cuid("personnelId", text) == text


@pytest.mark.parametrize(
    "text", ["", "c1234567", "k12345678", "c1234-5678", "c" * 256, "c12345678\n"]
)
def test_path_cuid_refuses_whoever_cannot_be_enrolled(text: str) -> None:
    """Nobody can have such an id, so there is nothing to look up."""
    with pytest.raises(InvalidRequest, match="personnelId"):
        path_cuid("personnelId", text)


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "UTC", "Asia/Kathmandu", "America/Argentina/Ushuaia"]
)
def test_timezone_is_a_name_of_the_database(name: str) -> None:
    """The packaged database is used, so that every machine knows the same names."""
    assert takes(Timezone, name)


@pytest.mark.parametrize(
    "name", ["", "Berlin", "+01:00", "CEST", "/etc/passwd", "../UTC", "Europe", "x" * 65, "a\0b"]
)
def test_timezone_refuses_what_is_no_name(name: str) -> None:
    """A path, an offset or half a name is no time zone."""
    assert not takes(Timezone, name)
