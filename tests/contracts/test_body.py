"""Reading request bodies."""

import pytest
from pydantic import Field

from shared.contracts.body import Body, parse
from shared.domain.errors import InvalidRequest


class Inner(Body):
    """A part of a body with odd names."""

    odd_name: int = Field(alias="a/b~c")


class Outer(Body):
    """A body with a part."""

    two_words: str
    is_set: bool
    parts: tuple[Inner, ...] = ()


def pointers(text: str | bytes | None) -> list[str]:
    """Return the pointers to all faults of a body."""
    with pytest.raises(InvalidRequest) as refusal:
        parse(Outer, text)
    return [fault.pointer for fault in refusal.value.errors]


@pytest.mark.parametrize(
    "text", ['{"twoWords": "x", "isSet": true}', b'{"twoWords":"x","isSet":true}']
)
def test_body_is_read_by_its_names_in_camel_case(text: str | bytes) -> None:
    """Text and bytes are read alike."""
    body = parse(Outer, text)

    assert (body.two_words, body.is_set, body.parts) == ("x", True, ())


def test_body_ignores_keys_it_does_not_know() -> None:
    """Zod's object ignores them too; a name in snake case is an unknown key."""
    body = parse(Outer, '{"twoWords": "x", "isSet": true, "two_words": "y", "more": null}')

    assert body.two_words == "x"


@pytest.mark.parametrize("text", [None, "", b"", "{", "[]", "null", '"x"', "1", b"\xff"])
def test_body_that_is_no_object_is_refused_as_a_whole(text: str | bytes | None) -> None:
    """The pointer to the whole document is the empty one (RFC 6901)."""
    assert pointers(text) == [""]


def test_body_names_every_fault_with_its_place() -> None:
    """A client can correct all faults after one answer."""
    assert pointers('{"isSet": "true", "parts": [{"a/b~c": 1}, {}]}') == [
        "/twoWords",
        "/isSet",
        "/parts/1/a~1b~0c",
    ]


@pytest.mark.parametrize("value", ['"true"', "1", "0", "null", '""', "[]"])
def test_body_takes_only_booleans_for_booleans(value: str) -> None:
    """Nothing that looks like a boolean is taken for one."""
    assert pointers(f'{{"twoWords": "x", "isSet": {value}}}') == ["/isSet"]


@pytest.mark.parametrize("value", ["1", "true", "null", "[]"])
def test_body_takes_only_texts_for_texts(value: str) -> None:
    """A number is not taken for a name."""
    assert pointers(f'{{"twoWords": {value}, "isSet": true}}') == ["/twoWords"]


def test_body_refusal_says_what_to_do() -> None:
    """The text says that nothing happened and what to do next."""
    with pytest.raises(InvalidRequest, match=r"Nothing was saved. Correct the fields"):
        parse(Outer, "{}")
